# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the fuzzer: message after message; the new are built upon, the wrong kept as files."""

import tempfile
from pathlib import Path

from fuzz.finds import FOUND, keep
from fuzz.mutation import Mutator
from fuzz.slowness import LENGTH, Slowest
from fuzz.target import Broken, examine
from mailgate.session import Outcome

SLOW_SEARCH = 25  # every so many messages one is long, and its time is taken
MOST_FINDS = 20
SHOWN = 60  # bytes of a slow message


class Run:
    """Counts what was tried. The seed and the messages to begin with settle all that follows."""

    def __init__(self, seed: int, pool: list[bytes], folder: Path = FOUND) -> None:
        self.tried = 0
        self.finds: dict[str, Path] = {}
        self.slowest = Slowest()
        self._seed = seed
        self._folder = folder
        self._mutator = Mutator(seed, pool)
        self._started_with = len(pool)
        self._seen: set[object] = set()

    def step(self) -> str:
        """Try one message. Return what is wrong and the file that shows it, "" if nothing is."""
        self.tried += 1
        raw, cuts = self._mutator.message(), self._mutator.cuts()
        try:
            self._learn(raw, examine(raw, cuts))
        except Broken as broken:
            return self._keep(raw, cuts, str(broken))
        if self.tried % SLOW_SEARCH == 0:
            self.slowest.try_one(self._mutator)
        return ""

    def _keep(self, raw: bytes, cuts: list[int], what: str) -> str:
        if what in self.finds or len(self.finds) >= MOST_FINDS:
            return ""
        origin = f"message {self.tried} of SEED={self._seed}"
        self.finds[what] = keep(raw, cuts, what, origin, self._folder)
        return f"{what}: {self.finds[what]}"

    def _learn(self, raw: bytes, outcome: Outcome) -> None:
        """Go on from messages that the gate saw something new in."""
        message = outcome.message
        shape = (message.malformed, min(len(message.parts), 10), outcome.answer.action)
        if shape not in self._seen:
            self._seen.add(shape)
            self._mutator.pool.append(raw)

    def report(self) -> str:
        """Say how much was tried, what was found, and what was slowest."""
        lines = [
            f"{self.tried:,} messages, {len(self.finds)} finds, {len(self._seen):,} kinds of outcome",
            f"slowest of {self.tried // SLOW_SEARCH:,} of {LENGTH // 1000} KB, beside a base64 file as long:",
        ]
        folder = Path(tempfile.mkdtemp(prefix="postwarden-slowest-"))
        for number, slow in enumerate(self.slowest.found, start=1):
            file = folder / f"{number}.eml"
            file.write_bytes(slow.message())
            lines.append(f"  {slow.ratio:5.1f} times: {file}: ...{slow.unit[:SHOWN]!r} again and again")
        return "\n".join(lines)
