# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the code by which a duty is met exists yet: looked up, so that no list of it can be out of date."""

from importlib.machinery import PathFinder

from mailpolicy.lifecycle import CLOCKS
from mailpolicy.regulation import How
from mailpolicy.rules import CODES


def exists(code: str, how: How) -> bool:
    """Whether a duty is met this way: by a rule, a clock, or a module of mailaudit named after it."""
    if how is How.ENFORCE:
        return code in CODES
    if how is How.SWEEP:
        return code in CLOCKS
    package = "reports" if how is How.REPORT else "provision"
    return _module_exists(f"mailaudit.{package}.{code.replace('-', '_')}")


def _module_exists(name: str) -> bool:
    """Find a module without importing it or what it lies in; mailaudit need not be installed."""
    where: list[str] | None = None
    path = name.split(".")
    for depth in range(1, len(path) + 1):
        spec = PathFinder.find_spec(".".join(path[:depth]), where)
        if spec is None:
            return False
        where = spec.submodule_search_locations
    return True
