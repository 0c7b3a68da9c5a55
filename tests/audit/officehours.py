# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of an office in Vietnam, written into logs as this machine's clock would show them."""

from datetime import datetime

from mailpolicy.officetime import OFFICE_TIME


def at(day: str, time: str) -> datetime:
    """A time of the office, as this machine's clock shows it."""
    return (
        datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=OFFICE_TIME).astimezone().replace(tzinfo=None)
    )


def ours(naive: datetime) -> datetime:
    """A time of this machine's clock, as the office's shows it."""
    return naive.astimezone(OFFICE_TIME).replace(tzinfo=None)
