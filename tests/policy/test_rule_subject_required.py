# SPDX-License-Identifier: GPL-3.0-or-later
"""What is a subject, and whose mail must have one."""

import pytest

from letter import LOOPBACK, STRANGER, letter
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.regulation import load
from mailpolicy.rules.subject_required import says_something
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action

POLICY = Policy.of(for_regulation(load("monre")))
ME, CITIZEN = "canbo1@monre.gov.vn", "nguoidan@example.org"

NOTHING = [
    *("", " ", "\t", "\xa0", "...", "---", "?"),
    *("Re:", "RE: Fwd:", "Fw: re:", "Re[2]:", "Re : FW:", "Ｒｅ：", "Trả lời:", "Chuyển tiếp: Re:", "TL: "),
    *("\u200b", "\u200b\u2060\ufeff", "Re: \u200b", "\u3164", "\xad"),
    *("(no subject)", "No Subject", "<no subject>", "[No subject]", "(none)", "Untitled"),
    *("(không có chủ đề)", "Không có tiêu đề", "(khong co tieu de)", "Re: (không chủ đề)", "KHÔNG TIÊU ĐỀ"),
    "Không có chu\u0309 đe\u0302\u0300",
]
SOMETHING = [
    *("Họp", "Re: Họp", "a", "7", "Fwd: 1", "Giấy mời", "Số 15", "会议", "Отчёт", "T"),
    *("resolution", "Re Fwd", "Công văn: Re", "Chủ đề: họp", "không có chủ đề họp", "no subject was agreed"),
]


@pytest.mark.parametrize("subject", NOTHING)
def test_this_says_nothing(subject: str) -> None:
    assert not says_something(subject)


@pytest.mark.parametrize("subject", SOMETHING)
def test_this_says_something(subject: str) -> None:
    assert says_something(subject)


@pytest.mark.parametrize(
    ("envelope", "fields", "refused"),
    [
        (Envelope(ME, (CITIZEN,), login=ME), [], True),
        (Envelope(ME, (CITIZEN,), login=ME), [("Subject", "")], True),
        (Envelope(ME, (CITIZEN,), login=ME), [("Subject", "=?utf-8?B?4oCL?=")], True),
        (Envelope(ME, (CITIZEN,), login=ME), [("Subject", "=?utf-8?Q??=")], True),
        (Envelope(ME, (CITIZEN,), login=ME), [("Subject", "Họp")], False),
        (Envelope(ME, (CITIZEN,), login=ME), [("Subject", ""), ("Subject", "Họp")], False),
        (Envelope(ME, (CITIZEN,), client_address=LOOPBACK), [], True),
        (Envelope(CITIZEN, (ME,), client_address=STRANGER), [], False),
        (Envelope(CITIZEN, (ME,), client_address=LOOPBACK), [], False),
        (Envelope("", (CITIZEN,), login=ME), [], False),
        (Envelope(ME, (CITIZEN,), login=ME), [("Auto-Submitted", "auto-replied (vacation)")], False),
        (Envelope(ME, (CITIZEN,), login=ME), [("Auto-Submitted", "no")], True),
    ],
)
def test_only_mail_that_the_office_itself_sends_needs_a_subject(
    envelope: Envelope, fields: list[tuple[str, str]], refused: bool
) -> None:
    verdict = judge(letter(POLICY, envelope, ("From", envelope.sender or ME), *fields), POLICY)
    assert verdict.action is (Action.REJECT if refused else Action.ACCEPT)
    assert [one.finding.code for one in verdict.judged] == (["subject-required"] if refused else [])
