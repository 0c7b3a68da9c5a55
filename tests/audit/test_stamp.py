# SPDX-License-Identifier: GPL-3.0-or-later
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.logs.stamp import NO_TIME, calendar, day_of_year, read_days, read_stamps

WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _zone(monkeypatch, "UTC")
    yield
    monkeypatch.undo()
    time.tzset()


def _zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TZ", name)
    time.tzset()


def read(*lines: str, written: datetime = WRITTEN) -> list[tuple[str | None, str]]:
    """The times of lines as ISO 8601 in UTC, or None, and what stands behind them."""
    data = [line.encode() + b"\n" for line in lines]
    starts = np.cumsum([0, *map(len, data)])[:-1]
    block = np.frombuffer(b"".join(data), np.uint8)
    stamps = read_stamps(block, starts, calendar(read_days(block, starts).tolist(), written))
    times = [None if each == NO_TIME else str(np.datetime64(each, "us")) for each in stamps.times.tolist()]
    return [
        (moment and moment.removesuffix(".000000"), line[rest:])
        for moment, line, rest in zip(times, lines, stamps.rests.tolist(), strict=True)
    ]


def times(*lines: str, written: datetime = WRITTEN) -> list[str | None]:
    return [moment for moment, _ in read(*lines, written=written)]


def test_the_day_may_be_padded_or_not() -> None:
    assert read("Nov  1 01:02:03 mail x", "Nov 1 01:02:03 mail x", "Nov 11 01:02:03 mail x") == [
        ("2026-11-01T01:02:03", "mail x"),
        ("2026-11-01T01:02:03", "mail x"),
        ("2026-11-11T01:02:03", "mail x"),
    ]


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("2026-11-21T23:52:46+07:00", "2026-11-21T16:52:46"),
        ("2026-11-21T23:52:46.123456+07:00", "2026-11-21T16:52:46.123456"),
        ("2026-11-21T23:52:46.5-0330", "2026-11-22T03:22:46.500000"),
        ("2026-11-21T23:52:46,25Z", "2026-11-21T23:52:46.250000"),
        ("2026-11-21 23:52:46", "2026-11-21T23:52:46"),
        ("2024-02-29T00:00:00.123456789Z", "2024-02-29T00:00:00.123456"),
        ("2026-11-21t23:52:46z", "2026-11-21T23:52:46"),
        ("2026-11-21 23:52:46+07", "2026-11-21T16:52:46"),
    ],
)
def test_iso_8601_is_read_with_fraction_and_zone(stamp: str, utc: str) -> None:
    assert read(f"{stamp} mail x") == [(utc, "mail x")]


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("<34>1 2026-11-21T23:52:46.003+07:00", "2026-11-21T16:52:46.003000"),
        ("1 2026-11-21T23:52:46Z", "2026-11-21T23:52:46"),
        ("<191>1 2026-11-21T23:52:46.123456-03:30", "2026-11-22T03:22:46.123456"),
        ("<22>2026-11-21T23:52:46Z", "2026-11-21T23:52:46"),
        ("<2>Nov 21 23:52:46", "2026-11-21T23:52:46"),
        ("1795305166", "2026-11-21T23:52:46"),
        ("1795305166.434", "2026-11-21T23:52:46.434000"),
        ("<22>1795305166.000001", "2026-11-21T23:52:46.000001"),
    ],
)
def test_a_priority_and_a_version_may_stand_before_the_time(stamp: str, utc: str) -> None:
    assert read(f"{stamp} mail x", "Nov  1 01:02:03 mail y") == [
        (utc, "mail x"),
        ("2026-11-01T01:02:03", "mail y"),
    ]


ZONES = st.builds(
    lambda sign, hours, minutes: timezone(sign * timedelta(hours=hours, minutes=minutes)),
    st.sampled_from([1, -1]),
    st.integers(0, 14),
    st.integers(0, 59),
)
MOMENTS = st.datetimes(datetime.fromisoformat("2001-09-10"), datetime.fromisoformat("2099-12-30"))
FORMS: list[Callable[[datetime], str]] = [
    lambda moment: moment.isoformat(),
    lambda moment: moment.isoformat(sep=" ", timespec="microseconds"),
    lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S,%f%z}",
    lambda moment: f"<{moment.second}>1 {moment.isoformat(timespec='milliseconds')}",
    lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    lambda moment: f"{int(moment.timestamp())}.{moment.microsecond:06}",
]


