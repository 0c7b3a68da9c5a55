# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.logs.texts import Texts, chosen, taken, texts_of

_TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=12)
_FEW = pa.dictionary(pa.int32(), pa.string())


def _table(texts: Sequence[str | None]) -> pa.Table:
    numbers = [None if text is None else len(text) for text in texts]
    return pa.table(
        {
            "views": pa.array(texts, pa.string_view()),
            "few": pa.array(texts, pa.string()).dictionary_encode().cast(_FEW),
            "numbers": pa.array(numbers, pa.int64()),
            "nothing": pa.nulls(len(texts), pa.string_view()),
        }
    )


@given(st.lists(_TEXTS, min_size=1, max_size=4), st.integers(0, 3), st.data())
def test_rows_that_are_taken_are_those_of_the_table(
    chunks: list[list[str | None]], skipped: int, data: st.DataObject
) -> None:
    table = pa.concat_tables([_table(chunk) for chunk in chunks]).slice(skipped)
    places = st.integers(0, max(len(table) - 1, 0))
    rows = data.draw(st.lists(places, max_size=20 if len(table) else 0))
    found = taken(table, np.array(rows, np.int64))
    found.validate(full=True)
    assert found.to_pylist() == [table.to_pylist()[row] for row in rows]


@given(st.lists(st.text(max_size=30), max_size=12), st.data())
def test_texts_are_chosen_by_numbers_that_go_on_from_part_to_part(
    texts: list[str], data: st.DataObject
) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, len(texts)), max_size=3)))
    parts = [
        texts_of(pa.array(texts[begin:end], pa.string()))
        for begin, end in zip([0, *ends], [*ends, len(texts)], strict=True)
    ]
    numbers = sorted(data.draw(st.sets(st.integers(0, max(len(texts) - 1, 0)), max_size=len(texts))))
    found = chosen(parts, np.array(numbers, np.int64)).views()
    found.validate(full=True)
    assert found.to_pylist() == [texts[number] for number in numbers]


@given(_TEXTS)
def test_views_are_of_texts_wherever_they_lie(texts: list[str | None]) -> None:
    known = [text or "" for text in texts]
    data = np.frombuffer("".join(known).encode(), np.uint8)
    ends = np.cumsum([len(text.encode()) for text in known], dtype=np.int64)
    starts = np.concatenate(([0], ends))[: len(ends)].astype(np.int64)
    found = Texts(data, starts, ends).views(empty_is_null=True)
    found.validate(full=True)
    assert found.to_pylist() == [text or None for text in known]
