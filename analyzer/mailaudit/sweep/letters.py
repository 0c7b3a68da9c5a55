# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters about what a sweep does: queued in the transaction that records it, or nothing is done."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from mailaudit.directory.listing import Listing
from mailaudit.directory.office import Office
from mailaudit.notices import outbox
from mailaudit.notices.matter import Matter
from mailaudit.notices.notice import Notice
from mailaudit.notices.recipients import People
from mailaudit.notices.steps import matter_of, reviews
from mailaudit.notices.writer import Writer
from mailpolicy.clocks.step import Step
from mailpolicy.officetime import office_day


class Letters:
    """An office's letters; with no [audit.notices] in its site file there are none."""

    def __init__(self, office: Office, listing: Listing) -> None:
        """Raises BadFile with every mistake in the office's own templates."""
        settings = office.audit.notices
        self._writer = Writer(office.site, settings, office.file) if settings else None
        self._people = People(listing, settings.approver if settings else None)

    @property
    def can_tell(self) -> bool:
        """Whether anybody can be told anything."""
        return self._writer is not None

    def of_step(self, step: Step, time: datetime) -> list[Notice]:
        """Return the letters about a step that is carried out now."""
        matter = matter_of(step, office_day(time))
        return self.of(matter, time) if matter else []

    def of_reviews(self, steps: Iterable[Step], time: datetime) -> list[Notice]:
        """Return the units' lists of mailboxes to review."""
        return [one for matter in reviews(steps, office_day(time)) for one in self.of(matter, time)]

    def of(self, matter: Matter, time: datetime) -> list[Notice]:
        """Return the letters about a matter; none if nobody can be told."""
        return self._writer.notices(matter, self._people, time) if self._writer else []


def queue(connection: sa.Connection, letters: Iterable[Notice], time: datetime) -> int:
    """Queue letters in a transaction; return how many were not there before."""
    return sum(outbox.queue(connection, letter, time) for letter in letters)
