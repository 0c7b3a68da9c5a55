# SPDX-License-Identifier: GPL-3.0-or-later
"""Duties, outcomes, events and stages in the words of Vietnamese offices, and numbers as they write them."""

from collections.abc import Mapping
from datetime import date, timedelta

from mailaudit.violations.how import How
from mailaudit.violations.ledger import WORDS
from mailpolicy.clocks.record import Event
from mailpolicy.clocks.step import StepKind
from mailpolicy.directory import Kind, Status

KIB = 1024
NO_BREAK = "\N{NO-BREAK SPACE}"
"""Between a number and its unit."""

DUTIES: Mapping[str, str] = {
    "attachment-cap": "Dung lượng tệp đính kèm",
    "mailbox-quota": "Dung lượng hộp thư",
    "subject-required": "Thư phải có tiêu đề",
    "auto-forward": "Tự động chuyển tiếp ra hộp thư công cộng",
    "spam-report": "Thư đáng ngờ phải báo cáo, xử lý",
    "sender-domain": "Dùng hộp thư công vụ cho công việc",
    "provisioning-desk": "Đề nghị cấp mới, thay đổi, hủy bỏ hộp thư",
    "online-registration": "Dùng hộp thư công vụ đăng ký dịch vụ trực tuyến",
    "state-secrets": "Bảo vệ bí mật nhà nước",
    "unicode": "Bộ mã tiếng Việt TCVN 6909:2001",
    "inactivity": "Hộp thư không sử dụng",
    "leavers": "Hộp thư của người nghỉ, chuyển công tác",
    "checking-habits": "Tần suất kiểm tra hộp thư",
    "acknowledgement": "Phản hồi thư đến",
    "password-strength": "Độ mạnh của mật khẩu",
    "password-age": "Thay đổi mật khẩu định kỳ",
    "address-format": "Định dạng địa chỉ thư",
    "display-name": "Tên hiển thị",
    "mailing-list": "Gửi thư vào danh sách thư chung",
    "no-deletion": "Không xóa thư của hộp thư cơ quan",
    "digital-signature": "Chữ ký số",
    "violations": "Nhắc nhở, xử lý vi phạm",
    "usage-report": "Báo cáo tình hình sử dụng",
    "delegated-administration": "Phân cấp quản trị hộp thư",
    "old-mail-purge": "Xóa thư cũ trên máy chủ",
    "backup": "Sao lưu, phục hồi",
    "emergency-revocation": "Thu hồi khẩn cấp",
    "handover": "Bàn giao hộp thư",
    "directory": "Danh bạ thư điện tử",
    "mailbox-sharing": "Dùng chung, cho mượn hộp thư",
    "spam-spreading": "Phát tán thư rác, mã độc",
    "untrusted-access": "Truy cập từ mạng, máy không an toàn",
    "malformed": "Thư sai cấu trúc, không rõ nội dung",
}
OUTCOMES: Mapping[str, str] = {
    "observe": "ghi nhận, không can thiệp",
    "accept": "cho qua",
    "annotate": "chuyển, có ghi chú cảnh báo",
    "redirect": "chuyển về hộp thư tiếp nhận",
    "drop-recipients": "bỏ bớt người nhận",
    "quarantine": "giữ lại chờ xử lý",
    "tempfail": "tạm hoãn nhận",
    "reject": "từ chối",
    "delivered": "thư đã đi",
    "not-delivered": "thư không đi được",
    "deleted": "thư bị xóa",
}
DIRECTIONS: Mapping[str, str] = {"inbound": "thư đến", "outbound": "thư đi", "internal": "thư nội bộ"}
KINDS: Mapping[Kind, str] = {
    Kind.PERSON: "cá nhân",
    Kind.UNIT: "đơn vị",
    Kind.AGENCY: "cơ quan",
    Kind.LIST: "danh sách thư",
}
STATUSES: Mapping[Status, str] = {
    Status.ACTIVE: "đang hoạt động",
    Status.SUSPENDED: "tạm ngưng",
    Status.LOCKED: "đang khóa",
    Status.BLOCKED: "không được gửi thư",
}
EVENTS: Mapping[Event, str] = {
    Event.WARNED: "báo trước sẽ khóa",
    Event.LOCKED: "khóa",
    Event.NOTIFIED: "thông báo cho cơ quan quản lý",
    Event.RECLAIMED: "thu hồi",
    Event.REMINDED: "nhắc nhở",
    Event.ESCALATED: "báo Thủ trưởng cơ quan",
    Event.UNLOCKED: "mở lại",
    Event.RESTORED: "khôi phục",
    Event.CONFIRMED: "cơ quan xác nhận còn sử dụng",
    Event.EXCUSED: "vắng có lý do",
    Event.REVOKED: "thu hồi khẩn cấp",
    Event.SERIOUS: "xác định vi phạm nghiêm trọng",
}
STAGES: Mapping[StepKind, str] = {
    StepKind.RECLAIM: "đến hạn thu hồi",
    StepKind.LOCK: "đến hạn khóa",
    StepKind.WARN: "sắp đến hạn khóa",
    StepKind.WAIT: "đang khóa, chờ hết hạn",
    StepKind.REVIEW: "đơn vị rà soát, quyết định",
    StepKind.UNPROVEN: "chưa đủ nhật ký để kết luận",
}
FORWARDS: Mapping[str, str] = {
    WORDS[How.ALIAS]: "bí danh (alias) chuyển thư đi",
    WORDS[How.FORWARD_FILE]: "tệp .forward chuyển thư đi",
    WORDS[How.SIEVE]: "bộ lọc Sieve chuyển thư đi",
    WORDS[How.COPY]: "thư đến được sao chuyển đi",
}
WINDOWS: Mapping[str, str] = {
    "morning-start": "Đầu buổi sáng",
    "morning-end": "Cuối buổi sáng",
    "afternoon-start": "Đầu buổi chiều",
    "afternoon-end": "Cuối buổi chiều",
    "day": "Trong ngày",
}


def number(value: float) -> str:
    """Write 1234567 as `1.234.567`."""
    return f"{value:,.0f}".replace(",", ".")


def decimal(value: float, places: int = 1) -> str:
    """Write 1234.5 as `1.234,5`, and 12.0 as `12`."""
    text = f"{value:,.{places}f}".translate(_SWAPPED)
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(share: float | None) -> str:
    """Write a share from 0 to 1 as `12,5 %`; None as a dash."""
    return "–" if share is None else f"{decimal(share * 100)}{NO_BREAK}%"


def day(value: date | None) -> str:
    """Write a day as `dd/mm/yyyy`; None as a dash."""
    return "–" if value is None else f"{value:%d/%m/%Y}"


def size(octets: float) -> str:
    """Write a size as `12,3 MB`, where 1 MB is 1024 * 1024 bytes."""
    units = ("byte", "KB", "MB", "GB", "TB")
    step = 0
    while octets >= KIB and step < len(units) - 1:
        octets, step = octets / KIB, step + 1
    return f"{decimal(octets)}{NO_BREAK}{units[step]}"


def duration(value: timedelta | None) -> str:
    """Write a time span in hours, or in minutes if it is shorter; None as a dash."""
    if value is None:
        return "–"
    hours = value.total_seconds() / 3600
    return f"{decimal(hours)}{NO_BREAK}giờ" if hours >= 1 else f"{decimal(hours * 60, 0)}{NO_BREAK}phút"


_SWAPPED = str.maketrans(",.", ".,")
