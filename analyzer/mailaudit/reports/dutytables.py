# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables about duties: findings and violations, what was done with mailboxes, incidents and habits."""

from collections.abc import Sequence

from mailaudit.acknowledgement.measure import Answers
from mailaudit.coverage.show import NO_HOST
from mailaudit.reports import words
from mailaudit.reports.contents import Contents
from mailaudit.reports.document import Cell, Column, Form, Table
from mailaudit.reports.usagetables import NUMBER, SHARE, STT
from mailpolicy.citation import article_vi
from mailpolicy.clocks.record import Entry
from mailpolicy.ledger import Violation
from mailpolicy.office.checking import windows
from mailpolicy.officetime import office_day, office_time

DAY = Form.DAY
BY_ITSELF = "sweep"


def changes(contents: Contents) -> Table:
    """Return the mailboxes that were made or given up in the period, as the directory has them."""
    columns = (
        *(STT, Column("Hộp thư", width=3.5), Column("Họ tên, tên gọi", width=2.2)),
        *(Column("Đơn vị", width=2.4), Column("Thay đổi", width=1.6), Column("Ngày", DAY, 1.6)),
    )
    rows: list[Sequence[Cell]] = []
    for box in sorted(contents.created, key=lambda one: (one.created, one.address)):
        rows.append((len(rows) + 1, box.address, box.name, box.unit, "cấp mới", box.created))
    for box in sorted(contents.left, key=lambda one: (one.left_on, one.address)):
        rows.append((len(rows) + 1, box.address, box.name, box.unit, "nghỉ, chuyển công tác", box.left_on))
    return Table("thay-doi", "Hộp thư cấp mới, thay đổi trong kỳ", columns, rows)


def findings(contents: Contents) -> Table:
    """Return what the gate found, by duty and outcome."""
    columns = (
        *(STT, Column("Nội dung quy định", width=3.4), Column("Điều, khoản", width=2.0)),
        *(Column("Kết quả", width=2.8), Column("Số lượt", NUMBER, 1.0)),
    )
    rows: list[Sequence[Cell]] = []
    for one in sorted(contents.found, key=lambda found: (-_all_of(found.code, contents), found.code)):
        outcome = words.OUTCOMES.get(one.outcome, one.outcome)
        said = "dấu hiệu, cần xem xét" if one.is_sign else outcome
        rows.append((len(rows) + 1, duty(one.code), article(contents, one.code), said, one.findings))
    total = (None, "Tổng cộng", None, None, sum(one.findings for one in contents.found))
    caption = "Kết quả kiểm tra thư tại cổng thư điện tử"
    return Table("nghia-vu", caption, columns, rows, total if rows else None)


def violations(contents: Contents) -> Table:
    """Return the violations of the office's mailboxes, each with where it stands."""
    columns = (
        *(
            STT,
            Column("Ngày", DAY, 1.45),
            Column("Hộp thư", width=2.7),
            Column("Nội dung vi phạm", width=2.9),
        ),
        *(Column("Điều, khoản", width=1.5), Column("Số thư", NUMBER, 0.8), Column("Kết quả", width=1.7)),
        Column("Chứng cứ", width=2.0),
    )
    rows = [_violation(number, one) for number, one in enumerate(contents.violations, start=1)]
    return Table("vi-pham", "Danh sách vi phạm", columns, rows)


def _violation(number: int, one: Violation) -> Sequence[Cell]:
    what = words.FORWARDS.get(one.what) or duty(one.code)
    said = f"{what} (đến {one.target})" if one.target else what
    said = said if one.certain else f"{said}; dấu hiệu, cần xem xét"
    outcome = words.OUTCOMES.get(one.outcome, one.outcome)
    place = f"{one.file.rpartition('/')[2]}:{one.position}"
    day = office_day(one.time)
    return number, day, one.mailbox, said, article_vi(one.article), one.messages, outcome, place


def acts(contents: Contents) -> Table:
    """Return what was done with mailboxes and said about them, in the order of its days."""
    columns = (
        *(
            STT,
            Column("Ngày", DAY, 1.4),
            Column("Hộp thư", width=2.8),
            Column("Việc đã thực hiện", width=2.0),
        ),
        *(Column("Căn cứ", width=2.6), Column("Chứng cứ, ghi chú", width=2.8)),
    )
    rows = [
        (number, one.day, one.mailbox, words.EVENTS[one.event], _grounds(one), _note(one))
        for number, one in enumerate(contents.entries, start=1)
    ]
    return Table("xu-ly", "Xử lý hộp thư trong kỳ", columns, rows)


def _grounds(one: Entry) -> str:
    return f"{article_vi(one.article)} ({duty(one.code).lower()})" if one.code else ""


