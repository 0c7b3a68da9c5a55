# SPDX-License-Identifier: GPL-3.0-or-later
"""Reminders of something to be done: the first at once, then again as long as it is not done."""

from datetime import date, timedelta

from mailpolicy.clocks.life import Life
from mailpolicy.clocks.record import Event

AGAIN = timedelta(days=30)


def reminder_due(life: Life, code: str, since: date) -> int | None:
    """Return the number of the reminder that is due, from 1; None if the last is not long ago."""
    sent = life.standing.every(Event.REMINDED, code, since)
    return None if sent and life.today < sent[-1].day + AGAIN else len(sent) + 1
