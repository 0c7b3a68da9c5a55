# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings ahead of a lock: each is given once, and of those that were missed only the nearest."""

from collections.abc import Iterable
from datetime import date, timedelta

from mailpolicy.clocks.life import Life


def nearest(lock_on: date, today: date, days_ahead: Iterable[int]) -> int | None:
    """Return which warning is due so long before the lock: the nearest one, None where none is yet."""
    return min((ahead for ahead in days_ahead if (lock_on - today).days <= ahead), default=None)


def warning_due(life: Life, lock_on: date, days_ahead: Iterable[int]) -> int | None:
    """Return the same if it was not given yet. A lock on another day is warned of anew."""
    ahead = nearest(lock_on, life.today, days_ahead)
    if ahead is None or life.standing.warned(lock_on, timedelta(days=ahead)):
        return None
    return ahead
