# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters of all five regulations: what they say, how they look, and that the gate lets them pass."""

import re
import unicodedata
from datetime import date, timedelta
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from audit.letters import DAY, NOW, at, parsed, people_of, person, settings_of, site_of, text_of, writer_of
from mailaudit.notices import samples
from mailaudit.notices.letter import message_id
from mailaudit.notices.matter import Matter, Occasion, Role
from mailaudit.notices.notice import Notice
from mailaudit.notices.steps import matter_of, reviews
from mailaudit.notices.writer import NoApproverError, Writer
from mailgate.saved import Assumed, judge
from mailpolicy.citation import article_vi, regulation_vi
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity
from mailpolicy.directory import Mailbox
from mailpolicy.judge import Policy
from mailpolicy.lifecycle import plan
from mailpolicy.site import Site
from mailpolicy.verdict import Action

SHORTS = ("HCM", "TS", "CT", "ST", "MR")
WITH_TERMS = ("HCM", "CT", "MR")
each_regulation = pytest.mark.parametrize("short", SHORTS)


@cache
def every_letter(short: str) -> list[Notice]:
    """Every sample letter, and the same with as little as is ever known."""
    site = site_of(short)
    writer = writer_of(site)
    return [
        writer._notice(matter, recipient, writer.text(matter, recipient), NOW)
        for matter, recipient in samples.all_of(site, DAY)
    ]


def author_of(notice: Notice) -> str:
    """From: as RFC 2047 reads it; Python's parser for addresses adds a space where two encoded words meet."""
    author = BytesParser(policy=compat32).parsebytes(notice.content)["From"]
    return str(make_header(decode_header(author)))


def locked(site: Site, **more: object) -> list[Notice]:
    duty = site.duty("inactivity")
    assert duty
    known = {
        "code": "inactivity",
        "article": duty.article,
        "last_used": date(2026, 8, 20),
        "since": date(2026, 8, 20),
        "reclaim_on": date(2026, 12, 15),
        "answer_by": date(2026, 12, 14) if site.regulation.short == "CT" else None,
    }
    matter = Matter("key", Occasion.LOCKED, person(site), DAY, **known | more)  # type: ignore[arg-type]
    return writer_of(site).notices(matter, people_of(site), NOW)


@each_regulation
def test_letters_are_whole_and_fit_for_any_mail_program(short: str) -> None:
    for notice in every_letter(short):
        message, text = parsed(notice), text_of(notice)
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[{}]|%}|\bNone\b|\bTrue\b|\bFalse\b|  |\n\n\n", text.replace("\n  ", "\n"))
        assert max(map(len, text.splitlines())) <= 78
        assert max(map(len, notice.content.split(b"\r\n"))) <= 78
        assert notice.content.isascii()
        assert message["Subject"] == notice.subject
        assert author_of(notice) == f"Cơ quan quản lý hệ thống thư điện tử <{notice.sender}>"
        assert not message.defects


@each_regulation
def test_every_letter_names_regulation_day_and_what_to_do(short: str) -> None:
    site = site_of(short)
    for notice in every_letter(short):
        text = " ".join(text_of(notice).split())
        assert regulation_vi(site.regulation) in text
        assert "ngày 21 tháng 11 năm 2026" in text
        for part in (
            "Kính gửi: ",
            "Cách xử lý: ",
            "Tiếp theo: ",
            f"Liên hệ: {at(site, 'quantri')}.",
            "Trân trọng.",
        ):
            assert part in text, (notice.subject, part)


@each_regulation
def test_every_letter_about_a_mailbox_names_it_with_its_last_use_and_the_article(short: str) -> None:
    site = site_of(short)
    writer = writer_of(site)
    for matter, recipient in samples.full(site, DAY):
        if matter.occasion is not Occasion.PLAN:
            text = " ".join(writer.text(matter, recipient).body.split())
            assert matter.mailbox.address in text
            assert not matter.article or f"Căn cứ: {article_vi(matter.article)} " in text
            assert "sử dụng gần nhất: ngày" in text or matter.occasion is Occasion.REVIEW


