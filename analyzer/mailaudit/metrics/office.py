# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the site file: the directory's mailboxes, what is due, reports and the snapshot."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client.core import Metric

from mailaudit.directory import office
from mailaudit.directory.listing import Listing
from mailaudit.directory.office import Office
from mailaudit.metrics.duesteps import due_steps
from mailaudit.metrics.families import gauge, gauges
from mailaudit.metrics.mailboxes import active_names
from mailaudit.store import Store
from mailaudit.usage.people import units
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.files.problems import BadFile
from mailpolicy.office.duedates import CODE, next_reports
from mailpolicy.officetime import begin_of, office_day
from mailpolicy.snapshot.header import LONGEST, BadSnapshot, decode

FRESH = 900.0
"""Seconds that a directory serves, and what was found due by it: a scraper asks every minute."""
UNITS = 200
"""So many units have a series of their own; the smaller ones are added up."""
SMALLER = "(smaller units)"
DAY = timedelta(days=1)


class OfficeMetrics:
    """The metrics of one site file. With `by_unit` units are told apart."""

    def __init__(self, site: Path, *, by_unit: bool) -> None:
        self._file = site
        self._by_unit = by_unit
        self._read_at = -FRESH
        self._office: Office | None = None
        self._listing: Listing | None = None
        self._due: Metric | None = None

    def metrics(self, store: Store | None, now: datetime) -> Iterator[Metric]:
        """Give what the site file and its directory tell; without a store, what can be told without one.

        Raises StoreError.
        """
        up = time.monotonic() - self._read_at < FRESH or self._read()
        yield gauge("mailaudit_directory_up", "Whether site and directory could be read.", float(up))
        if self._office:
            yield from _reports(self._office, now)
            yield from _snapshot(self._office)
        if self._listing:
            yield _by_kind(self._listing.mailboxes)
        if self._office and self._listing and store:
            self._due = self._due or due_steps(store, self._office.site, self._listing, now)
            yield self._due
            if self._by_unit:
                yield from _units(store, self._listing.mailboxes, now)

    def _read(self) -> bool:
        """Read both again; False, and what could not be read is unknown from now on."""
        self._office = self._listing = self._due = None
        try:
            self._office = office.load(self._file)
            self._listing = self._office.listing() if self._office.directory else None
        except BadFile:  # `mailaudit directory check` says what is wrong
            return False
        self._read_at = time.monotonic()
        return True


def _by_kind(mailboxes: Sequence[Mailbox]) -> Metric:
    kinds = Counter({(kind.value,): 0 for kind in Kind})
    kinds.update((mailbox.kind.value,) for mailbox in mailboxes)
    return gauges("mailaudit_directory_mailboxes", "Mailboxes of the directory by kind.", ["kind"], kinds)


def _reports(here: Office, now: datetime) -> Iterator[Metric]:
    duty = here.site.duty(CODE)
    ends: dict[tuple[str, str], float] = {}
    for report in next_reports(duty, office_day(now)) if duty else ():
        ends.setdefault((report.line.by, report.line.period), begin_of(report.day + DAY).timestamp())
    yield gauges(
        "mailaudit_report_due_timestamp_seconds", "End of the day reports are due.", ["by", "period"], ends
    )


def _snapshot(here: Office) -> Iterator[Metric]:
    """Give when the snapshot for the gate was made; nothing if none can be read."""
    try:
        with Path(here.snapshot).open("rb") as file:
            made_at = decode(file.readline(LONGEST)).made_at
    except (OSError, BadSnapshot):
        return
    yield gauge(
        "mailaudit_snapshot_made_timestamp_seconds", "When the gate's snapshot was made.", made_at.timestamp()
    )


def _units(store: Store, mailboxes: Sequence[Mailbox], now: datetime) -> Iterator[Metric]:
    unit_of = units(mailboxes)
    sizes = Counter(unit_of.values())
    named = {unit for unit, _ in sizes.most_common(UNITS)}
    label = {unit: unit if unit in named else SMALLER for unit in sizes}
    have = Counter((label[unit],) for unit in unit_of.values())
    active = Counter(dict.fromkeys(have, 0))
    used = active_names(store, now - 30 * DAY)
    active.update((label[unit_of[name]],) for name in used if name in unit_of)
    yield gauges("mailaudit_unit_mailboxes", "Mailboxes of the directory by unit.", ["unit"], have)
    yield gauges("mailaudit_unit_active_mailboxes", "Those used within 30 days.", ["unit"], active)
