# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiled reader finds in any text what its forms say, and reads no byte that is not the text's."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.formpatterns import Found, read_slowly
from audit.test_line_kinds import SAMPLES
from mailaudit.logs.compiled.columns import gathered, views
from mailaudit.logs.compiled.quick import Grammar
from mailaudit.logs.fields import STRING
from mailaudit.logs.forms import type_of
from mailaudit.logs.grammar import usual
from mailaudit.logs.parse import PRODUCERS
from mailaudit.logs.texts import Texts
from mailaudit.logs.usual import read_usual

_NAMES = [producer.name for producer in PRODUCERS]
_INSIDE = [bytes([byte]) for byte in range(0x80, 0xC0)]  # a character of several bytes, but its first
_SAMPLES = [(_NAMES.index(producer), sample.encode()) for producer, _, sample, _ in SAMPLES]
_USUAL = [
    (place, head.form + usual)
    for place, producer in enumerate(PRODUCERS)
    for head in producer.usual_heads
    for kind in producer.kinds
    for usual in kind.usual
]


def _read(data: bytes, bounds: Sequence[tuple[int, int]], producers: Sequence[int]) -> list[Found | None]:
    """What the compiled reader finds in stretches of some data, which it is given in two parts."""
    starts, ends = np.array(bounds, np.int64).reshape(-1, 2).T.copy()
    half = len(bounds) // 2
    found: list[Found | None] = [None] * len(bounds)
    texts = Texts(np.frombuffer(data, np.uint8), starts, ends)
    parts = [texts.take(rows) for rows in (np.arange(half), np.arange(half, len(bounds)))]
    for read in read_usual(parts, np.array(producers, np.int32)):
        columns = {name: column.to_pylist() for name, column in read.fields.items()}
        for place, row in enumerate(read.numbers.tolist()):
            values = {name: column[place] for name, column in columns.items()}
            found[row] = read.kind, {name: value for name, value in values.items() if value is not None}
    return found


def _joined(texts: Sequence[bytes]) -> tuple[bytes, list[tuple[int, int]]]:
    ends = np.cumsum([len(text) for text in texts]).tolist()
    return b"".join(texts), list(zip([0, *ends], ends, strict=False))


def _pieces(form: str) -> Iterator[str]:
    """The texts of a form, and for each field something that it can be."""
    for piece in re.split(r"(\{[^}]*\})", form):
        if not piece.startswith("{"):
            yield piece
        elif piece[1] not in "<>":
            name, times = re.findall(r"[a-z_]+", piece)[:1], re.search(r"\d", piece.partition("|")[0])
            is_number = "0-9" in piece or type_of("".join(name)) != STRING
            yield ("7" if is_number else "A" if "A-Z" in piece else "sent") * int(times[0] if times else 1)


_PIECES = sorted({piece for _, form in _USUAL for piece in _pieces(form)})
_ANY = st.one_of(
    st.sampled_from(_PIECES),
    st.sampled_from([*"\"'<>()[],;:= .0\n\0", "12.5", "1" * 15, "1" * 16, "007", "4F5C64474F: ", ">,"]),
    st.text(max_size=5),
)


@st.composite
def _texts(draw: st.DrawFn) -> tuple[int, bytes]:
    """A text of a form with pieces taken out, put in or written over, or one of pieces only."""
    producer, form = draw(st.sampled_from(_USUAL))
    pieces = draw(st.one_of(st.just(list(_pieces(form))), st.lists(_ANY, max_size=12)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(pieces)))
        pieces[at : at + draw(st.integers(0, 1))] = draw(st.lists(_ANY, max_size=2))
    return producer, "".join(pieces).encode("utf-8", "replace")


@given(st.lists(_texts(), max_size=20))
def test_what_is_found_is_what_the_forms_say(texts: list[tuple[int, bytes]]) -> None:
    data, bounds = _joined([text for _, text in texts])
    producers = [producer for producer, _ in texts]
    assert _read(data, bounds, producers) == [read_slowly(text, producer) for producer, text in texts]