@given(st.lists(st.tuples(MOMENTS, ZONES, st.sampled_from(FORMS)), min_size=1, max_size=30))
def test_what_datetime_writes_is_read(
    written: list[tuple[datetime, timezone, Callable[[datetime], str]]],
) -> None:
    stamps = [form(moment.replace(tzinfo=zone)) for moment, zone, form in written]
    expected = [
        moment.replace(
            tzinfo=zone, microsecond=moment.microsecond // 1000 * 1000 if "<" in stamp else moment.microsecond
        )
        for (moment, zone, _), stamp in zip(written, stamps, strict=True)
    ]
    found = [
        datetime.fromisoformat(f"{moment}+00:00") for moment in times(*(f"{stamp} a" for stamp in stamps))
    ]
    assert found == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "Foo 11 01:02:03 mail",
        "Apr 31 01:02:03 mail",
        "Nov  0 01:02:03 mail",
        "Nov 11 24:02:03 mail",
        "Nov 11 01:02:03",
        "Nov 11 01-02-03 mail",
        "Nov 11 01:02:0: mail",
        "Nov 1/ 01:02:03 mail",
        "2026-11-2. 01:02:03Z mail",
        "2026-02-29T01:02:03Z mail",
        "2026-13-01T01:02:03Z mail",
        "2026-11-21T23:52:46+07:00mail",
        "1026-11-21T23:52:46Z mail",
        "@400000004c91b044077a9e94 mail",
        "November 11 01:02:03 mail",
        "2026-11-21T23:52:46+ab:cd mail",
        "2026-11-21T23:52:46+24:00 mail",
        "2026-11-21T23:52:46+07:60 mail",
        "179530516 mail",
        "17953051660 mail",
        "1795305166.4x mail",
        "<>1 2026-11-21T23:52:46Z mail",
        "<1234>1 2026-11-21T23:52:46Z mail",
        "<22>2 2026-11-21T23:52:46Z mail",
        "<22> Nov 11 01:02:03 mail",
        "1",
        "<",
    ],
)
def test_what_is_no_time_is_not_taken_for_one(line: str) -> None:
    assert times(line, "Nov 11 01:02:03 mail") == [None, "2026-11-11T01:02:03"]


@pytest.mark.parametrize(
    "line", ["<22>1 2026-11-21T23:52:46.123456+07:00 a", "<191>Nov  1 01:02:03 a", "1795305166.434 a"]
)
def test_what_stands_behind_the_data_is_not_read(line: str) -> None:
    block, start = np.frombuffer(line.encode(), np.uint8), np.zeros(1, np.int64)
    for end in range(1, len(line)):
        [moment] = read_stamps(block[:end], start, calendar([], WRITTEN)).times.tolist()
        assert (moment == NO_TIME) == (end < len(line) - 1), line[:end]


def test_a_time_without_zone_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    _zone(monkeypatch, "Asia/Ho_Chi_Minh")
    assert times("Nov 21 00:30:00 mail x", "2026-11-21 00:30:00 mail x") == ["2026-11-20T17:30:00"] * 2


def test_summer_time_is_that_of_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    _zone(monkeypatch, "Europe/Berlin")
    lines = ("Mar 29 01:59:59 a", "Mar 29 03:00:00 a", "Oct 25 04:00:00 a")
    assert times(*lines) == ["2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-25T03:00:00"]


