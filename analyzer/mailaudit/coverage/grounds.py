# SPDX-License-Identifier: GPL-3.0-or-later
"""What a table about a period rests on: the hours that logs were read for, and the days that they are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mailaudit.coverage.days import NotCovered, in_words, not_covered, uncovered_days
from mailaudit.coverage.gaps import Coverage, coverage, within
from mailaudit.coverage.show import NO_HOST, in_short
from mailaudit.coverage.show import as_json as coverage_as_json
from mailaudit.sheets import Column, Form, Sheet
from mailaudit.store import Store
from mailaudit.usage.period import Period
from mailaudit.usage.utcdays import last_utc_day
from mailpolicy.officetime import office_time

ZONE = "+07:00"


@dataclass(frozen=True, slots=True)
class Grounds:
    """A table's period, each host's hours that logs were read for, and the days that they are not.

    `utc_until` is the last day whose lines an older version counted by UTC's days, None if there is none.
    """

    period: Period
    covered: Sequence[Coverage]
    not_covered: Sequence[NotCovered]
    utc_until: date | None = None

    @property
    def uncovered(self) -> set[date]:
        """Every day of the period that is not covered, or not wholly."""
        return uncovered_days(self.not_covered)


def grounds(store: Store, period: Period) -> Grounds:
    """Return what a table about a period rests on. Raises StoreError."""
    covered = coverage(store)
    until = last_utc_day(store)
    return Grounds(
        period,
        [within(one, period.first, period.last) for one in covered],
        not_covered(covered, period.first, period.last),
        until if until and until >= period.first else None,
    )


def lines(grounds: Grounds) -> list[str]:
    """Say it in lines of text."""
    said = [f"{grounds.period.first} to {grounds.period.last}; days are the office's (UTC+7)."]
    if grounds.utc_until:
        said.append(f"Lines up to {grounds.utc_until} were counted by UTC's days, by an older version.")
    return [*said, *in_short(grounds.covered), in_words(grounds.not_covered)]


def as_json(grounds: Grounds) -> dict[str, Any]:
    """Return it for a program to read."""
    return {
        "from": grounds.period.first.isoformat(),
        "to": grounds.period.last.isoformat(),
        "zone": ZONE,
        "counted_by_utc_until": grounds.utc_until and grounds.utc_until.isoformat(),
        "not_covered": [
            {"from": one.first.isoformat(), "to": one.last.isoformat(), "in_part": one.in_part}
            for one in grounds.not_covered
        ],
        "coverage": coverage_as_json(grounds.covered),
    }


def on_each_row(sheet: Sheet, grounds: Grounds) -> Sheet:
    """Return a sheet for CSV, where each row says its period and the days of it that are not covered."""
    missing = "; ".join(map(str, grounds.not_covered))
    last = (grounds.period.first, grounds.period.last, missing)
    columns = (Column("from", Form.DAY), Column("to", Form.DAY), Column("not covered"))
    return Sheet(sheet.name, (*sheet.columns, *columns), [(*row, *last) for row in sheet.rows])


def sheet(grounds: Grounds) -> Sheet:
    """Return it as a sheet of a workbook: a statement and its value in each row."""
    rows = [("from", str(grounds.period.first)), ("to", str(grounds.period.last)), ("days", f"UTC{ZONE}")]
    if grounds.utc_until:
        rows.append(("counted by UTC's days until", str(grounds.utc_until)))
    for one in grounds.covered:
        first, last = (f"{office_time(time):%Y-%m-%d %H:%M}" for time in (one.first, one.last))
        rows.append((f"logs of {one.host or NO_HOST}", f"{first} to {last}, {len(one.gaps)} gaps"))
    rows += [("not covered", str(one)) for one in grounds.not_covered] or [("not covered", "no day")]
    return Sheet("coverage", (Column("what"), Column("said")), rows)