@each_regulation
def test_the_gate_lets_every_letter_pass_untouched_with_all_duties_enforced(short: str) -> None:
    site = site_of(short)
    policy, sender = Policy.of(site), at(site, "quantri")
    to = [at(site, "nvminh")]
    ways = (Assumed(sender, to, client="127.0.0.1"), Assumed(sender, to, login=sender, client="10.1.2.3"))
    for notice, way in product(every_letter(short), ways):
        outcome = judge(notice.content, policy, way)
        assert outcome.verdict.action is Action.ACCEPT
        assert (outcome.verdict.judged, outcome.verdict.failures) == ((), ())


@pytest.mark.parametrize("short", ["HCM", "CT"])
def test_a_letter_to_the_desk_for_requests_is_taken_for_no_request(short: str) -> None:
    site = site_of(short)
    desk = {"HCM": "stnmt@tphcm.gov.vn", "CT": "sottt@cantho.gov.vn"}[short]
    notice = writer_of(site, approver=desk).plan_mail("plan", DAY, NOW)
    outcome = judge(notice.content, Policy.of(site), Assumed(notice.sender, [desk], client="127.0.0.1"))
    assert outcome.verdict.judged == ()


@pytest.mark.parametrize("short", WITH_TERMS)
def test_a_lock_is_told_to_owner_unit_and_head(short: str) -> None:
    site = site_of(short)
    told = [(notice.recipient, notice.role) for notice in locked(site)]
    assert told == [
        (at(site, "nvminh"), Role.OWNER),
        (at(site, "tochuc"), Role.UNIT),
        (at(site, "giamdoc"), Role.HEAD),
    ]
    for notice in locked(site):
        text = " ".join(text_of(notice).split())
        assert "từ ngày 15 tháng 12 năm 2026" in text
        assert "gần nhất: ngày 20 tháng 8 năm 2026" in text


def test_can_tho_asks_for_confirmation_within_fifteen_working_days_until_an_absolute_day() -> None:
    text = " ".join(text_of(locked(site_of("CT"))[1]).split())
    assert "trong thời hạn 15 ngày làm việc kể từ ngày thông báo này" in text
    assert "chậm nhất là hết ngày 14 tháng 12 năm 2026" in text
    assert "tạm đình chỉ" in text
    assert "sottt@cantho.gov.vn" in text


def test_ho_chi_minh_asks_for_the_units_request_and_says_whose_is_refused() -> None:
    text = " ".join(text_of(locked(site_of("HCM"))[1]).split())
    assert "đơn vị dùng hộp thư điện tử của đơn vị gửi đề nghị mở lại đến stnmt@tphcm.gov.vn" in text
    assert "hộp thư cá nhân hoặc hộp thư miễn phí không được chấp nhận" in text
    assert "quá 03 tháng mà không thông báo lý do" in text


def test_a_mailbox_never_seen_in_use_is_said_to_be_that() -> None:
    text = text_of(locked(site_of("MR"), last_used=None)[0])
    assert "- Lần sử dụng gần nhất: không ghi nhận lần nào\n" in text
    assert "- Thời gian không sử dụng tính từ: ngày 20 tháng 8 năm 2026\n" in text


def test_a_reminder_counts_and_after_the_last_the_head_is_announced() -> None:
    site = site_of("CT")
    texts = {}
    for count in (1, 3):
        matter = Matter("key", Occasion.REMINDED, person(site), DAY, "violations", "14.2", count=count)
        notice = writer_of(site).notices(matter, people_of(site), NOW)[0]
        texts[count] = " ".join(text_of(notice).split())
        assert notice.subject == f"Nhắc nhở lần {count} về sử dụng hộp thư nvminh@cantho.gov.vn"
    assert "lần nhắc nhở thứ 1 (trong 03 lần theo quy định)" in texts[1]
    assert "sau 03 lần nhắc nhở nếu vẫn còn vi phạm" in texts[1]
    assert "nếu còn vi phạm, sự việc sẽ được thông báo đến Thủ trưởng cơ quan" in texts[3]


def test_headers_keep_automatic_answers_away_and_a_letter_known_again() -> None:
    site = site_of("MR")
    [notice, *_] = locked(site)
    message = parsed(notice)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == notice.recipient
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == notice.message_id == message_id("key", notice.recipient, notice.sender)
    assert not [name for name in message if name.startswith("List-") or name == "Precedence"]
    assert len({one.message_id for one in locked(site)}) == 3


