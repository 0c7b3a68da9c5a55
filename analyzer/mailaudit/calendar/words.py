# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reports and about what, in the words of an office, and in English."""

from mailpolicy.office.duedates import DueReport

WHO = {
    "office": "Văn phòng",
    "department": "cơ quan quản lý hệ thống thư điện tử",
    "agencies": "các cơ quan, đơn vị sử dụng",
    "units": "các phòng, ban, đơn vị",
}
ROMAN = ("I", "II", "III", "IV")


def period_in_vietnamese(report: DueReport) -> str:
    """Say what a report is about, as in `quý IV năm 2026`."""
    first = report.first
    match report.line.period:
        case "quarter":
            return f"quý {ROMAN[(first.month - 1) // 3]} năm {first.year}"
        case "half-year":
            return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
        case _:
            return f"năm {first.year}"


def period(report: DueReport) -> str:
    """Say it in English, as in `Q4 2026`."""
    first = report.first
    match report.line.period:
        case "quarter":
            return f"Q{(first.month - 1) // 3 + 1} {first.year}"
        case "half-year":
            return f"{'first' if first.month == 1 else 'second'} half of {first.year}"
        case _:
            return str(first.year)


def stated(report: DueReport) -> str:
    """Say what the text says of the day."""
    return f"{'before' if report.line.before else 'on'} {report.stated}"
