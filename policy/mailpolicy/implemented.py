# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the code by which a duty is met exists yet: looked up, so that no list of it can be out of date."""

from collections.abc import Mapping
from importlib.machinery import PathFinder
from types import MappingProxyType

from mailpolicy.lifecycle import CLOCKS
from mailpolicy.regulation import How
from mailpolicy.rules import CODES

_FINDINGS, _DUTIES, _SIGNS = (
    "mailaudit.reports.gatefindings",  # what the gate found, by duty
    "mailaudit.reports.dutytables",  # what was done with mailboxes, and why
    "mailaudit.signs.find",
)
BY_MAILAUDIT: Mapping[How, Mapping[str, str]] = MappingProxyType(
    {
        # Duties without a term, and so without a clock.
        How.SWEEP: {
            "auto-forward": "mailaudit.violations.forwards",
            "checking-habits": "mailaudit.habits.habits",
            "mailbox-sharing": _SIGNS,
            "spam-spreading": _SIGNS,
        },
        How.REPORT: {
            **dict.fromkeys(
                ("spam-report", "sender-domain", "unicode", "online-registration", "digital-signature"),
                _FINDINGS,
            ),
            **dict.fromkeys(("inactivity", "leavers", "violations"), _DUTIES),
            "checking-habits": "mailaudit.habits.habits",
            "acknowledgement": "mailaudit.acknowledgement.measure",
            "no-deletion": "mailaudit.violations.deletions",
            "usage-report": "mailaudit.reports.build",
            "delegated-administration": "mailaudit.reports.gather",  # the report of one unit
            "directory": "mailaudit.directory.check",
            "mailbox-sharing": _SIGNS,
            "spam-spreading": _SIGNS,
        },
        How.PROVISION: {
            "address-format": "mailaudit.directory.check",
            "directory": "mailaudit.directory.check",
        },
    }
)
"""The module of mailaudit by which a duty is swept for, reported or provisioned for, where one is."""


def exists(code: str, how: How) -> bool:
    """Whether a duty is met this way: by a rule, a clock, or a module of mailaudit."""
    if how is How.ENFORCE:
        return code in CODES
    module = BY_MAILAUDIT[how].get(code, "")
    return (how is How.SWEEP and code in CLOCKS) or (bool(module) and _module_exists(module))


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
