# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables about use: by unit, by person, over the period, and who did not use a mailbox."""

from collections import Counter
from collections.abc import Sequence

from mailaudit.activity import Activity, normalise_mailbox
from mailaudit.reports import words
from mailaudit.reports.contents import Contents
from mailaudit.reports.document import Cell, Column, Form, Table
from mailaudit.usage.amounts import Amounts, share, together
from mailaudit.usage.people import names
from mailpolicy.clocks.step import StepKind
from mailpolicy.directory import Kind, Mailbox, Status
from mailpolicy.officetime import office_time

NO_UNIT, STRANGERS = "(chưa ghi đơn vị)", "(ngoài danh bạ)"
NUMBER, SHARE, SIZE, DAY = Form.NUMBER, Form.SHARE, Form.SIZE, Form.DAY
STT = Column("STT", NUMBER, 0.8)
UNIT_COLUMNS = (
    STT,
    Column("Đơn vị", width=3.2),
    Column("Hộp thư", NUMBER, 0.9),
    Column("Có sử dụng", NUMBER, 0.9),
    Column("Tỷ lệ", SHARE, 1.0),
    Column("Lượt đăng nhập", NUMBER, 1.2),
    Column("Thư gửi", NUMBER, 1.1),
    Column("Thư nhận", NUMBER, 1.1),
    Column("Gửi ra ngoài", SHARE, 1.0),
    Column("Vi phạm", NUMBER, 0.9),
)
PERSON_COLUMNS = (
    STT,
    Column("Hộp thư", width=3.2),
    Column("Họ tên, tên gọi", width=2.3),
    Column("Đơn vị", width=2.3),
    Column("Ngày sử dụng", NUMBER, 0.9),
    Column("Lượt đăng nhập", NUMBER, 1.0),
    Column("Thư gửi", NUMBER, 0.9),
    Column("Thư nhận", NUMBER, 0.9),
    Column("Sử dụng lần cuối", DAY, 1.5),
    Column("Ghi chú", width=2.0),
)
DETAIL_COLUMNS = (
    STT,
    Column("Hộp thư", width=3),
    Column("Họ tên, tên gọi", width=2),
    Column("Đơn vị", width=2),
    Column("Loại"),
    *(Column(title, NUMBER) for title in ("Lượt đăng nhập", "Phiên kết thúc", "Ngày sử dụng")),
    *(Column("Thư gửi", NUMBER), Column("Dung lượng gửi (byte)", NUMBER), Column("Lượt người nhận", NUMBER)),
    *(Column("Ra ngoài hệ thống", NUMBER), Column("Ra hộp thư công cộng", NUMBER)),
    *(Column("Thư nhận", NUMBER), Column("Dung lượng nhận (byte)", NUMBER)),
    *(Column("Nhận từ ngoài", NUMBER), Column("Nhận từ hộp thư công cộng", NUMBER)),
)


def units(contents: Contents) -> Table:
    """Return what each unit's mailboxes were used for, with their sum."""
    boxes: dict[str, list[Mailbox]] = {}
    for box in contents.mailboxes:
        boxes.setdefault(box.unit or NO_UNIT, []).append(box)
    used = {box.address for box in contents.openable} - {box.address for box in contents.unused}
    blamed = violations_by_mailbox(contents)
    rows: list[Sequence[Cell]] = []
    for name in sorted(boxes):
        sums = together(contents.usage[box.address] for box in boxes[name])
        openable = sum(box.kind is not Kind.LIST for box in boxes[name])
        active = sum(box.address in used for box in boxes[name])
        guilty = sum(blamed[normalise_mailbox(box.address)] for box in boxes[name])
        rows.append((len(rows) + 1, name, len(boxes[name]), *_unit(sums, active, openable), guilty))
    if contents.strangers:
        sums = together(contents.strangers.values())
        rows.append((len(rows) + 1, STRANGERS, None, None, None, *_unit(sums, 0, 0)[2:], None))
    whole = together((*contents.usage.values(), *contents.strangers.values()))
    certain = sum(blamed.values())
    last = (None, "Tổng cộng", len(contents.mailboxes))
    total = (*last, *_unit(whole, contents.active, len(contents.openable)), certain)
    return Table("don-vi", "Sử dụng theo đơn vị", UNIT_COLUMNS, rows, total)


def _unit(one: Amounts, active: int, openable: int) -> tuple[Cell, ...]:
    outside = share(one.recipients_outside, one.recipients)
    return active, share(active, openable), one.logins, one.sent, one.received, outside


def persons(contents: Contents) -> Table:
    """Return what each mailbox was used for, by unit and address."""
    blamed = violations_by_mailbox(contents)
    rows: list[Sequence[Cell]] = []
    notable = []
    for number, box in enumerate(_in_order(contents.mailboxes)):
        one = contents.usage[box.address]
        remark = "; ".join(_remarks(box, contents, blamed[normalise_mailbox(box.address)]))
        use = contents.last_uses.get(box.address)
        counts = (one.days_active, one.logins, one.sent, one.received)
        last = office_time(use.time).date() if use else None
        rows.append((number + 1, box.address, box.name, box.unit, *counts, last, remark))
        if remark:
            notable.append(number)
    caption = "Thống kê theo từng cá nhân, đơn vị"
    return Table("ca-nhan", caption, PERSON_COLUMNS, rows, notable=notable)


