# SPDX-License-Identifier: GPL-3.0-or-later
"""A filter that does nothing, as fast as pymilter's classes can: what a gate can be compared with.

Run as `python -m benchmarks.noop ADDRESS WORKERS`.
"""

import os
import sys

import Milter  # type: ignore[import-untyped]
from Milter import milter


class Noop(Milter.Base):  # type: ignore[misc]
    """Answers where the gate's peers answer, and negotiates the rest away."""

    @Milter.noreply  # type: ignore[untyped-decorator]
    def connect(self, *_: object) -> int:
        return int(Milter.CONTINUE)

    @Milter.noreply  # type: ignore[untyped-decorator]
    def hello(self, _: str) -> int:
        return int(Milter.CONTINUE)

    def envfrom(self, *_: str) -> int:
        return int(Milter.CONTINUE)

    def envrcpt(self, *_: str) -> int:
        return int(Milter.CONTINUE)

    @Milter.noreply  # type: ignore[untyped-decorator]
    def header(self, _: str, __: str) -> int:
        return int(Milter.CONTINUE)

    @Milter.noreply  # type: ignore[untyped-decorator]
    def eoh(self) -> int:
        return int(Milter.CONTINUE)

    def body(self, _: bytes) -> int:
        return int(Milter.CONTINUE)

    def eom(self) -> int:
        return int(Milter.ACCEPT)


def main(address: str, workers: int) -> None:
    """Open the socket, then fork: libmilter keeps a socket that is open already."""
    opensocket = milter.opensocket

    def open_and_fork(remove: bool) -> None:
        opensocket(remove)
        for _ in range(workers - 1):
            if os.fork() == 0:
                break

    milter.opensocket = open_and_fork
    Milter.factory = Noop
    Milter.runmilter("noop", address, 60)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
