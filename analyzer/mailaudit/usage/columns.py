# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of events and of open lines as numbers to reckon with, and some of their rows."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from mailaudit.logs.stamp import Numbers
from mailaudit.logs.texts import taken


def texts_of(column: pa.ChunkedArray) -> pa.StringArray:
    """Return a column of texts, of whichever type, as plain strings."""
    return pa.concat_arrays([pa.array([], pa.string()), *column.cast(pa.string()).chunks])


def times_of(column: pa.ChunkedArray) -> Numbers:
    """Return times in microseconds since 1970."""
    times: Numbers = np.asarray(column).astype("datetime64[us]").view(np.int64)
    return times


def looked_up(column: pa.ChunkedArray, number: Callable[[str | None], int]) -> Numbers:
    """Return a number for each text of a column of few different ones: `number` is asked once for each."""
    found = [np.zeros(0, np.int64)]
    for chunk in column.chunks:
        coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        numbers = np.array([number(text) for text in (*coded.dictionary.to_pylist(), None)])
        found.append(numbers[coded.indices.fill_null(len(numbers) - 1).to_numpy()])
    return np.concatenate(found)


def host_numbers(column: pa.ChunkedArray, hosts: dict[str, int]) -> Numbers:
    """Return the place of each line's host in `hosts`, which gets new ones; "" where none is named."""
    return looked_up(column, lambda name: hosts.setdefault(name or "", len(hosts)))


def picked(table: pa.Table, rows: Numbers) -> pa.Table:
    """Return the rows of a table with these numbers, which are in order; all or none cost nothing."""
    return table.slice(0, len(rows)) if len(rows) in (0, len(table)) else taken(table, rows)


def table_of(rows: Iterable[tuple[Any, ...]], columns: Mapping[str, str]) -> pa.Table:
    """Return rows as an engine takes them; `columns` are the types of their values, by name."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    schema = ibis.schema(columns).to_pyarrow()
    arrays = [pa.array(column, kind) for column, kind in zip(values, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
