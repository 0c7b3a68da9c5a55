# SPDX-License-Identifier: GPL-3.0-or-later
"""Which days the logs speak for."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.clocks.coverage import LARGEST_GAP, Coverage, Interval, unbroken

VIETNAM = timezone(timedelta(hours=7))
NOVEMBER_22 = date(2026, 11, 22)


def stretch(start: str, end: str) -> Interval:
    return Interval(*(datetime.fromisoformat(moment).replace(tzinfo=VIETNAM) for moment in (start, end)))


def test_without_logs_nothing_is_covered() -> None:
    assert unbroken([], NOVEMBER_22) is None


def test_files_that_follow_each_other_are_one_stretch_in_any_order() -> None:
    files = [
        stretch("2026-11-15T00:00:03", "2026-11-21T23:58:10"),
        stretch("2026-11-01T06:25:00", "2026-11-07T23:59:59"),
        stretch("2026-11-08T00:00:00", "2026-11-14T17:30:00"),
    ]
    assert unbroken(files, NOVEMBER_22) == Coverage(date(2026, 11, 1), date(2026, 11, 21))


def test_a_missing_day_breaks_the_stretch() -> None:
    files = [
        stretch("2026-11-01T00:00:01", "2026-11-09T23:59:58"),
        stretch("2026-11-11T00:00:02", "2026-11-21T23:59:59"),
    ]
    assert unbroken(files, NOVEMBER_22) == Coverage(date(2026, 11, 11), date(2026, 11, 21))


def test_a_file_missing_between_two_mornings_breaks_it_though_every_day_has_lines() -> None:
    files = [
        stretch("2026-11-01T06:25:00", "2026-11-09T06:24:59"),
        stretch("2026-11-10T06:25:00", "2026-11-21T06:24:59"),
    ]
    assert unbroken(files, NOVEMBER_22) == Coverage(date(2026, 11, 10), date(2026, 11, 21))


def test_a_short_file_inside_a_long_one_does_not_end_it() -> None:
    files = [
        stretch("2026-10-01T00:00:00", "2026-11-20T00:00:00"),
        stretch("2026-10-02T00:00:00", "2026-10-03T00:00:00"),
        stretch("2026-11-20T08:00:00", "2026-11-21T08:00:00"),
    ]
    assert unbroken(files, NOVEMBER_22) == Coverage(date(2026, 10, 1), date(2026, 11, 21))


def test_for_a_day_in_the_past_later_logs_play_no_part() -> None:
    files = [
        stretch("2026-01-01T00:00:00", "2026-06-30T12:00:00"),
        stretch("2026-09-01T00:00:00", "2026-11-21T12:00:00"),
    ]
    assert unbroken(files, date(2026, 3, 15)) == Coverage(date(2026, 1, 1), date(2026, 3, 15))
    assert unbroken(files, date(2026, 8, 1)) == Coverage(date(2026, 1, 1), date(2026, 6, 30))
    assert unbroken(files, date(2025, 12, 31)) is None


START = datetime(2026, 1, 1, tzinfo=VIETNAM)
intervals = st.lists(
    st.builds(
        lambda begin, hours: Interval(START + timedelta(hours=begin), START + timedelta(hours=begin + hours)),
        st.integers(0, 1400),
        st.integers(0, 400),
    ),
    max_size=12,
)


@given(intervals.flatmap(lambda logs: st.tuples(st.just(logs), st.permutations(logs))), st.integers(-1, 80))
def test_no_moment_of_a_stretch_is_further_from_logs_than_the_largest_gap(
    orders: tuple[list[Interval], list[Interval]], days: int
) -> None:
    logs, shuffled = orders
    until = (START + timedelta(days=days)).date()
    covered = unbroken(logs, until)
    assert unbroken(shuffled, until) == covered
    if covered is None:
        return
    assert covered.first <= covered.last <= until
    moment = datetime.combine(covered.first + timedelta(days=1), datetime.min.time(), VIETNAM)
    while moment.date() < covered.last:
        near = Interval(moment - LARGEST_GAP, moment + LARGEST_GAP)
        assert any(one.start <= near.end and near.start <= one.end for one in logs)
        moment += timedelta(hours=6)
