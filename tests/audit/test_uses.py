# SPDX-License-Identifier: GPL-3.0-or-later
"""What is worked out of a batch's uses in memory is what an engine computes of them."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from mailaudit import rollup
from mailaudit.engine import Engine
from mailaudit.logs.lines import LINES
from mailaudit.store.rows import ActivityDay
from mailaudit.uses import Uses

USES = {
    "source": "int32",
    "position": "int64",
    "time": "timestamp",
    "address": "string",
    "session": "string",
    "mailbox": "string",
    "service": "string",
    "event": "string",
}
BEGIN = datetime(2026, 11, 21, 16, 59)  # noqa: DTZ001  a minute before an office's midnight, in UTC as events are
CHANCE = random.Random(5)  # noqa: S311  no secret


def _some_uses(count: int) -> list[tuple[object, ...]]:
    """Uses by few mailboxes and within few seconds, so that many are equal but for where they stand."""
    return [
        (
            CHANCE.choice([7, 3, 40]),
            number * 100,
            BEGIN + timedelta(seconds=CHANCE.randrange(90)),
            CHANCE.choice([None, "10.20.3.21"]),
            CHANCE.choice([None, f"s{number}"]),
            f"{CHANCE.choice(['vanthu', 'cánbộ', 'CB', 'z'])}@example.org",
            CHANCE.choice(["imap", "pop3", "submission"]),
            CHANCE.choice(["login", "session-end"]),
        )
        for number in range(count)
    ]


def _table(uses: list[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*uses, strict=True)) or [()] * len(USES)
    types = ibis.schema(USES).to_pyarrow().types
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], [*USES])


def _lines_of(uses: list[tuple[object, ...]]) -> pa.Table:
    """A batch of lines: those of one log in two pieces with another log's between them."""
    batches = []
    for source, piece in ((40, 0), (7, 0), (3, 0), (7, 1)):
        its = [use for use in uses if use[0] == source]
        half = its[: len(its) // 2] if (source, piece) == (7, 0) else its[len(its) // 2 :]
        rows = [
            {"source": source, "position": use[1], "time": use[2], "rest": 0, "line": f"{use[1]} ậ\t \v"}
            for use in (half if source == 7 else its)
        ]
        batches.append(pa.RecordBatch.from_pylist(rows, LINES))
    return pa.Table.from_batches(batches)


@pytest.mark.parametrize("count", [40, 1000])
def test_the_last_uses_and_those_of_a_day_are_what_an_engine_finds(count: int, tmp_path: Path) -> None:
    uses = _some_uses(count)
    lines = _lines_of(uses)
    engine = Engine(tmp_path)
    engine.load("uses", _table(uses))
    engine.load("lines", lines)
    table = ibis.table(USES, name="uses")
    last = rollup.last_seen(table, ibis.table(ibis.Schema.from_pyarrow(LINES), name="lines"))
    found = Uses(_table(uses))
    assert found.last(lines) == rollup.seen(engine.rows(engine.query(last)))
    days = engine.rows(engine.query(rollup.activity_days(table)))
    assert found.days() == [ActivityDay(*row) for row in days]
    assert {day.day for day in found.days()} == {"2026-11-21", "2026-11-22"}


def test_lines_without_uses_make_no_days_and_no_last_use() -> None:
    found = Uses(_table([]))
    assert found.last(_lines_of(_some_uses(40))) == []
    assert found.days() == []
