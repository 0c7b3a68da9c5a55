# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's processes: workers that share one listener, one that answers scrapers, one that loads files.

Their keeper has no threads, so that it may fork at any time. Two pipes tie the workers to it. The lifeline
ends when the keeper closes it or is gone: then they drain. The other ends when no worker takes connections.
"""

import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.server import HTTPServer
from pathlib import Path
from typing import NoReturn

from mailgate import libmilter, metrics, worker
from mailgate.loader import Loader
from mailgate.worker import DRAIN_SECONDS

DEAF_SECONDS = 2.0  # the longest the keeper waits for the workers to stop listening
SHORT_LIFE = 5.0  # seconds; a process that dies sooner is replaced with a delay
FIRST_DELAY, LONGEST_DELAY = 0.1, 30.0  # seconds, doubled each time
FOLLOW_SECONDS = 60.0  # the longest the keeper holds on to a log that was rotated away
ENDING = {signal.SIGTERM, signal.SIGINT}
HEARD = {*ENDING, signal.SIGHUP, signal.SIGCHLD}


@dataclass(slots=True)
class _Place:
    """A process's place; `pid` is 0 while it is empty. From `due` (monotonic seconds) on it may be filled."""

    name: str
    job: Callable[[], None]
    pid: int = 0
    born: float = 0.0
    due: float = 0.0
    delay: float = 0.0


class Keeper:
    """Starts the processes, replaces those that die, and ends them in order."""

    def __init__(
        self, door: libmilter.Door, loader: Loader, listener: int, workers: int, scraped: HTTPServer
    ) -> None:
        self._door = door
        self._accounts = door.accounts
        self._listener = listener
        self._scraped = scraped
        self._pid = os.getpid()
        # One core for all threads of a worker: on several they fight for Python's lock (docs/decisions/0002).
        cores = sorted(os.sched_getaffinity(0), reverse=True)
        self._workers = [
            _Place(f"worker{number + 1}", partial(self._work, cores[number % len(cores)]))
            for number in range(workers)
        ]
        self._server = _Place("metrics", self._answer_scrapers)
        self._loader = _Place("loader", partial(self._load, loader))
        self._lifeline, self._life = os.pipe()
        self._ears, self._ear = os.pipe()

    def run(self, ready: Callable[[], None]) -> None:
        """Run until SIGTERM or SIGINT, then drain. `ready` is called when all are started."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
        self._fill()
        ready()
        while (heard := self._heard()) not in ENDING:
            if heard == signal.SIGHUP and self._loader.pid:
                os.kill(self._loader.pid, signal.SIGHUP)
            self._accounts.record.follow()
            self._bury()
            self._fill()
        self._drain()

    @property
    def _places(self) -> list[_Place]:
        return [*self._workers, self._server, self._loader]

    def _heard(self) -> int | None:
        """Wait for a signal, for a minute, or until an empty place may be filled."""
        waits = [max(0.0, place.due - time.monotonic()) for place in self._places if not place.pid]
        told = signal.sigtimedwait(HEARD, min([*waits, FOLLOW_SECONDS]))
        return told.si_signo if told else None

    def _fill(self) -> None:
        for place in self._places:
            if not place.pid and place.due <= time.monotonic():
                self._start(place)
        self._accounts.metrics.workers.set(sum(bool(place.pid) for place in self._workers))

    def _start(self, place: _Place) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            pid = os.fork()
        except OSError as error:  # no memory for another process; those that live go on
            self._accounts.record.alarm(place.name, f"could not be started: {error.strerror}")
            place.due = time.monotonic() + LONGEST_DELAY
            return
        if pid == 0:
            self._live(place)
        if place.born and place in self._workers:
            self._accounts.metrics.restarts.inc()
        place.pid, place.born = pid, time.monotonic()

    def _bury(self) -> None:
        """Note the processes that ended, and when their places may be filled again."""
        for place, status in self._ended():
            lived = time.monotonic() - place.born
            place.delay = 0.0 if lived > SHORT_LIFE else min(max(place.delay * 2, FIRST_DELAY), LONGEST_DELAY)
            place.due = time.monotonic() + place.delay
            self._accounts.record.alarm(place.name, f"process {place.pid} {_how(status)} after {lived:.1f} s")
            place.pid = 0

    def _ended(self) -> list[tuple[_Place, int]]:
        found = []
        for place in self._places:
            if place.pid and (status := os.waitpid(place.pid, os.WNOHANG))[0]:
                found.append((place, status[1]))
        return found

    def _drain(self) -> None:
        """Let the workers take no more connections and end what is under way, then end everything."""
        os.close(self._life)
        os.close(self._ear)
        select.select([self._ears], [], [], DEAF_SECONDS)
        with socket.socket(fileno=self._listener) as listener:
            listener.shutdown(socket.SHUT_RD)  # whoever connects from now on is refused
        deadline = time.monotonic() + DRAIN_SECONDS + DEAF_SECONDS
        while any(place.pid for place in self._workers) and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.1)
            for place, _ in self._ended():
                place.pid = 0
        for place in self._places:
            if place.pid:
                os.kill(place.pid, signal.SIGKILL)
                os.waitpid(place.pid, 0)

    # What follows runs in the processes.

    def _live(self, place: _Place) -> NoReturn:
        status = 1
        try:
            Path("/proc/self/comm").write_text(f"gate-{place.name}", encoding="ascii")  # what ps and top show
            os.setpgid(0, 0)  # Ctrl-C on a terminal is for the keeper, which drains
            os.close(self._life)
            os.close(self._ears)
            self._accounts.metrics.slot = place.name
            place.job()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _work(self, core: int) -> None:
        self._scraped.socket.close()
        os.sched_setaffinity(0, {core})
        worker.run(self._door, self._listener, self._lifeline, self._ear)

    def _answer_scrapers(self) -> None:
        self._keep_out_of_mail()
        metrics.serve(self._scraped, self._pid, self._accounts.record.follow)

    def _load(self, loader: Loader) -> None:
        self._keep_out_of_mail()
        self._scraped.socket.close()
        loader.run(self._pid)

    def _keep_out_of_mail(self) -> None:
        for number in (self._lifeline, self._ear, self._listener):
            os.close(number)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"ended with status {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"
