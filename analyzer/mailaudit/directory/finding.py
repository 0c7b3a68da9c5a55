# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a directory that can be read."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong."""

    UNIT = "unknown-unit"
    PARENT = "unknown-parent"
    HEAD = "unknown-head"
    MANAGER = "unknown-manager"
    DOMAIN = "foreign-domain"
    REASON = "unknown-reason"
    FORMAT = "address-format"
    DUPLICATE = "duplicate"
    NOT_LISTED = "not-listed"
    NEVER_USED = "never-used"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `at` is the mailbox or the unit, `said` tells what in words."""

    fault: Fault
    at: str
    said: str
