# SPDX-License-Identifier: GPL-3.0-or-later
"""Days are the office's: what happens before seven in the morning in Vietnam is yesterday's in UTC only."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from audit.maillog import login
from audit.mailtraffic import Traffic
from audit.office import Office, each_store
from audit.officehours import at, ours
from mailaudit import officedays
from mailaudit.analyze.rollups import on_this_machine
from mailaudit.coverage.days import in_words, not_covered, uncovered_days
from mailaudit.coverage.gaps import coverage
from mailaudit.coverage.grounds import grounds, lines
from mailaudit.store import database
from mailaudit.store.migrate import MIGRATIONS
from mailaudit.store.tables import SOURCES
from mailaudit.store.usage_tables import USAGE_HOURS
from mailaudit.sweep.plan import Reach, make
from mailaudit.usage.period import Period, asked
from mailpolicy.directory import Mailbox
from mailpolicy.officetime import begin_of, office_day
from mailpolicy.regulation import load

EARLY = at("2026-09-08", "06:30")


def morning() -> list[str]:
    return [login(EARLY, "canbo1@example.org"), login(EARLY + timedelta(days=3), "canbo2@example.org")]


def test_a_login_at_half_past_six_is_that_day_s(office: Office) -> None:
    log = office.write("mail.log", morning())
    office.ingest(log)
    assert [(row.day, row.mailbox[:6]) for row in office.store.activity_days()] == [
        ("2026-09-08", "canbo1"),
        ("2026-09-11", "canbo2"),
    ]
    assert on_this_machine([log]).days == office.store.activity_days()
    hours = office.store.rows(sa.select(USAGE_HOURS.c.day, USAGE_HOURS.c.hour))
    assert hours == [("2026-09-08", 6), ("2026-09-11", 6)]


def test_the_facts_files_stay_by_utc_s_days(office: Office) -> None:
    office.ingest(office.write("mail.log", morning()))
    days = {path.parent.name for path in office.store.facts.glob("day=*/*.parquet")}
    assert days == {"day=2026-09-07", "day=2026-09-10"}


def test_the_sweep_counts_from_the_office_s_day(office: Office) -> None:
    office.ingest(office.write("mail.log", morning()))
    boxes = [Mailbox("canbo1@example.org", created=date(2020, 1, 1))]
    plan = make(office.store, Reach(boxes), load("hcm"), date(2027, 1, 20))
    assert plan.coverage and plan.coverage.first == date(2026, 9, 8)
    assert {step.activity.day for step in plan.steps if step.activity} == {date(2026, 9, 8)}


def test_a_period_left_open_begins_and_ends_on_the_office_s_days(office: Office) -> None:
    office.ingest(office.write("mail.log", morning()))
    period = asked(office.store, None, None)
    assert (period.first, period.last) == (date(2026, 9, 8), date(2026, 9, 11))
    begin, end = period.microseconds()
    assert begin == datetime(2026, 9, 7, 17, tzinfo=UTC).timestamp() * 1e6
    assert end - begin == 4 * 24 * 3600 * 1_000_000


def test_totals_by_day_are_those_of_the_lines_themselves(office: Office) -> None:
    traffic = Traffic(21)
    log = traffic.messages(200)
    office.ingest(office.write("mail.log", log))
    by_hand: Counter[str] = Counter()
    for time, text in traffic.lines:
        if "sasl_username=" in text:
            by_hand[str(ours(time).date())] += 1
    found: Counter[str] = Counter()
    for row in office.store.activity_days():
        found[row.day] += row.logins
    assert found == by_hand
    assert len(found) > 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_the_machine_s_own_zone_plays_no_part(zone: str, tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        "2026-09-07T23:30:00Z mail dovecot: imap-login: Login: user=<a@example.org>, rip=192.0.2.7\n"
    )
    command = "from mailaudit.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", command, "analyze", "--json", str(log)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": zone},
    )
    assert '"day": "2026-09-08"' in done.stdout


@given(
    st.datetimes(
        datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01"), timezones=st.just(UTC)
    )
)
def test_a_day_begins_where_the_one_before_ends(time: datetime) -> None:
    day = office_day(time)
    assert begin_of(day) <= time < begin_of(day + timedelta(days=1))
    begin, end = officedays.microseconds(day, day)
    assert begin <= time.timestamp() * 1e6 < end


# Which days of a period are covered.


def test_days_are_whole_in_part_or_not_covered(office: Office) -> None:
    every_hour: Callable[[str], list[str]] = lambda day: [  # noqa: E731
        login(at(day, f"{hour:02}:30"), "canbo1@example.org") for hour in range(24)
    ]
    first = [*every_hour("2026-09-07")[12:], *every_hour("2026-09-08")]
    second = [*every_hour("2026-09-12")[6:], *every_hour("2026-09-13")]
    office.ingest(office.write("mail.log.1", first), office.write("mail.log", second))
    found = not_covered(coverage(office.store), date(2026, 9, 5), date(2026, 9, 15))
    assert list(map(str, found)) == [
        "2026-09-05 to 2026-09-06",
        "2026-09-07 (in part)",
        "2026-09-09 to 2026-09-11",
        "2026-09-12 (in part)",
        "2026-09-14 to 2026-09-15",
    ]
    assert {day.day for day in uncovered_days(found)} == {5, 6, 7, 9, 10, 11, 12, 14, 15}
    assert not_covered(coverage(office.store), date(2026, 9, 8), date(2026, 9, 8)) == []
    outside = not_covered(coverage(office.store), date(2026, 10, 1), date(2026, 10, 2))
    assert in_words(outside) == "Days that logs do not cover: 2026-10-01 to 2026-10-02"


def test_without_a_log_no_day_is_covered(office: Office) -> None:
    assert office.store.sources() == []
    period = asked(office.store, None, None)
    [whole] = not_covered([], period.first, period.last)
    assert (whole.first, whole.last, whole.in_part) == (period.first, period.last, False)


# Stores that an older version made.


@each_store
def test_a_store_of_an_older_version_says_up_to_when_it_counted_by_utc(office: Office) -> None:
    from alembic import command
    from alembic.config import Config

    engine = database.postgresql(office.url) if office.url else database.sqlite(_made(office))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0007")
        last = int(datetime(2026, 9, 7, 23, 30, tzinfo=UTC).timestamp() * 1e6)
        log = {"id": 1, "first_line": "x", "head": b"", "tail": b"", "offset": 0, "path": "mail.log"}
        connection.execute(sa.insert(SOURCES).values(log | {"garbled": 0, "last_time": last}))
    store = office.store
    september = grounds(store, Period(date(2026, 9, 1), date(2026, 9, 30)))
    assert september.utc_until == date(2026, 9, 8)
    assert "Lines up to 2026-09-08 were counted by UTC's days, by an older version." in lines(september)
    assert grounds(store, Period(date(2026, 10, 1), date(2026, 10, 31))).utc_until is None


def test_a_new_store_never_counted_by_utc(office: Office) -> None:
    office.ingest(office.write("mail.log", morning()))
    assert grounds(office.store, Period(date(2026, 9, 1), date(2026, 9, 30))).utc_until is None


def _made(office: Office) -> Path:
    office.home.mkdir()
    return office.home / "store.sqlite"
