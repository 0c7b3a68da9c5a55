# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the mail to agencies' and units' mailboxes was answered, and after how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis

from mailaudit.acknowledgement.letters import WITHIN, letters
from mailaudit.activity import normalise_mailbox
from mailaudit.coverage.grounds import Grounds, grounds
from mailaudit.engine import Engine
from mailaudit.factsengine import facts_engine, facts_of
from mailaudit.logs.functions import Expression
from mailaudit.store import Store
from mailaudit.usage.people import NO_UNIT, logins
from mailaudit.usage.period import Period
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.regulation import Duty
from mailpolicy.site import Site

CODE = "acknowledgement"
UNITS = (Kind.UNIT, Kind.AGENCY)


@dataclass(frozen=True, slots=True)
class Answers:
    """Of messages that `came`, `outside` from domains that are not official, so many were `answered`.

    `open` are those without an answer yet whose seven days are not over, or not covered by logs. `median` is
    the time to the answer of half of those answered, None if none was.
    """

    came: int = 0
    outside: int = 0
    answered: int = 0
    open: int = 0
    median: timedelta | None = None

    @property
    def share(self) -> float | None:
        """Answered of those that are not open, from 0 to 1; None if there are none."""
        return self.answered / (self.came - self.open) if self.came > self.open else None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Answers of each mailbox and of all; `duty` is None where the regulation does not ask for it."""

    duty: Duty | None
    mailboxes: Sequence[tuple[Mailbox, Answers]]
    total: Answers
    grounds: Grounds


def acknowledgement(
    store: Store, site: Site, mailboxes: Sequence[Mailbox], period: Period
) -> Acknowledgement:
    """Measure the mailboxes of units and agencies. Raises StoreError."""
    ours = sorted((one for one in mailboxes if one.kind in UNITS), key=lambda one: (one.unit, one.address))
    found: dict[str, Answers] = {}
    files = facts_of(store, period, WITHIN)
    if files and ours:
        engine = facts_engine(store, files, logins(mailboxes, UNITS))
        found = _measured(engine, letters(engine, period), site, _unknown(store, period))
    rows = [(one, found.get(normalise_mailbox(one.address), Answers())) for one in ours]
    return Acknowledgement(site.duty(CODE), rows, found.get("", Answers()), grounds(store, period))


def unit_of(mailbox: Mailbox) -> str:
    """Return whose it is."""
    return mailbox.unit or NO_UNIT


def _unknown(store: Store, period: Period) -> list[tuple[datetime, datetime]]:
    """The stretches after a period's begin in which an answer would be in no log."""
    covered = grounds(store, Period(period.first, period.last + WITHIN)).covered
    end = max((one.last for one in covered), default=datetime.min)  # noqa: DTZ901  then there are no files
    gaps = [(gap.begin, gap.end) for one in covered for gap in one.gaps]
    return [(a.replace(tzinfo=None), b.replace(tzinfo=None)) for a, b in [*gaps, (end, datetime.max)]]  # noqa: DTZ901


def _measured(
    engine: Engine, rows: Expression, site: Site, unknown: Iterable[tuple[datetime, datetime]]
) -> dict[str, Answers]:
    """The answers by mailbox, and of all by ""."""
    until = rows.time + ibis.interval(seconds=int(WITHIN.total_seconds()))
    in_gap = [(rows.time < ibis.literal(b)) & (until > ibis.literal(a)) for a, b in unknown]
    rows = rows.mutate(
        outside=~rows.domain.isin(sorted(site.domains)),
        open=rows.answered.isnull() & ibis.or_(*in_gap),
        wait=rows.answered.epoch_seconds() - rows.time.epoch_seconds(),
    )
    sums: dict[str, Any] = {
        "came": rows.count(),
        "outside": rows.outside.sum(),
        "answered": rows.answered.count(),
        "open": rows.open.sum(),
        "median": rows.wait.median(),
    }
    by_box = engine.rows(engine.query(rows.group_by("mailbox").aggregate(**sums)))
    [whole] = engine.rows(engine.query(rows.aggregate(**sums)))
    return {str(name): _answers(values) for name, *values in [*by_box, ("", *whole)]}


def _answers(values: Sequence[Any]) -> Answers:
    came, outside, answered, open_, median = values
    wait = None if median is None else timedelta(seconds=float(median))
    return Answers(came, int(outside or 0), answered, int(open_ or 0), wait)
