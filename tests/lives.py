# SPDX-License-Identifier: GPL-3.0-or-later
"""Days and entries of a mailbox's record, for tests of the clocks."""

from datetime import date, datetime, time
from typing import Any

from mailpolicy.clocks.record import Entry, Event
from mailpolicy.officetime import OFFICE_TIME

ADDRESS = "canbo1@example.org"


def day(text: str) -> date:
    """The day of YYYY-MM-DD."""
    return date.fromisoformat(text)


def at(on: str, hour: int) -> datetime:
    """A time of that day at the office."""
    return datetime.combine(day(on), time(hour), OFFICE_TIME)


def entry(event: Event, on: str, code: str = "", *, hour: int = 1, **more: Any) -> Entry:
    """Something that happened to ADDRESS on that day."""
    return Entry(ADDRESS, event, at(on, hour), day(on), code, **more)
