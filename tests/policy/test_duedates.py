# SPDX-License-Identifier: GPL-3.0-or-later
"""When reports are due, against what each article says."""

from datetime import date, timedelta

import pytest

from mailpolicy.clocks.workingdays import is_working_day
from mailpolicy.office.duedates import CODE, due_reports, next_reports, undated
from mailpolicy.parameters.reporting import UsageReport
from mailpolicy.regulation import Duty, load

ALL = ("hcm", "ts", "ct", "st", "mr")


def duty(name: str) -> Duty:
    found = load(name).duty(CODE)
    assert found is not None
    return found


def days(name: str, year: int) -> list[tuple[str, str, str]]:
    """Last day, who, and the first day that it is about."""
    return [(str(one.day), one.line.by, str(one.first)) for one in due_reports(duty(name), year)]


def test_hcm_14_the_office_on_the_10th_and_units_on_the_5th_of_a_quarter_s_last_month() -> None:
    quarters = [("03", "01"), ("06", "04"), ("09", "07"), ("12", "10")]
    assert days("hcm", 2026) == [
        (f"2026-{month}-{day}", by, f"2026-{first}-01")
        for month, first in quarters
        for day, by in (("05", "units"), ("10", "office"))
    ]


def test_ct_15_agencies_on_5_june_and_december_the_department_on_the_15th() -> None:
    assert days("ct", 2026) == [
        ("2026-06-05", "agencies", "2026-01-01"),
        ("2026-06-15", "department", "2026-01-01"),
        ("2026-12-05", "agencies", "2026-07-01"),
        ("2026-12-15", "department", "2026-07-01"),
    ]
    assert all(one.form == "Phụ lục II" for one in due_reports(duty("ct"), 2026))


def test_st_10_before_20_july_about_the_first_half_and_before_20_january_about_the_year_before() -> None:
    assert days("st", 2026) == [
        ("2026-01-19", "department", "2025-01-01"),
        ("2026-07-19", "department", "2026-01-01"),
    ]
    year, half = due_reports(duty("st"), 2026)
    assert (year.last, half.last) == (date(2025, 12, 31), date(2026, 6, 30))


def test_mr_15_before_30_november_about_the_year() -> None:
    [one] = due_reports(duty("mr"), 2026)
    assert (one.day, one.stated, one.first, one.last) == (
        date(2026, 11, 29),
        date(2026, 11, 30),
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert one.send_by == date(2026, 11, 27)  # the 29th is a Sunday


def test_ts_16_each_quarter_without_a_day() -> None:
    assert due_reports(duty("ts"), 2026) == next_reports(duty("ts"), date(2026, 1, 1)) == []
    assert [line.period for line in undated(duty("ts"))] == ["quarter"]


def test_a_report_due_before_new_year_belongs_to_the_old_one() -> None:
    line = {"by": "units", "period": "year", "months": (1,), "day": 1, "before": True}
    terms = UsageReport.model_validate({"due": (line,)})
    asked = Duty(CODE, 23, ("1",), (), "x", "x", terms)
    assert [one.day for one in due_reports(asked, 2026)] == [date(2026, 12, 31)]


@pytest.mark.parametrize("name", ALL)
def test_every_day_of_three_years_has_the_next_day_of_each_line(name: str) -> None:
    asked = duty(name)
    terms = asked.parameters
    assert isinstance(terms, UsageReport)
    every = [date(2025, 1, 1) + timedelta(days=number) for number in range(3 * 365 + 500)]
    for today in every[: 3 * 365]:
        expected = []
        for line in terms.due:
            stated = (day for day in every if (day.month in line.months) and day.day == line.day)
            in_time = (day - timedelta(days=1) if line.before else day for day in stated)
            expected += [next(day for day in in_time if day >= today)] if line.months else []
        assert [one.day for one in next_reports(asked, today)] == sorted(expected)


@pytest.mark.parametrize("name", ALL)
def test_a_report_can_be_sent_on_a_working_day_and_is_about_a_whole_period(name: str) -> None:
    asked = duty(name)
    for year in (2025, 2026, 2027):
        for one in due_reports(asked, year):
            assert is_working_day(one.send_by)
            assert timedelta(0) <= one.day - one.send_by < timedelta(days=12)
            assert one.first.day == 1 == (one.last + timedelta(days=1)).day
