# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command of one of the programs can be given, for tests that hold its page to it."""

from typing import Any


def arguments_and_options(command: Any) -> set[str]:
    """The command's options as they are typed, and its arguments as --help calls them."""
    return {
        name
        for parameter in command.params
        for name in (parameter.opts if parameter.param_type_name == "option" else [parameter.metavar])
    }