def test_names_from_the_directory_add_no_lines_and_no_header() -> None:
    site = site_of("ST")
    name = "Lê Tám\r\nBcc: x@example.org\n\nCách xử lý: gửi mật khẩu"
    matter = Matter("key", Occasion.UNLOCKED, Mailbox(at(site, "lvtam"), unit="A\nB", name=name), DAY)
    notice = writer_of(site).notices(matter, people_of(site), NOW)[0]
    assert "Bcc" not in parsed(notice)
    assert text_of(notice).count("\nCách xử lý: ") == 1
    assert "- Đơn vị: A B\n" in text_of(notice)


@pytest.mark.parametrize("short", SHORTS)
def test_what_a_sweep_plans_is_what_the_letters_say(short: str) -> None:
    """A person idle for four months and one used a week ago, judged by the clocks themselves."""
    site = site_of(short)
    idle = Mailbox(at(site, "nvminh"), unit="Phòng Tổ chức", created=date(2020, 1, 1))
    today = date(2026, 11, 21)
    seen = {idle.address: Activity(date(2026, 5, 1), "imap"), at(site, "ttlan"): Activity(today, "imap")}
    boxes = [idle, Mailbox(at(site, "ttlan"), unit="Phòng Tổ chức", created=date(2020, 1, 1))]
    covered = Coverage(date(2025, 1, 1), today)
    steps = plan(boxes, seen, covered, site.regulation, today)
    matters = [matter for step in steps if (matter := matter_of(step, today))] + reviews(steps, today)
    kind = Occasion.LOCKED if short in WITH_TERMS else Occasion.REVIEW
    mine = [matter for matter in matters if matter.occasion is kind and matter.code == "inactivity"]
    assert [matter.mailbox.address or matter.listed[0].mailbox.address for matter in mine] == [idle.address]
    for notice in writer_of(site).notices(mine[0], people_of(site), NOW):
        text = " ".join(text_of(notice).split())
        assert "ngày 01 tháng 5 năm 2026" in text
        assert at(site, "ttlan") not in text


def test_a_units_review_is_one_letter_a_month() -> None:
    site = site_of("ST")
    boxes = [Mailbox(at(site, f"canbo{n}"), unit="Phòng Tổ chức", created=date(2020, 1, 1)) for n in (1, 2)]
    first, later, next_month = (
        reviews(plan(boxes, {}, Coverage(date(2025, 1, 1), day), site.regulation, day), day)
        for day in (date(2026, 11, 2), date(2026, 11, 28), date(2026, 12, 1))
    )
    assert [len(one) for one in (first, later, next_month)] == [1, 1, 1]
    assert first[0].key == later[0].key != next_month[0].key
    [notice] = writer_of(site).notices(first[0], people_of(site), NOW)
    assert notice.recipient == at(site, "tochuc")
    for box in boxes:
        assert f"- {box.address}: không ghi nhận lần sử dụng nào" in text_of(notice)


def test_the_plan_goes_to_the_approver_whole_and_once_for_each_text() -> None:
    site = site_of("CT")
    plan_text = "lock canbo1@cantho.gov.vn, last use 2026-08-20 imap mail.log:402 " + "x" * 200 + "\n"
    one = writer_of(site).plan_mail(plan_text, DAY, NOW)
    other = writer_of(site).plan_mail(plan_text + "more\n", DAY, NOW + timedelta(days=1))
    again = writer_of(site).plan_mail(plan_text, DAY, NOW + timedelta(days=1))
    [attached] = parsed(one).iter_attachments()
    assert attached.get_filename() == "ke-hoach-2026-11-21.txt"
    assert attached.get_content().replace("\r\n", "\n") == plan_text
    assert one.recipient == at(site, "pheduyet")
    assert one.message_id == again.message_id != other.message_id


def test_without_an_approver_a_plan_is_mailed_to_nobody() -> None:
    site = site_of("CT")
    settings = settings_of(site).model_copy(update={"approver": None})
    with pytest.raises(NoApproverError, match=r"audit\.notices\.approver"):
        Writer(site, settings, Path("site.toml")).plan_mail("plan", DAY, NOW)
