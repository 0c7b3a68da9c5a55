# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters about what a sweep does: queued in the transaction that records it, or nothing is done."""

import contextlib
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from mailaudit.directory.listing import Listing
from mailaudit.directory.office import Office
from mailaudit.notices import outbox
from mailaudit.notices.matter import Matter
from mailaudit.notices.notice import Notice
from mailaudit.notices.recipients import People
from mailaudit.notices.steps import matter_of, reviews
from mailaudit.notices.writer import Writer
from mailaudit.record.operator import now
from mailaudit.sweep.here import Here
from mailaudit.sweep.show import show
from mailpolicy.clocks.step import Step
from mailpolicy.files.problems import BadFile, Problem
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


def mail_plan(here: Here, values: Mapping[str, Any], day: date) -> bool:
    """Queue the letter that brings the approver a plan, as people are shown it; False if he has it already.

    Raises BadFile if the site file names no approver.
    """
    settings = here.office.audit.notices if here.office else None
    if here.office is None or settings is None or settings.approver is None:
        file = str(here.office.file) if here.office else "--to-approver"
        expected = "the address of who approves plans"
        raise BadFile([Problem(file, "audit.notices.approver", "missing", expected)])
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        show(values)
    time = now()
    letter = Writer(here.office.site, settings, here.office.file).plan_mail(shown.getvalue(), day, time)
    with here.store.recording() as connection:
        return outbox.queue(connection, letter, time)


def queue(connection: sa.Connection, letters: Iterable[Notice], time: datetime) -> int:
    """Queue letters in a transaction; return how many were not there before."""
    return sum(outbox.queue(connection, letter, time) for letter in letters)
