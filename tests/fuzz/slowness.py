# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for slow mail: the beginning of a message, then one short piece again and again."""

import base64
import time
from dataclasses import dataclass

from fuzz.mutation import Mutator
from fuzz.seeds import HEAD
from fuzz.target import converse, handed_over
from gate.chunking import chunked
from gate.milterclient import CHUNK

LENGTH = 1_000_000  # bytes of each message
KEPT = 5
IN_A_PART = 0.5  # of them go on right after a header, so that one part's content is what takes time
RUNS = 3
PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"


@dataclass(frozen=True)
class Slow:
    """A message of `start` and as many `unit`s as its length allows; `ratio` is to an ordinary one's time."""

    ratio: float
    start: bytes
    unit: bytes

    def message(self, length: int = LENGTH) -> bytes:
        """Return it at any length."""
        return self.start + self.unit * ((length - len(self.start)) // len(self.unit))


class Slowest:
    """The slowest messages met so far, the slowest first."""

    def __init__(self) -> None:
        self.found: list[Slow] = []
        content = base64.encodebytes(bytes(range(256)) * (LENGTH // 350)).replace(b"\n", b"\r\n")
        self._usual = seconds(HEAD + PDF + content, RUNS) / len(content)

    def try_one(self, mutator: Mutator) -> None:
        """Make a long message and take its time; one that seems slow is measured again."""
        start = mutator.message()
        start = start[: mutator.random.randint(0, len(start))]
        if mutator.random.random() < IN_A_PART:
            start = start[: start.rfind(b"\n\r\n") + 3]
        one = Slow(0.0, start, mutator.unit())
        if not one.unit or self._ratio(one, 1) <= self._worth_keeping:
            return
        kept = [*self.found, Slow(self._ratio(one, RUNS), one.start, one.unit)]
        self.found = sorted(kept, key=lambda slow: slow.ratio, reverse=True)[:KEPT]

    @property
    def _worth_keeping(self) -> float:
        return self.found[-1].ratio if len(self.found) == KEPT else 0.0

    def _ratio(self, one: Slow, runs: int) -> float:
        raw = one.message()
        return seconds(raw, runs) / len(raw) / self._usual


def seconds(raw: bytes, runs: int) -> float:
    """Processor time to judge a message: the least of several runs."""
    head, content = handed_over(raw)
    least = float("inf")
    for _ in range(runs):
        began = time.process_time()
        converse(0, head, chunked(content, [CHUNK]))
        least = min(least, time.process_time() - began)
    return least
