# SPDX-License-Identifier: GPL-3.0-or-later
"""Where programs print: in colour and in its width on a terminal, plain and never cut off anywhere else."""

from rich.console import Console

UNBOUNDED = 100_000  # columns: wider than any table gets, so that a reader by pipe has whole lines


def console(*, stderr: bool = False) -> Console:
    """Return a console on standard output or standard error; brackets and colons in text are only text."""
    here = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not here.is_terminal:
        here.width = UNBOUNDED
    return here
