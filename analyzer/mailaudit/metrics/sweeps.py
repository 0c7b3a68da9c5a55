# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done with mailboxes, and what became of the letters about it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from prometheus_client.core import Metric

from mailaudit.metrics.families import counters, gauge, gauges
from mailaudit.notices.outbox import State
from mailaudit.store import Store
from mailaudit.store.notice_tables import NOTICES
from mailaudit.store.record_tables import RECORD, SWEEP_INTENTS, SWEEP_RUNS
from mailpolicy.clocks.record import Event


def sweep_metrics(store: Store) -> Iterator[Metric]:
    """Give what the store knows of sweeps and letters. Raises StoreError."""
    entries = dict.fromkeys(((event.value,) for event in Event), 0) | _counted(store, RECORD.c.event)
    yield counters("mailaudit_record_entries", "Entries in mailboxes' records.", ["event"], entries)
    [[unfinished]] = store.rows(sa.select(sa.func.count()).select_from(SWEEP_INTENTS))
    yield gauge("mailaudit_sweep_unfinished_steps", "Steps begun and not recorded.", unfinished)
    [[last]] = store.rows(sa.select(sa.func.max(SWEEP_RUNS.c.time)))
    yield gauge("mailaudit_sweep_last_run_timestamp_seconds", "When a sweep began last.", (last or 0) / 1e6)
    letters = dict.fromkeys(((state.value,) for state in State), 0) | _counted(store, NOTICES.c.state)
    yield gauges("mailaudit_notices", "Letters about mailboxes by state.", ["state"], letters)


def _counted(store: Store, column: sa.Column[Any]) -> dict[tuple[str, ...], int]:
    return {
        (value,): count for value, count in store.rows(sa.select(column, sa.func.count()).group_by(column))
    }
