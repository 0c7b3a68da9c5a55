# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan's JSON is laid out as the json module lays it out, whatever is in it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mailaudit.sweep.indented import indented, pieces
from mailpolicy.clocks.step import StepKind

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(StepKind)
NAMES = st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda one: st.lists(one) | st.lists(one).map(tuple) | st.dictionaries(NAMES, one),
    max_leaves=6,
)


@given(VALUES)
def test_it_is_what_the_json_module_writes(values: object) -> None:
    assert indented(values) == json.dumps(values, ensure_ascii=False, indent=2)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
def test_the_pieces_of_an_object_are_the_same_put_together(values: dict[str, object]) -> None:
    assert "".join(pieces(values)) == json.dumps(values, ensure_ascii=False, indent=2)


def test_lone_surrogates_in_names_from_logs_are_kept() -> None:
    assert indented({"name": "\udce1"}) == '{\n  "name": "\udce1"\n}'
