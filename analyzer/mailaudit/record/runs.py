# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes each time a plan was applied, and what the directory was like then."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from mailaudit.record.entries import microseconds, time_of
from mailaudit.store import Store
from mailaudit.store.record_tables import SWEEP_RUNS


@dataclass(frozen=True, slots=True)
class Run:
    """A plan was applied at `time`, for a unit or ("") for all, when so many mailboxes were in reach."""

    plan: str
    time: datetime
    by: str
    unit: str
    mailboxes: int


def note(store: Store, run: Run) -> None:
    """Note a run that begins."""
    with store.recording() as connection:
        values = asdict(run) | {"time": microseconds(run.time)}
        connection.execute(sa.insert(SWEEP_RUNS).values(values))


def last(store: Store, unit: str) -> Run | None:
    """Return the last run for this unit, None if there was none."""
    table = SWEEP_RUNS.c
    columns = (table.plan, table.time, table.by, table.unit, table.mailboxes)
    query = sa.select(*columns).where(table.unit == unit).order_by(table.number.desc()).limit(1)
    for plan, time, by, its_unit, mailboxes in store.rows(query):
        return Run(plan, time_of(time), by, its_unit, mailboxes)
    return None
