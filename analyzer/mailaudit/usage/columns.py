# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of events and of open lines as numbers to reckon with, and some of their rows."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from mailaudit.logs.stamp import Numbers


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
    """Return the rows of a table with these numbers. Arrow itself can't take any of string views."""
    if len(rows) in (0, len(table)):
        return table.slice(0, len(rows))
    at = pa.array(rows)
    columns = [
        _picked_views(column, rows) if column.type == pa.string_view() else column.take(at)
        for column in table.columns
    ]
    return pa.table(columns, schema=table.schema)


def _picked_views(column: pa.ChunkedArray, rows: Numbers) -> pa.Array:
    """A view is 16 bytes that say where a text is, or are the text."""
    if not len(rows) or column.null_count == len(column):
        return pa.nulls(len(rows), pa.string_view())
    whole = pa.concat_arrays(column.chunks)
    _, views, *texts = whole.buffers()
    chosen = np.frombuffer(views, np.uint64).reshape(-1, 2)[rows + whole.offset]
    known = np.packbits(np.asarray(whole.is_valid())[rows], bitorder="little")
    buffers = [pa.py_buffer(known), pa.py_buffer(chosen), *texts]
    return pa.Array.from_buffers(pa.string_view(), len(rows), buffers)