def _note(one: Entry) -> str:
    if one.archive:
        return f"lưu tại {one.archive}"
    return "tự động theo kế hoạch" if one.by == BY_ITSELF else one.reason


def incidents(contents: Contents) -> Table:
    """Return suspicious, malformed and spreading mail, by mailbox."""
    columns = (
        *(
            STT,
            Column("Sự cố", width=2.1),
            Column("Hộp thư liên quan", width=1.9),
            Column("Chiều", width=1.0),
        ),
        *(Column("Kết quả", width=1.7), Column("Số lượt", NUMBER, 0.8)),
        *(Column("Từ ngày", DAY, 1.7), Column("Đến ngày", DAY, 1.7), Column("Chứng cứ đầu tiên", width=1.8)),
    )
    rows: list[Sequence[Cell]] = []
    for number, one in enumerate(contents.incidents, start=1):
        direction = words.DIRECTIONS.get(one.direction, one.direction)
        outcome = words.OUTCOMES.get(one.outcome, one.outcome)
        place = f"{one.file.rpartition('/')[2]}:{one.position}"
        what = (duty(one.code), one.mailbox or "(từ bên ngoài)", direction, outcome, one.findings)
        rows.append((number, *what, one.first, one.last, place))
    return Table("su-co", "Sự cố, thư có hại", columns, rows)


def checking(contents: Contents) -> Table:
    """Return how often the mailboxes of units and agencies were looked into."""
    found = contents.habits
    names = tuple(windows(found.terms)) if found else ()
    columns = (
        *(STT, Column("Hộp thư", width=3.5), Column("Đơn vị", width=2.2)),
        *(Column("Ngày xét", NUMBER), Column("Tỷ lệ kiểm tra đủ", SHARE, 1.1)),
        *(Column(words.WINDOWS[name], NUMBER, 1.0) for name in names),
    )
    rows: list[Sequence[Cell]] = []
    for number, one in enumerate(found.checked if found else (), start=1):
        habit = one.habit
        counts = (habit.days, habit.share) if habit else (None, None)
        by_window = (habit.by_window.get(name, 0) if habit else None for name in names)
        rows.append((number, one.mailbox.address, one.mailbox.unit, *counts, *by_window))
    return Table("kiem-tra", "Tần suất kiểm tra hộp thư cơ quan, đơn vị (số ngày)", columns, rows)


def answers(contents: Contents) -> Table:
    """Return how much of the mail to units and agencies was answered within a week."""
    columns = (
        *(STT, Column("Hộp thư", width=3.5), Column("Đơn vị", width=2.2), Column("Thư đến", NUMBER)),
        *(Column("Đã phản hồi", NUMBER), Column("Tỷ lệ", SHARE), Column("Thời gian trung vị", width=1.2)),
    )
    found = contents.answers
    rows = [
        (number, box.address, box.unit, *_answered(one))
        for number, (box, one) in enumerate(found.mailboxes if found else (), start=1)
    ]
    total = (None, "Tổng cộng", None, *_answered(found.total)) if found and rows else None
    return Table("phan-hoi", "Phản hồi thư đến hộp thư cơ quan, đơn vị", columns, rows, total)


def _answered(one: Answers) -> tuple[Cell, ...]:
    return one.came, one.answered, one.share, words.duration(one.median)


def coverage(contents: Contents) -> Table:
    """Return for each host which time its logs cover, and which hours are missing."""
    columns = (
        *(Column("Máy chủ", width=1.6), Column("Nhật ký từ", width=1.6), Column("đến", width=1.6)),
        *(
            Column("Số giờ có dòng", NUMBER),
            Column("Số dòng", NUMBER, 1.1),
            Column("Khoảng thiếu", width=3.2),
        ),
    )
    rows: list[Sequence[Cell]] = []
    for one in contents.grounds.covered:
        first, last = (f"{office_time(time):%H:%M %d/%m/%Y}" for time in (one.first, one.last))
        gaps = "; ".join(
            f"{office_time(gap.begin):%H:%M %d/%m/%Y} – {office_time(gap.end):%H:%M %d/%m/%Y}"
            for gap in one.gaps
        )
        host = "(không ghi tên)" if one.host in ("", NO_HOST) else one.host
        rows.append((host, first, last, one.hours, one.lines, gaps or "không"))
    return Table("nhat-ky", "Nhật ký máy chủ làm căn cứ", columns, rows, empty="Chưa đọc nhật ký nào.")


def duty(code: str) -> str:
    """Return a duty's name in Vietnamese."""
    return words.DUTIES.get(code, code)


def article(contents: Contents, code: str) -> str:
    """Return the articles of a duty as the law cites them, "" if the regulation has none."""
    its = contents.site.duty(code)
    return article_vi(its.article) if its else ""


def _all_of(code: str, contents: Contents) -> int:
    return sum(one.findings for one in contents.found if one.code == code)
