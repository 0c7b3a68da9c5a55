# SPDX-License-Identifier: GPL-3.0-or-later
"""Showing how far a command is whose time goes into queries: as far as the engine says its query is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import ref

from mailpolicy.progress import watching

UNKNOWN = -1.0


class Queried(Protocol):
    """An engine that can be looked at from another thread while it computes."""

    def percent(self) -> float:
        """How much of its query is done, below 0 if it has none or can't tell."""


_latest: list[ref[Queried]] = []


def look_at(engine: Queried) -> None:
    """Have this engine looked at, and none before it: a command uses one at a time."""
    _latest[:] = [ref(engine)]


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on standard error how far the query is that is computed, and how long all has taken."""
    with watching(what, _percent):
        yield


def _percent() -> float:
    engine = _latest[0]() if _latest else None
    return engine.percent() if engine else UNKNOWN
