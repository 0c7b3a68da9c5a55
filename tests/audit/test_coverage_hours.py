# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours without a line are told apart: quiet ones, and gaps."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from typer.testing import CliRunner

from audit.maillog import START, line, login, stamp
from audit.office import Office
from mailaudit.cli import app
from mailaudit.coverage.gaps import Why, coverage
from mailpolicy.clocks.coverage import unbroken

MONDAY = datetime.fromisoformat("2026-09-07")
WORK = range(8, 18)


def hours(day: int, *of: int, host: str = "mail") -> list[str]:
    midnight = MONDAY + timedelta(days=day)
    times = [midnight + timedelta(hours=hour) for hour in of]
    return [
        login(time, "a@example.org").replace(f"{stamp(time)} mail", f"{stamp(time)} {host}") for time in times
    ]


def silences(office: Office, host: str = "mail") -> list[tuple[str, int, Why]]:
    [one] = coverage(office.store, host)
    return [(f"{s.begin:%d}", round((s.end - s.begin) / timedelta(hours=1)), s.why) for s in one.silences]


def test_a_quiet_night_in_a_log_is_no_gap(office: Office) -> None:
    office.ingest(office.write("mail.log", [*hours(0, *WORK), *hours(1, *WORK)]))
    assert [why for _, _, why in silences(office)] == [Why.QUIET]


def test_a_log_that_says_nothing_for_long_stood_still(office: Office) -> None:
    office.ingest(office.write("mail.log", [*hours(0, *WORK), *hours(2, *WORK)]))
    assert [why for _, _, why in silences(office)] == [Why.STOOD_STILL]


def test_nights_between_daily_logs_are_quiet_and_a_missing_day_is_a_gap(office: Office) -> None:
    days = [office.write(f"{day:02}.log", hours(day, *WORK)) for day in (0, 1, 2, 4)]
    office.ingest(*days)
    assert [why for _, _, why in silences(office)] == [Why.QUIET, Why.QUIET, Why.MISSING]


def test_an_afternoon_that_is_missing_is_a_gap_though_it_is_short(office: Office) -> None:
    logs = [office.write(f"{day:02}.log", hours(day, *WORK)) for day in (0, 1, 2)]
    logs += [office.write("03a.log", hours(3, 8, 9, 10)), office.write("03b.log", hours(3, 16, 17))]
    office.ingest(*logs)
    assert silences(office)[-1][1:] == (5, Why.MISSING)
    [one] = coverage(office.store, "mail")
    assert one.gaps[0].said == (
        "no log tells of it: 03a.log ends before it, 03b.log begins after it; "
        "on 3 of 3 other days there were lines at that time"
    )


def test_weekends_are_compared_with_weekends(office: Office) -> None:
    days = [day for day in range(26) if day % 7 < 5]
    office.ingest(*(office.write(f"{day:02}.log", hours(day, *range(24))) for day in days))
    weekends = [(length, why) for _, length, why in silences(office)]
    assert weekends == [(48, Why.MISSING)] * 3  # longer than a day: nobody knows what happened


def test_a_gap_of_one_host_is_a_gap_though_another_goes_on(office: Office) -> None:
    one = [each for day in range(9) for each in hours(day, *WORK, host="mail1")]
    two = [office.write(f"two{day}.log", hours(day, *WORK, host="mail2")) for day in (0, 1, 2, 6, 7, 8)]
    office.ingest(office.write("one.log", one), *two)
    stretches = office.store.coverage()
    assert [(f"{s.start.astimezone():%d}", f"{s.end.astimezone():%d}") for s in stretches] == [
        ("07", "09"),
        ("13", "15"),
    ]
    covered = unbroken(stretches, date(2026, 9, 20))
    assert covered is not None
    assert covered.first == date(2026, 9, 13)


def test_a_host_that_took_over_from_another_leaves_no_gap(office: Office) -> None:
    logs = [
        office.write(f"{day}.log", hours(day, *WORK, host="old" if day < 4 else "new")) for day in range(8)
    ]
    office.ingest(*logs)
    assert len(office.store.coverage()) == 1


def told(office: Office, *arguments: str) -> tuple[int, Any]:
    done = CliRunner().invoke(app, ["--home", str(office.home), "coverage", *arguments])
    return done.exit_code, json.loads(done.output) if "--json" in arguments else done.output


def test_the_command_says_it_and_ends_with_1_if_there_is_a_gap(office: Office) -> None:
    office.ingest(*(office.write(f"{day}.log", hours(day, *WORK)) for day in (0, 1, 5)))
    code, [host] = told(office, "--json")
    assert (code, host["host"], host["hours_with_lines"], host["lines"]) == (1, "mail", 30, 30)
    assert [silence["gap"] for silence in host["silences"]] == [False, True]
    assert "no log tells of it: 1.log ends before it, 5.log begins after it" in told(office)[1]
    assert told(office, "--to", "2026-09-09")[0] == 1
    assert told(office, "--to", "2026-09-07")[0] == 0
    assert told(office, "--host", "none")[0] == 1


def test_lines_of_hosts_are_counted_by_hour(office: Office) -> None:
    office.ingest(office.write("mail.log", [*hours(0, 8, 8, 9), line(START, "amavis[9]", "x")]))
    [one] = coverage(office.store)
    assert (one.lines, one.hours) == (4, 3)