def test_every_beginning_of_a_text_is_read_as_if_nothing_followed() -> None:
    data, bounds = _joined([sample for _, sample in _SAMPLES])
    cut = [
        (producer, start, end)
        for (producer, _), (start, last) in zip(_SAMPLES, bounds, strict=True)
        for end in range(start, last + 1)
        if data[end : end + 1] not in _INSIDE
    ]
    found = _read(data, [(start, end) for _, start, end in cut], [producer for producer, _, _ in cut])
    for (producer, start, end), each in zip(cut, found, strict=True):
        assert each == read_slowly(data[start:end], producer), data[start:end]


@pytest.mark.parametrize(
    "delay", ["7", "0.25", "7.", ".7", "1.2.3", "1" * 15, "1" * 16, "1." + "1" * 13, "0.3", "1e3"]
)
@pytest.mark.parametrize("reply", ["sent", "a>,", ">,a", ">, ", ">", "x>,y", ""])
def test_numbers_and_replies_are_read_up_to_their_bounds(delay: str, reply: str) -> None:
    text = f"4F5C64474F: to=<a>, relay=b, delay={delay}, delays=0, dsn=2.0.0, status=sent ({reply})".encode()
    assert _read(text, [(0, len(text))], [0]) == [read_slowly(text, 0)]


@pytest.mark.parametrize("digits", [0, 1, 15, 16, 19, 40])
def test_a_number_of_too_many_digits_is_left_to_the_patterns(digits: int) -> None:
    text = f"4F5C64474F: from=<a>, size={'9' * digits}, nrcpt=1 (queue active)".encode()
    [found] = _read(text, [(0, len(text))], [0])
    assert found == read_slowly(text, 0)
    assert (found is None) == (digits in {0, 16, 19, 40})


def test_texts_of_nobody_and_no_texts_have_no_form() -> None:
    assert _read(b"removed", [(0, 7)] * 4, [-1, len(PRODUCERS), 2**31 - 1, -(2**31)]) == [None] * 4
    assert _read(b"", [(0, 0)], [0]) == [None]
    assert _read(b"", [], []) == []


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 8), (5, 4), (8, 8), (2**40, 2**40 + 1)])
def test_a_text_that_is_not_in_the_data_is_refused(start: int, end: int) -> None:
    data, starts, ends = np.frombuffer(b"removed", np.uint8), np.array([start]), np.array([end])
    with pytest.raises(IndexError, match="not in the data"):
        usual().grammar.read([Texts(data, starts, ends)], np.zeros(1, np.int32))
    with pytest.raises(IndexError, match="not in the data"):
        views(data, starts, ends)


def test_a_value_that_is_not_there_is_refused() -> None:
    values, place, texts = np.zeros((3, 16), np.uint8), np.zeros((1, 1), np.int32), np.zeros(1, np.bool_)
    for first in (3, -1, 2**40):
        with pytest.raises(IndexError):
            gathered(values, np.array([first]), np.zeros(1, np.int32), place, texts)
    with pytest.raises(IndexError):
        gathered(values, np.zeros(1, np.int64), np.ones(1, np.int32), place, texts)
    with pytest.raises(IndexError):
        gathered(values, np.zeros(1, np.int64), np.zeros(1, np.int32), place, texts[:0])


@pytest.mark.parametrize(("text", "length"), [(0, 8), (7, 1), (-1, 2), (3, -1), (2**31 - 1, 2**31 - 1)])
def test_a_step_with_a_text_that_is_not_there_is_refused(text: int, length: int) -> None:
    steps = np.zeros(1, ",".join(["i4"] * 10))
    steps["f6"], steps["f7"] = text, length
    forms, none = np.zeros(0, "i4,i4,i4,i4"), np.zeros(0, np.int32)
    meanings, chains = np.zeros((1, 256), np.uint8), np.zeros((1, 256), np.int32)
    with pytest.raises(IndexError, match="text is not there"):
        Grammar(steps, meanings, b"removed", forms, chains, none, 1, 1)
    with pytest.raises(IndexError, match="no meaning"):
        Grammar(steps[:0], meanings[:, :255].copy(), b"removed", forms, chains, none, 1, 1)


def test_two_threads_read_what_one_reads() -> None:
    data, bounds = _joined([sample for _, sample in _SAMPLES] * 50)
    producers = [producer for producer, _ in _SAMPLES] * 50
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: _read(data, bounds, producers), range(4)))
    assert both == [_read(data, bounds, producers)] * 4
