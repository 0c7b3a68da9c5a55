# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report has to say: numbers and lists, computed once, of which every format is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailaudit.acknowledgement.measure import Acknowledgement
from mailaudit.activity import Activity
from mailaudit.coverage.grounds import Grounds
from mailaudit.habits.habits import Habits
from mailaudit.reports.gatefindings import Counted, Incident
from mailaudit.reports.span import Span
from mailaudit.summary import Lines
from mailaudit.usage.amounts import Amounts
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Step
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.site import Site


@dataclass(frozen=True, slots=True)
class Part:
    """A month or a week of the period: what was done in it, and how many mailboxes were used."""

    label: str
    amounts: Amounts
    active: int


@dataclass(frozen=True, slots=True)
class Contents:
    """A report of `unit` and the units below it, or ("") of all mailboxes, made on a day.

    `usage` is by address, `strangers` by names that are not in the directory, empty of a unit. `steps` are
    what the clock of idle mailboxes says on the day `as_of`, by address; None where no log shows logins.
    `entries` and `violations` are the period's. `habits` and `answers` are None where the regulation does not
    ask for them. `lines` are all that were ever read.
    """

    site: Site
    unit: str
    span: Span
    made_on: date
    as_of: date
    mailboxes: Sequence[Mailbox]
    usage: Mapping[str, Amounts]
    strangers: Mapping[str, Amounts]
    trend: Sequence[Part]
    last_uses: Mapping[str, Activity]
    steps: Mapping[str, Step] | None
    entries: Sequence[Entry]
    violations: Sequence[Violation]
    found: Sequence[Counted]
    incidents: Sequence[Incident]
    habits: Habits | None
    answers: Acknowledgement | None
    grounds: Grounds
    lines: Lines

    @property
    def kinds(self) -> Counter[Kind]:
        """How many mailboxes there are of each kind."""
        return Counter(box.kind for box in self.mailboxes)

    @property
    def created(self) -> list[Mailbox]:
        """The mailboxes that were made in the period, as far as the directory says."""
        return [box for box in self.mailboxes if self._in_period(box.created)]

    @property
    def left(self) -> list[Mailbox]:
        """Those whose person left in the period."""
        return [box for box in self.mailboxes if self._in_period(box.left_on)]

    @property
    def openable(self) -> list[Mailbox]:
        """The mailboxes that somebody can log in to: all but lists."""
        return [box for box in self.mailboxes if box.kind is not Kind.LIST]

    @property
    def unused(self) -> list[Mailbox]:
        """Those of them that no log shows in use in the period."""
        return [box for box in self.openable if not self.usage[box.address].days_active]

    @property
    def active(self) -> int:
        """How many of them were used."""
        return len(self.openable) - len(self.unused)

    def happened(self, *events: Event) -> list[Entry]:
        """Return what was recorded of these events in the period."""
        return [entry for entry in self.entries if entry.event in events]

    def _in_period(self, day: date | None) -> bool:
        return day is not None and self.span.days.first <= day <= self.span.days.last
