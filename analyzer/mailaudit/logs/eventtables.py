# SPDX-License-Identifier: GPL-3.0-or-later
"""Events as they are kept in memory: texts are not copied, and what stands many times is kept as a number."""

from collections.abc import Mapping, Sequence
from functools import cache

import ibis
import numpy as np
import pyarrow as pa

from mailaudit.logs.parse import FACTS
from mailaudit.logs.stamp import Numbers
from mailaudit.logs.texts import taken

_FEW = pa.dictionary(pa.int32(), pa.string())


def _kept_as(column: pa.Field) -> pa.Field:
    if column.name in ("host", "program", "producer", "kind"):
        return pa.field(column.name, _FEW)
    return pa.field(column.name, pa.string_view()) if column.type == pa.string() else column


EVENTS = pa.schema(map(_kept_as, ibis.schema(FACTS).to_pyarrow()))
"""The columns FACTS, as they are kept in memory."""
MARKS = pa.schema(
    [
        ("source", pa.int32()),
        ("program", _FEW),
        ("producer", _FEW),
        ("kind", pa.int16()),
        ("time", pa.timestamp("us")),
    ]
)
"""What is known of every line, also of one that is none. `kind` is its number in NUMBERED, or below 0."""
Some = tuple[Numbers, pa.Table]
"""Events, and the numbers of their lines."""
_MANY = 1 << 18


def in_order(parts: Sequence[Some]) -> pa.Table:
    """Return events of a kind as one table, in the lines' order."""
    numbers, tables = zip(*parts, strict=True)
    if len(parts) == 1:
        return tables[0]
    return taken(pa.concat_tables(tables), np.argsort(np.concatenate(numbers)))


def event_table(count: int, known: Mapping[str, pa.Array]) -> pa.Table:
    """Return so many events (the columns EVENTS) from the columns that are known; the others are null."""
    columns = [known[each.name] if each.name in known else _nulls(count, each.type) for each in EVENTS]
    return pa.table([_as(column, each) for column, each in zip(columns, EVENTS, strict=True)], EVENTS)


def _nulls(count: int, type_: pa.DataType) -> pa.Array:
    if count <= len(nulls := _some_nulls(type_)):
        return nulls.slice(0, count)
    return pa.nulls(count, type_)


@cache
def _some_nulls(type_: pa.DataType) -> pa.Array:
    """Most columns of most kinds are null: they share these."""
    return pa.nulls(_MANY, type_)


def _as(column: pa.Array, field: pa.Field) -> pa.Array:
    return column if column.type == field.type else column.cast(field.type)