@pytest.mark.parametrize(
    ("zone", "stamp", "utc"),
    [
        ("Asia/Ho_Chi_Minh", "Nov 21 00:30:00", "2026-11-20T17:30:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-21 00:30:00", "2026-11-20T17:30:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-21T00:30:00Z", "2026-11-21T00:30:00"),
        ("Europe/Berlin", "Oct 25 01:59:59", "2026-10-24T23:59:59"),
        ("Europe/Berlin", "Oct 25 02:30:00", "2026-10-25T00:30:00"),  # there are two; the first
        ("Europe/Berlin", "Oct 25 03:00:00", "2026-10-25T02:00:00"),
        ("Europe/Berlin", "Mar 29 02:30:00", "2026-03-29T01:30:00"),  # there is none
        ("Australia/Lord_Howe", "Apr  5 03:00:00", "2026-04-04T16:30:00"),
    ],
)
def test_a_time_without_zone_is_in_the_zone_that_is_named(zone: str, stamp: str, utc: str) -> None:
    line = f"{stamp} mail x\n".encode()
    block = np.frombuffer(line, np.uint8)
    starts = np.zeros(1, np.int64)
    years = calendar(read_days(block, starts).tolist(), WRITTEN, ZoneInfo(zone))
    [moment] = read_stamps(block, starts, years).times.tolist()
    assert str(np.datetime64(moment, "us")).removesuffix(".000000") == utc


def test_the_year_is_that_in_which_the_log_was_written_last() -> None:
    assert times("Nov 21 10:00:00 a", written=datetime(2024, 11, 30, tzinfo=UTC)) == ["2024-11-21T10:00:00"]
    assert times("Dec 24 10:00:00 a", written=datetime(2026, 1, 5, tzinfo=UTC)) == ["2025-12-24T10:00:00"]


def test_a_log_goes_on_over_new_year() -> None:
    lines = ("Dec 30 10:00:00 a", "Dec 31 23:59:59 a", "Jan  1 00:00:00 a", "Feb  2 10:00:00 a")
    assert times(*lines, written=datetime(2026, 2, 3, tzinfo=UTC)) == [
        "2025-12-30T10:00:00",
        "2025-12-31T23:59:59",
        "2026-01-01T00:00:00",
        "2026-02-02T10:00:00",
    ]


def test_a_log_may_hold_several_years() -> None:
    lines = (
        "Mar  1 10:00:00 a",
        "Nov  1 10:00:00 a",
        "Apr  1 10:00:00 a",
        "Dec  1 10:00:00 a",
        "May  1 10:00:00 a",
    )
    assert [str(moment)[:7] for moment in times(*lines, written=datetime(2026, 6, 1, tzinfo=UTC))] == [
        "2024-03",
        "2024-11",
        "2025-04",
        "2025-12",
        "2026-05",
    ]


def test_a_clock_set_back_makes_no_new_year() -> None:
    lines = ("Nov 10 10:00:00 a", "Nov  9 10:00:00 a", "Oct  1 10:00:00 a", "Nov 11 10:00:00 a")
    assert {str(moment)[:4] for moment in times(*lines)} == {"2026"}


def test_jumbled_lines_are_never_dated_after_the_log_was_written() -> None:
    lines = [f"{month} 15 10:00:00 a" for month in ("Dec", "Jan", "Oct", "Feb", "Dec", "Mar", "Nov", "Jan")]
    assert max(map(str, times(*lines))) < "2026-11-22"


def test_the_leap_day_is_in_a_leap_year() -> None:
    written = datetime(2024, 3, 2, tzinfo=UTC)
    assert times("Feb 28 10:00:00 a", "Feb 29 10:00:00 a", "Mar  1 10:00:00 a", written=written) == [
        "2024-02-28T10:00:00",
        "2024-02-29T10:00:00",
        "2024-03-01T10:00:00",
    ]
    assert times("Feb 29 10:00:00 a") == ["2024-02-29T10:00:00"]


def test_a_clock_that_runs_ahead_makes_no_line_a_year_old() -> None:
    assert times("Dec  1 10:00:00 a") == ["2026-12-01T10:00:00"]
    assert calendar([day_of_year(date(2026, 12, 1))], WRITTEN).is_ahead
    assert times("Dec 20 10:00:00 a") == ["2025-12-20T10:00:00"]


def test_every_day_of_two_years_is_read_as_written() -> None:
    days = [datetime(2023, 11, 23, 12, tzinfo=UTC) + timedelta(days=number) for number in range(730)]
    lines = [f"{day:%b} {day.day:2} 12:00:00 a" for day in days]
    assert times(*lines, written=days[-1]) == [f"{day:%Y-%m-%d}T12:00:00" for day in days]
