# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads `host program[pid]: ` after the time of most lines at once, much quicker than a pattern does.

Few hosts and programs stand in very many lines: each pair is looked at once. Lines that begin in any other
way are told apart, and left to the expressions of mailaudit.logs.head.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mailaudit.logs.stamp import Bytes, Flags, Numbers
from mailaudit.logs.texts import Texts, texts_of

NO_PID = -1
_DIGITS = 7  # of a process number that is read here; Linux has none above 4,194,304
_NAMES = re.compile("([^ (]+) ([A-Za-z0-9_./@+-]+)")
_PREFIXED = (
    ord("<"),
    ord("1"),
)  # a line with a priority or a version before its time has another shape after it
_ODD = -1


@dataclass(slots=True)
class Tags:
    """Of each line the number of its host and program in `pairs`, its process or NO_PID, and its text.

    `odd` are the lines that begin in another way; what is said of them here means nothing. `lines` are all
    without their newlines.
    """

    pairs: list[tuple[str, str]]
    codes: Numbers
    pids: Numbers
    texts: Texts
    lines: Texts

    @property
    def odd(self) -> Flags:
        """Which lines have no such tag."""
        odd: Flags = self.codes == _ODD
        return odd


def read_tags(lines: pa.RecordBatch) -> Tags:
    """Read the tags of lines (the columns LINES)."""
    whole = _without_newlines(texts_of(lines["line"]))
    data = whole.data
    dated = np.asarray(lines["time"].is_valid()) & ~np.isin(
        data[whole.starts.clip(max=len(data) - 1)], _PREFIXED
    )
    after = whole.starts + np.where(dated, np.asarray(lines["rest"]), 0)
    ends = _first_colons(data, after, whole.ends)
    dated &= ends >= 0
    pids, names_end = _pids(data, np.where(dated, ends, 0))
    dated &= names_end > after
    names = (
        Texts(data, np.where(dated, after, 0), np.where(dated, names_end, 0)).strings().dictionary_encode()
    )
    pairs: dict[tuple[str, str], int] = {}
    codes = [_code(name, pairs) for name in names.dictionary.to_pylist()]
    return Tags(
        list(pairs),
        np.array(codes, np.int64)[np.asarray(names.indices)],
        pids,
        Texts(data, np.minimum(ends + len(": "), whole.ends), whole.ends),
        whole,
    )


def _without_newlines(lines: Texts) -> Texts:
    last = np.maximum(lines.ends - 1, 0)
    newlines = (lines.ends > lines.starts) & (lines.data[last] == ord("\n"))
    return Texts(lines.data, lines.starts, lines.ends - newlines)


def _first_colons(data: Bytes, starts: Numbers, ends: Numbers) -> Numbers:
    """Where the first colon with a blank after it stands in each line, -1 if there is none."""
    pairs = data[:-1] == ord(":")
    pairs &= data[1:] == ord(" ")
    colons = np.append(np.flatnonzero(pairs), len(data))
    first: Numbers = colons[np.searchsorted(colons, starts)]
    return np.where(first < ends, first, -1)


def _pids(data: Bytes, ends: Numbers) -> tuple[Numbers, Numbers]:
    """The process number in brackets before each end, or NO_PID, and the end of what is before it."""
    pids, before = np.full(len(ends), NO_PID), ends.copy()
    rows = np.flatnonzero(data[np.maximum(ends, 1) - 1] == ord("]"))
    values = np.zeros(len(rows), np.int64)
    for digit in range(_DIGITS + 1):
        places = ends[rows] - 2 - digit
        bytes_ = data[np.maximum(places, 0)]
        if digit:
            opened = (bytes_ == ord("[")) & (places > 0)
            pids[rows[opened]], before[rows[opened]] = values[opened], places[opened]
        more = (bytes_ >= ord("0")) & (bytes_ <= ord("9"))
        rows, values = rows[more], values[more] + (bytes_[more] - ord("0")) * np.int64(10**digit)
    return pids, before


def _code(names: str, pairs: dict[tuple[str, str], int]) -> int:
    match = _NAMES.fullmatch(names)
    return pairs.setdefault((match[1], match[2]), len(pairs)) if match else _ODD
