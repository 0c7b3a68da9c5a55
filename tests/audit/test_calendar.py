# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit calendar`: the table, JSON, and the file that people's calendars read."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from mailaudit.calendar.ics import as_ics
from mailaudit.calendar.show import Year, show
from mailaudit.cli import app
from mailpolicy.office.duedates import CODE, due_reports
from mailpolicy.regulation import load

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = NOW.date()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["calendar", *arguments])
    return done.exit_code, done.output


def events(file: bytes) -> list[Any]:
    return list(Calendar.from_ical(file).walk("VEVENT"))


def year(name: str, number: int = 2026, today: date = TODAY) -> Year:
    regulation = load(name)
    duty = regulation.duty(CODE)
    assert duty is not None
    return Year(regulation, duty, number, today)


def test_the_table_says_day_who_period_and_article(capsys: pytest.CaptureFixture[str]) -> None:
    show(year("ct"))
    said = capsys.readouterr().out
    assert "2026-12-05  2026-12-04        agencies    second half of 2026  9.11, 15  Phụ lục II" in said
    assert "Next of agencies: 2026-12-05, in 13 days, about second half of 2026" in said
    show(year("ct", today=date(2026, 12, 5)))
    assert "Next of agencies: 2026-12-05, today" in capsys.readouterr().out


def test_where_the_text_names_no_day_that_is_said() -> None:
    code, said = run("--regulation", "ts")
    assert code == 0
    assert "each quarter, by 16.2: the text names no day" in said


def test_json_has_the_whole_year() -> None:
    code, said = run("--regulation", "hcm", "--year", "2027", "--json")
    told = json.loads(said)
    assert (code, told["year"], len(told["due"])) == (0, 2027, 8)
    assert told["due"][0] == {
        "last_day": "2027-03-05",
        "last_working_day": "2027-03-05",
        "by": "units",
        "period": "quarter",
        "first": "2027-01-01",
        "last": "2027-03-31",
        "article": "14",
        "form": None,
        "stated": "2027-03-05",
        "before": False,
    }


def test_a_site_s_own_days_count(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        'regulation = "mr"\n[duties.usage-report.parameters]\n'
        'due = [{ by = "units", period = "year", months = [10], day = 31 }]\n'
    )
    [due] = json.loads(run("--site", str(site), "--year", "2026", "--json")[1])["due"]
    assert (due["last_day"], due["last_working_day"]) == ("2026-10-31", "2026-10-30")


@pytest.mark.parametrize("name", ["hcm", "ct", "st", "mr"])
def test_the_file_has_an_event_of_a_whole_day_for_each_report_with_an_alarm(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / "reports.ics"
    assert run("--regulation", name, "--year", "2026", "--ics", str(file))[0] == 0
    duty = load(name).duty(CODE)
    assert duty is not None
    due = due_reports(duty, 2026)
    found = events(file.read_bytes())
    assert [one.decoded("dtstart") for one in found] == [one.day for one in due]
    for one in found:
        assert one["dtstart"].params["VALUE"] == "DATE"
        assert one.decoded("dtend") == one.decoded("dtstart") + timedelta(days=1)
        [alarm] = one.walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-7)
    assert len({str(one["uid"]) for one in found}) == len(found)
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n")
    assert max(map(len, file.read_bytes().split(b"\r\n"))) <= 75  # RFC 5545, 3.1


def test_an_event_is_in_vietnamese_and_names_article_term_and_form() -> None:
    asked = year("mr")
    [event] = events(as_ics(asked.regulation, asked.reports, NOW))
    assert event["summary"] == "Báo cáo tình hình sử dụng thư điện tử năm 2026 (các phòng, ban, đơn vị)"
    said = str(event["description"])
    assert "khoản 1 Điều 15" in said
    assert "trước ngày 30/11/2026; gửi chậm nhất ngày làm việc 27/11/2026" in said
    assert "Kỳ báo cáo: 01/01/2026 - 31/12/2026" in said
    assert "Mẫu: Phụ lục II" in said


def test_an_event_keeps_its_uid_so_that_it_is_not_there_twice() -> None:
    asked = year("hcm")
    first, later = (
        [str(one["uid"]) for one in events(as_ics(asked.regulation, asked.reports, at))]
        for at in (NOW, NOW + timedelta(days=300))
    )
    assert first == later
    next_year = year("hcm", 2027)
    assert not {*first} & {
        str(one["uid"]) for one in events(as_ics(next_year.regulation, next_year.reports, NOW))
    }


def test_what_is_asked_wrongly_is_said(tmp_path: Path) -> None:
    assert run()[0] == run("--regulation", "x")[0] == run("--site", str(tmp_path / "none.toml"))[0] == 2
    code, said = run("--regulation", "mr", "--ics", str(tmp_path / "none" / "a.ics"))
    assert (code, "can't be written" in said) == (2, True)