def details(contents: Contents) -> Table:
    """Return every amount of each mailbox, for a spreadsheet."""
    rows: list[Sequence[Cell]] = []
    for number, box in enumerate(_in_order(contents.mailboxes), start=1):
        one = contents.usage[box.address]
        head = (number, box.address, box.name, box.unit, words.KINDS[box.kind])
        rows.append((*head, *_amounts(one)))
    sums = _amounts(together(contents.usage.values()))
    total = (None, "Tổng cộng", None, None, None, *sums)
    return Table("chi-tiet", "Thống kê chi tiết theo hộp thư", DETAIL_COLUMNS, rows, total)


def _amounts(one: Amounts) -> tuple[int, ...]:
    sent = (one.sent, one.sent_bytes, one.recipients, one.recipients_outside, one.recipients_public)
    received = (one.received, one.received_bytes, one.received_outside, one.received_public)
    return (one.logins, one.sessions, one.days_active, *sent, *received)


def trend(contents: Contents) -> Table:
    """Return the period month by month or week by week."""
    by_week = "/20" not in contents.trend[0].label
    columns = (
        Column("Tuần từ ngày" if by_week else "Tháng", width=1.4),
        *(Column("Hộp thư có sử dụng", NUMBER, 1.3), Column("Lượt đăng nhập", NUMBER, 1.3)),
        *(Column("Thư gửi", NUMBER), Column("Thư nhận", NUMBER)),
        *(Column("Dung lượng gửi", SIZE, 1.2), Column("Dung lượng nhận", SIZE, 1.2)),
    )
    rows: list[Sequence[Cell]] = [(one.label, one.active, *_flow(one.amounts)) for one in contents.trend]
    total: Sequence[Cell] = (
        "Cả kỳ",
        contents.active,
        *_flow(together(one.amounts for one in contents.trend)),
    )
    return Table("dien-bien", "Diễn biến trong kỳ", columns, rows, total)


def _flow(one: Amounts) -> tuple[int, ...]:
    return one.logins, one.sent, one.received, one.sent_bytes, one.received_bytes


def idle(contents: Contents) -> Table:
    """Return the mailboxes that were not used, or that the clock of idle ones has something to say of."""
    columns = (
        STT,
        Column("Hộp thư", width=3),
        Column("Đơn vị", width=2.2),
        Column("Ngày cấp", DAY, 1.5),
        Column("Sử dụng lần cuối", DAY, 1.5),
        Column("Chứng cứ trong nhật ký", width=2.6),
        Column("Tình trạng", width=2.2),
    )
    unused = {box.address for box in contents.unused}
    steps = contents.steps or {}
    told = {address for address, step in steps.items() if step.kind is not StepKind.REVIEW}
    rows: list[Sequence[Cell]] = []
    for box in _in_order(contents.mailboxes):
        if box.address in unused | told:
            use = contents.last_uses.get(box.address)
            last = office_time(use.time).date() if use else None
            state = stage(contents, box) or words.STATUSES[box.status]
            rows.append((len(rows) + 1, box.address, box.unit, box.created, last, evidence(use), state))
    return Table("khong-su-dung", "Hộp thư không sử dụng trong kỳ", columns, rows)


def stage(contents: Contents, box: Mailbox) -> str:
    """Say at which stage of lying idle a mailbox is; "" if the clock says nothing of it."""
    step = (contents.steps or {}).get(box.address)
    if step is None or (step.kind is StepKind.REVIEW and contents.usage[box.address].days_active):
        return ""
    due = {StepKind.LOCK: step.lock_on, StepKind.WARN: step.lock_on, StepKind.RECLAIM: step.reclaim_on}
    day = due.get(step.kind)
    return f"{words.STAGES[step.kind]} ({words.day(day)})" if day else words.STAGES[step.kind]


def evidence(use: Activity | None) -> str:
    """Say where a use stands."""
    if use is None:
        return "chưa thấy đăng nhập"
    file = use.evidence.file.rpartition("/")[2]
    return f"{use.service}, {file}:{use.evidence.position}"


def violations_by_mailbox(contents: Contents) -> Counter[str]:
    """Count the violations of each mailbox that are certain, by its name in the logs."""
    known = names(contents.mailboxes, tuple(Kind))
    certain = (one.mailbox for one in contents.violations if one.certain)
    return Counter(known.get(name, name) for name in certain)


def _remarks(box: Mailbox, contents: Contents, violations: int) -> list[str]:
    said = []
    if box.status is not Status.ACTIVE:
        said.append(words.STATUSES[box.status])
    if box.kind is not Kind.LIST and not contents.usage[box.address].days_active:
        said.append("không sử dụng trong kỳ")
    if idle_stage := stage(contents, box):
        said.append(idle_stage)
    if violations:
        said.append(f"vi phạm: {words.number(violations)}")
    return said


def _in_order(boxes: Sequence[Mailbox]) -> list[Mailbox]:
    return sorted(boxes, key=lambda box: (box.unit, box.address))
