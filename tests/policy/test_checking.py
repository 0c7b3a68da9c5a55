# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a unit's mailbox is looked into, against what the text asks."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailpolicy.office.checking import Use, asked_per_day, judge, windows, working_days
from mailpolicy.parameters.lifecycle import CheckingHabits
from mailpolicy.regulation import load

MONDAY = date(2026, 9, 7)
FOUR = CheckingHabits(
    unit_checks_per_day=4,
    unit_windows=("morning-start", "morning-end", "afternoon-start", "afternoon-end"),
)
DAILY = CheckingHabits(unit_checks_per_day=1)


def use(begin: str, end: str | None = None, day: date = MONDAY) -> Use:
    first = datetime.combine(day, time.fromisoformat(begin))
    return Use(first, datetime.combine(day, time.fromisoformat(end)) if end else first)


def test_the_draft_for_hcm_asks_for_four_windows_and_the_ministry_for_one_look_a_day() -> None:
    four, daily = (load(name).duty("checking-habits") for name in ("hcm", "mr"))
    assert four and daily
    assert four.parameters == FOUR
    assert daily.parameters == DAILY
    assert (asked_per_day(FOUR), asked_per_day(DAILY), asked_per_day(CheckingHabits())) == (4, 1, 1)


def test_windows_part_the_day_in_the_middle_of_each_half_and_of_the_noon_break() -> None:
    shown = {name: f"{a:%H:%M}-{b:%H:%M}" for name, (a, b) in windows(FOUR).items()}
    assert shown == {
        "morning-start": "06:30-09:30",
        "morning-end": "09:30-12:15",
        "afternoon-start": "12:15-15:00",
        "afternoon-end": "15:00-18:00",
    }
    assert list(windows(DAILY)) == ["day"]


def test_an_office_with_other_hours_has_other_windows() -> None:
    terms = CheckingHabits(unit_windows=("morning-start",), morning="00:30-06:30", afternoon="18:00-23:30")
    assert windows(terms) == {"morning-start": (time(0), time(3, 30))}
    with pytest.raises(ValidationError, match="follow each other"):
        CheckingHabits(morning="07:30-13:30")
    with pytest.raises(ValidationError):
        CheckingHabits(morning="7:30-11:30")


@pytest.mark.parametrize(
    ("uses", "kept"),
    [
        ([], 0),
        ([use("07:31")], 1),
        ([use("06:29")], 0),
        ([use("18:00")], 0),
        ([use("07:31"), use("09:29"), use("09:30")], 2),
        ([use("07:31"), use("11:20"), use("13:05"), use("16:58")], 4),
        ([use("07:31", "17:01")], 4),  # one session all day: it lay open in every window
        ([use("11:00", "13:00")], 2),
        ([use("07:31", day=date(2026, 9, 8))], 0),
    ],
)
def test_a_window_is_kept_by_a_login_in_it_or_a_session_over_it(uses: list[Use], kept: int) -> None:
    assert judge(uses, [MONDAY], FOUR).kept == kept


def test_a_session_over_days_counts_on_each_of_them() -> None:
    days = [date(2026, 9, day) for day in (7, 8, 9)]
    stretch = Use(datetime.fromisoformat("2026-09-07T13:00"), datetime.fromisoformat("2026-09-09T08:00"))
    habit = judge([stretch], days, FOUR)
    assert (habit.kept, habit.asked, habit.whole_days, habit.uses) == (2 + 4 + 1, 12, 1, 1)
    assert habit.by_window == dict.fromkeys(("morning-start", "afternoon-start", "afternoon-end"), 2) | {
        "morning-end": 1
    }
    assert judge([stretch], days, DAILY).whole_days == 3


def test_where_the_text_names_no_windows_each_use_is_a_check_up_to_the_number() -> None:
    twice = CheckingHabits(unit_checks_per_day=2)
    habit = judge([use("08:00"), use("22:00"), use("23:00")], [MONDAY], twice)
    assert (habit.kept, habit.whole_days, habit.share) == (2, 1, 1.0)
    assert judge([use("08:00")], [MONDAY], twice).share == 0.5
    assert judge([use("08:00")], [], twice).share is None


def test_weekends_holidays_and_an_office_s_own_days_off_are_no_working_days() -> None:
    september = [date(2026, 9, day) for day in range(1, 9)]
    assert working_days(september, [date(2026, 9, 4)]) == [date(2026, 9, day) for day in (3, 7, 8)]


moments = st.datetimes(*map(datetime.fromisoformat, ("2026-09-06", "2026-09-10")))


@given(st.lists(st.tuples(moments, moments).map(lambda pair: Use(min(pair), max(pair)))))
def test_more_uses_never_keep_less(uses: list[Use]) -> None:
    days = [date(2026, 9, day) for day in (7, 8, 9)]
    habit = judge(uses, days, FOUR)
    assert habit.kept == sum(habit.by_window.values()) <= habit.asked
    assert habit.kept >= judge(uses[1:], days, FOUR).kept
    assert habit.whole_days * 4 <= habit.kept
