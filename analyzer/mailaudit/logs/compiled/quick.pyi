# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from numpy.typing import NDArray

from mailaudit.logs.stamp import Bytes, Numbers, Places
from mailaudit.logs.texts import Texts

class Op(IntEnum):
    LITERAL = 0
    FIELD = 1
    REST = 2
    EDGE = 3

class Byte(IntEnum):
    GOES_ON = 0
    STOPS = 1
    WRONG = 2

class Number(IntEnum):
    NONE = 0
    INTEGER = 1
    DECIMAL = 2

class Grammar:
    def __init__(
        self,
        steps: NDArray[Any],
        meanings: Bytes,
        texts: bytes,
        forms: NDArray[Any],
        chains: Places,
        candidates: Places,
        producers: int,
        most_fields: int,
    ) -> None: ...
    def read(self, parts: Sequence[Texts], producers: Places) -> tuple[Places, Numbers, Bytes]: ...
