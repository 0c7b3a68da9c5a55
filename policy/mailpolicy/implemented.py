# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the code by which a duty is met exists yet: looked up, so that no list of it can be out of date."""

from collections.abc import Mapping
from importlib.machinery import PathFinder
from types import MappingProxyType

from mailpolicy.lifecycle import CLOCKS
from mailpolicy.regulation import How
from mailpolicy.rules import CODES

FROM_LOGS: Mapping[str, str] = MappingProxyType(
    {"auto-forward": "mailaudit.violations.forwards", "checking-habits": "mailaudit.habits.habits"}
)
"""Duties without a term, and so without a clock, that a module of mailaudit sweeps the logs for."""


def exists(code: str, how: How) -> bool:
    """Whether a duty is met this way: by a rule, a clock, or a module of mailaudit."""
    if how is How.ENFORCE:
        return code in CODES
    if how is How.SWEEP:
        return code in CLOCKS or (code in FROM_LOGS and _module_exists(FROM_LOGS[code]))
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
