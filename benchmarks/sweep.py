# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep's plan for 100,000 mailboxes with their records, under each regulation: processor time."""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from benchmarks.table import Table
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.step import Activity
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.lifecycle import plan
from mailpolicy.officetime import OFFICE_TIME
from mailpolicy.regulation import Regulation, load_all

MAILBOXES, UNITS = 100_000, 500
TODAY = date(2026, 11, 22)
CHANCE = random.Random(6)  # noqa: S311  no secret


def run() -> Table:
    """Plan three times under each regulation; the best counts."""
    mailboxes = [_mailbox(number) for number in range(MAILBOXES)]
    activity = {box.address: Activity(_ago(120), "imap from 10.20.3.21") for box in mailboxes if _one_in(1.1)}
    records = {box.address: _record(box.address) for box in mailboxes if _one_in(3)}
    units = [Unit(f"Phòng {number}", head_since=_ago(900)) for number in range(UNITS)]
    table = Table(f"plan for {MAILBOXES:,} mailboxes, {len(records):,} records", ("regulation", "steps", "s"))
    for regulation in load_all():
        measured = [_measure(mailboxes, activity, records, units, regulation) for _ in range(3)]
        steps, seconds = min(measured, key=lambda one: one[1])
        table.add(regulation.short, f"{steps:,}", f"{seconds:.1f}")
    return table


def _measure(
    mailboxes: Sequence[Mailbox],
    activity: Mapping[str, Activity],
    records: Mapping[str, Sequence[Entry]],
    units: Sequence[Unit],
    regulation: Regulation,
) -> tuple[int, float]:
    """Steps, and seconds of a core."""
    coverage = Coverage(TODAY - timedelta(days=700), TODAY)
    began = time.process_time()
    steps = plan(mailboxes, activity, coverage, regulation, TODAY, records=records, units=units)
    return len(steps), time.process_time() - began


def _mailbox(number: int) -> Mailbox:
    return Mailbox(
        f"canbo{number}@tphcm.gov.vn",
        Kind.PERSON if number % 20 else Kind.UNIT,
        f"Phòng {number % UNITS}",
        created=_ago(3000),
        password_changed=_ago(120),
        left_on=None if number % 30 else _ago(900),
    )


def _record(address: str) -> list[Entry]:
    """Warned, locked, and every other time opened again."""
    events = [Event.WARNED, Event.LOCKED, Event.UNLOCKED][: 2 + _one_in(2)]
    day = _ago(200)
    moment = datetime(day.year, day.month, day.day, tzinfo=OFFICE_TIME)
    return [
        Entry(address, event, moment + timedelta(hours=place), day, "inactivity")
        for place, event in enumerate(events)
    ]


def _ago(days: int) -> date:
    return TODAY - timedelta(days=CHANCE.randrange(days))


def _one_in(count: float) -> bool:
    return CHANCE.random() < 1 / count
