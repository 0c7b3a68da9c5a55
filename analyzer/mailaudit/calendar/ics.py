# SPDX-License-Identifier: GPL-3.0-or-later
"""Due reports as iCalendar (RFC 5545): events of a whole day, in Vietnamese, with an alarm a week ahead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from mailaudit.calendar.words import WHO, period_in_vietnamese
from mailpolicy.citation import article_vi, regulation_vi
from mailpolicy.office.duedates import DueReport
from mailpolicy.regulation import Regulation

AHEAD = timedelta(days=7)


def as_ics(regulation: Regulation, reports: Sequence[DueReport], made_at: datetime) -> bytes:
    """Return a calendar. An event's UID is always the same, so what is read in again is not there twice."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Postwarden//mailaudit calendar//VI")
    calendar.add("x-wr-calname", f"Báo cáo thư điện tử: {regulation.issuer}")
    for report in reports:
        calendar.add_component(_event(regulation, report, made_at))
    return bytes(calendar.to_ical())


def _event(regulation: Regulation, report: DueReport, made_at: datetime) -> Event:
    summary = f"Báo cáo tình hình sử dụng thư điện tử {period_in_vietnamese(report)} ({WHO[report.line.by]})"
    event = Event()
    event.add("uid", _uid(regulation, report))
    event.add("dtstamp", made_at)
    event.add("dtstart", report.day)
    event.add("dtend", report.day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(_description(regulation, report)))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -AHEAD)
    event.add_component(alarm)
    return event


def _uid(regulation: Regulation, report: DueReport) -> str:
    line = report.line
    return f"{regulation.name}-{line.by}-{line.period}-{report.first:%Y%m%d}@{regulation.domains[0]}"


def _description(regulation: Regulation, report: DueReport) -> list[str]:
    word = "trước ngày" if report.line.before else "ngày"
    send_by = f"gửi chậm nhất ngày làm việc {report.send_by:%d/%m/%Y}"
    said = [
        f"Theo {article_vi(report.article)}, {regulation_vi(regulation)}.",
        f"Thời hạn theo quy định: {word} {report.stated:%d/%m/%Y}; {send_by}.",
        f"Kỳ báo cáo: {report.first:%d/%m/%Y} - {report.last:%d/%m/%Y}.",
    ]
    return [*said, f"Mẫu: {report.form}."] if report.form else said
