# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads `host program[pid]: ` after the time of most lines at once, much quicker than a pattern does.

Few hosts and programs stand in very many lines: each pair is looked at once. Lines that begin in any other
way are told apart, and left to the expressions of mailaudit.logs.head.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mailaudit.logs.compiled.tagparts import parts
from mailaudit.logs.stamp import Flags, Numbers
from mailaudit.logs.texts import Texts, texts_of

NO_PID = -1
_NAMES = re.compile("([^ (]+) ([A-Za-z0-9_./@+-]+)")
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
    whole = texts_of(lines["line"])
    dated = lines["time"].is_valid().to_numpy(zero_copy_only=False)
    codes, pids, texts, ends, distinct = parts(
        whole.data, whole.starts, whole.ends, lines["rest"].to_numpy(), dated
    )
    pairs: dict[tuple[str, str], int] = {}
    names = (whole.data[begin:end].tobytes().decode() for begin, end in distinct.tolist())
    numbers = np.array([*(_code(name, pairs) for name in names), _ODD], np.int64)
    return Tags(
        list(pairs),
        numbers[codes],
        pids,
        Texts(whole.data, texts, ends),
        Texts(whole.data, whole.starts, ends),
    )


def _code(names: str, pairs: dict[tuple[str, str], int]) -> int:
    match = _NAMES.fullmatch(names)
    return pairs.setdefault((match[1], match[2]), len(pairs)) if match else _ODD
