# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.clocks.workingdays import add_working_days, is_working_day

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # Saturday
        date(2026, 11, 22),  # Sunday
        date(2026, 1, 1),
        date(2026, 2, 16),  # Tết, from its eve to the fourth day
        date(2026, 2, 20),
        date(2026, 4, 27),  # the Hùng Kings' day was a Sunday
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 9, 1),
        date(2026, 9, 2),
        date(2027, 2, 5),
        date(2027, 2, 10),
    ],
)
def test_weekends_and_public_holidays_are_not_worked(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2025, 5, 2), date(2026, 1, 2), date(2026, 8, 31)])
def test_a_weekday_the_government_swapped_is_not_worked(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)])
def test_a_saturday_the_government_swapped_is_worked(day: date) -> None:
    assert is_working_day(day)


def test_culture_day_is_taken_as_a_day_off_from_2026_on() -> None:
    assert is_working_day(date(2025, 11, 24))
    assert not is_working_day(date(2026, 11, 24))
    assert not is_working_day(date(2027, 11, 24))


@pytest.mark.parametrize(
    ("notice", "last_day"),
    [
        (date(2026, 11, 2), date(2026, 11, 23)),  # three weeks without a holiday
        (date(2026, 11, 6), date(2026, 11, 30)),  # 24 November in them
        (date(2026, 2, 13), date(2026, 3, 13)),  # Tết 2026: 16 to 20 February
        (date(2026, 2, 18), date(2026, 3, 13)),  # told on a holiday
        (date(2027, 2, 1), date(2027, 3, 1)),  # Tết 2027: 4 to 10 February
        (date(2025, 12, 22), date(2026, 1, 13)),  # 1 and 2 January off, Saturday 10 worked
        (date(2026, 8, 14), date(2026, 9, 8)),  # Saturday 22 August worked, 31 August to 2 September off
    ],
)
def test_fifteen_working_days_counted_by_hand(notice: date, last_day: date) -> None:
    assert add_working_days(notice, 15) == last_day


def test_no_working_days_later_is_the_same_day() -> None:
    assert add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


@given(DAYS, st.integers(1, 60))
def test_exactly_so_many_working_days_lie_behind_the_day_up_to_the_answer(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    assert sum(is_working_day(day + timedelta(days=n)) for n in range(1, (end - day).days + 1)) == count


@given(DAYS, st.integers(0, 60))
def test_a_later_notice_never_ends_earlier(day: date, count: int) -> None:
    assert add_working_days(day, count) <= add_working_days(day + timedelta(days=1), count)
