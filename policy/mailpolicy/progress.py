# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a person how far long work is: by a bar on a terminal, by plain lines anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as ProgressBar

from mailpolicy.console import console

SOON = 2.0  # seconds that a person waits without being told how long it takes
BETWEEN_LINES = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell how many bytes there are, and how many more of them were read."""

    total: Callable[[int], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None


@contextmanager
def reading() -> Iterator[Progress]:
    """Show on standard error how much was read."""
    screen = console(stderr=True)
    if screen.is_terminal:
        with _bar(screen) as progress:
            yield progress
    else:
        lines = _Lines(screen)
        yield Progress(lines.set_total, lines.read)


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on standard error how many of so many things are done; call what it gives after each."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _Counted(screen, what, total).one_more
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with ProgressBar(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _bar(screen: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    bar, begun = ProgressBar(*columns, console=screen, transient=True), time.monotonic()
    task = bar.add_task("")

    def read(size: int) -> None:
        bar.advance(task, size)
        if time.monotonic() - begun > SOON:
            bar.start()

    try:
        yield Progress(total=lambda size: bar.update(task, total=size), read=read)
    finally:
        bar.stop()


class _Lines:
    """Says now and then how far it is, in a line of its own."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._total = self._done = 0
        self._begun = time.monotonic()
        self._next = self._begun + BETWEEN_LINES

    def set_total(self, size: int) -> None:
        self._total = size

    def read(self, size: int) -> None:
        self._done += size
        now = time.monotonic()
        if now < self._next or not self._done:
            return
        self._next = now + BETWEEN_LINES
        rate = self._done / (now - self._begun)
        left = max(0, self._total - self._done) / rate
        done = f"read {decimal(self._done)} of {decimal(self._total)}"
        self._screen.print(f"{done}, {decimal(int(rate))} a second, {left:.0f} s left")


class _Counted:
    """Says now and then how many are done, in a line of its own."""

    def __init__(self, screen: Console, what: str, total: int) -> None:
        self._screen, self._what, self._total = screen, what, total
        self._done = 0
        self._next = time.monotonic() + BETWEEN_LINES

    def one_more(self) -> None:
        self._done += 1
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + BETWEEN_LINES
            self._screen.print(f"{self._what}: {self._done} of {self._total}")
