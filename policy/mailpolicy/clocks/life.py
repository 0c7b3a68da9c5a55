# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is known of one mailbox on the day it is judged: what every clock goes by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.standing import NO_RECORD, Standing
from mailpolicy.clocks.step import Activity, Step
from mailpolicy.directory import Mailbox, Unit
from mailpolicy.ledger import Violation
from mailpolicy.regulation import Duty


@dataclass(frozen=True, slots=True)
class Life:
    """One mailbox with what logs, record, ledger and directory say of it.

    `violations` are those its user answers for, in any order. `unit` is the directory's, None where it lists
    none of that name.
    """

    mailbox: Mailbox
    today: date
    activity: Activity | None = None
    coverage: Coverage | None = None
    standing: Standing = NO_RECORD
    violations: Sequence[Violation] = ()
    unit: Unit | None = None


Clock = Callable[[Life, Duty], Step | None]
"""Judges a mailbox by a duty; None where nothing is due and nothing near."""
