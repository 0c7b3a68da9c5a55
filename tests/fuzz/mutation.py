# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes one message into another: the same seed and the same messages give the same changes."""

import random

from fuzz.seeds import TOKENS

LONGEST = 30_000  # bytes of a message made here
MOST_CHANGES = 6
REPEATED = (2, 3, 10, 100, 1_000)


class Mutator:
    """Makes messages from those in `pool`, to which more may be added."""

    def __init__(self, seed: int, pool: list[bytes]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
        self.pool = pool

    def message(self) -> bytes:
        """Return a message of the pool with a few changes."""
        raw = self.random.choice(self.pool)
        for _ in range(self.random.randint(1, MOST_CHANGES)):
            raw = self.random.choice(_CHANGES)(self, raw)[:LONGEST]
        return raw

    def unit(self) -> bytes:
        """Return something short that a long message may be made of."""
        parts = [self._piece() for _ in range(self.random.randint(1, 4))]
        return b"".join(parts)

    def cuts(self) -> list[int]:
        """Return sizes of chunks, to be used again and again."""
        return [self.random.choice((1, 2, 3, 7, 40, 1_000)) for _ in range(self.random.randint(1, 4))]

    def _piece(self) -> bytes:
        if self.random.random() < 0.8:
            return self.random.choice(TOKENS)
        return self._slice(self.random.choice(self.pool), 60)

    def _slice(self, raw: bytes, longest: int) -> bytes:
        start = self.random.randint(0, len(raw))
        return raw[start : start + self.random.randint(0, longest)]

    def _insert(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        return raw[:at] + self._piece() + raw[at:]

    def _insert_at_line(self, raw: bytes) -> bytes:
        at = raw.find(b"\n", self.random.randint(0, len(raw))) + 1
        return raw[:at] + self._piece() + raw[at:]

    def _repeat(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        times = self.random.choice(REPEATED)
        return raw[:at] + self._slice(raw[at:], 200) * times + raw[at:]

    def _delete(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        return raw[:at] + raw[at + self.random.choice((1, 2, 10, 200)) :]

    def _overwrite(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        piece = self._piece() if self.random.random() < 0.5 else self.random.randbytes(1)
        return raw[:at] + piece + raw[at + len(piece) :]

    def _splice(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        other = self.random.choice(self.pool)
        return raw[:at] + other[self.random.randint(0, len(other)) :]

    def _nest(self, raw: bytes) -> bytes:
        at = self.random.randint(0, len(raw))
        return raw[:at] + self.random.choice(self.pool) + raw[at:]


_CHANGES = (
    *(Mutator._insert, Mutator._insert_at_line, Mutator._repeat, Mutator._delete),
    *(Mutator._overwrite, Mutator._splice, Mutator._nest),
)
