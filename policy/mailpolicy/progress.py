# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a person how far long work is: by a bar on a terminal, by plain lines anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread, Timer

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as ProgressBar
from rich.text import Text

from mailpolicy.console import console

BEGUN = time.monotonic()  # the program, as good as
SOON = 2.0  # seconds that a person waits without being told how long it takes
BRIEF = 0.5  # seconds of work that a bar would only flicker for
BETWEEN_LINES = 10.0  # seconds
BETWEEN_LOOKS = 0.25  # seconds
BETWEEN_MOVES = 0.05  # seconds: a bar is drawn ten times a second, and moving it takes long


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell how many bytes there are, and how many more of them were read."""

    total: Callable[[int], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None


@contextmanager
def reading() -> Iterator[Progress]:
    """Show on standard error how much was read; nothing before SOON."""
    screen = console(stderr=True)
    if not screen.is_interactive:
        lines = _Lines(screen, 0, _bytes_read)
        yield Progress(lines.set_total, lines.more)
        return
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with _bar(screen, "reading", *columns) as bar:
        task = bar.add_task("")
        yield Progress(lambda size: bar.update(task, total=size), lambda size: bar.advance(task, size))


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on standard error how many of so many things are done; call what it gives after each.

    Nothing is shown before SOON.
    """
    screen = console(stderr=True)
    if not screen.is_interactive:
        yield _Lines(screen, total, lambda done, all_, rate: f"{what}: {done} of {all_}, {rate:.1f}").more
        return
    columns = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with _bar(screen, what, *columns) as bar:
        yield _Moved(bar, bar.add_task("", total=total)).one_more


@contextmanager
def watching(what: str, percent: Callable[[], float]) -> Iterator[None]:
    """Show on standard error how far work is that only another thread can look at; nothing before SOON.

    `percent` says how much of it is done, below 0 if that is not known: then only the time it has taken is
    shown. It may begin anew: work may have several steps.
    """
    screen, over = console(stderr=True), Event()
    show = _watch_with_bar if screen.is_interactive else _watch_with_lines
    watcher = Thread(target=show, args=(screen, what, percent, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


class _Rate(ProgressColumn):
    """How many things are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "")


@contextmanager
def _bar(screen: Console, what: str, *columns: ProgressColumn) -> Iterator[ProgressBar]:
    """A bar that shows itself once the program has run for SOON, whether or not anything was done by then."""
    bar = ProgressBar(TextColumn(what), *columns, console=screen, transient=True, redirect_stdout=False)
    late = Timer(max(min(BRIEF, SOON), BEGUN + SOON - time.monotonic()), bar.start)
    late.daemon = True
    late.start()
    try:
        yield bar
    finally:
        late.cancel()
        late.join()
        bar.stop()


def _watch_with_bar(screen: Console, what: str, percent: Callable[[], float], over: Event) -> None:
    columns = (BarColumn(), TextColumn("{task.fields[share]}"), TimeElapsedColumn(), TimeRemainingColumn())
    with _bar(screen, what, *columns) as bar:
        task, last = bar.add_task("", total=None, share=""), 0.0
        while not over.wait(BETWEEN_LOOKS):
            now = percent()
            if now < last:
                bar.reset(task, total=None)
            known = now >= 0
            share, total = (f"{now:.0f} %", 100) if known else ("", None)
            bar.update(task, total=total, completed=max(now, 0), share=share)
            last = now


def _watch_with_lines(screen: Console, what: str, percent: Callable[[], float], over: Event) -> None:
    begun = step_begun = time.monotonic()
    last, next_line = 0.0, begun + BETWEEN_LINES
    while not over.wait(min(BETWEEN_LOOKS, BETWEEN_LINES)):
        share, now = percent(), time.monotonic()
        if share < last or share <= 0:
            step_begun = now
        last = share
        if now < next_line:
            continue
        next_line = now + BETWEEN_LINES
        line = f"{what}: {now - begun:.0f} s so far"
        if share > 0:
            left = (100 - share) * (now - step_begun) / share
            line += f", {share:.0f} % done, {left:.0f} s left"
        screen.print(line)


class _Lines:
    """Says now and then how far it is, in a line of its own.

    `said` words how much is done, of how much, and how much of it in a second.
    """

    def __init__(self, screen: Console, total: int, said: Callable[[int, int, float], str]) -> None:
        self._screen, self._said = screen, said
        self._total, self._done = total, 0
        self._begun = time.monotonic()
        self._next = self._begun + BETWEEN_LINES

    def set_total(self, total: int) -> None:
        self._total = total

    def more(self, count: int = 1) -> None:
        self._done += count
        now = time.monotonic()
        if now < self._next or not self._done:
            return
        self._next = now + BETWEEN_LINES
        rate = self._done / (now - self._begun)
        left = max(0, self._total - self._done) / rate
        self._screen.print(f"{self._said(self._done, self._total, rate)} a second, {left:.0f} s left")


def _bytes_read(done: int, total: int, rate: float) -> str:
    return f"read {decimal(done)} of {decimal(total)}, {decimal(int(rate))}"


class _Moved:
    """Moves a bar to what was counted, but not at each of a hundred thousand counts."""

    def __init__(self, bar: ProgressBar, task: TaskID) -> None:
        self._bar, self._task = bar, task
        self._done, self._next = 0, 0.0

    def one_more(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now >= self._next:
            self._bar.update(self._task, completed=self._done)
            self._next = now + BETWEEN_MOVES
