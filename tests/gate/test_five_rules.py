# SPDX-License-Identifier: GPL-3.0-or-later
"""The five rules on whole messages, as bytes: what an office's people and strangers really send."""

import base64
import binascii
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from gate.offices import CANBO1, CANBO2, CITIZEN, DESK, PRIVATE, VANTHU, office
from mailgate.saved import Assumed, judge
from mailpolicy.judge import Policy
from mailpolicy.verdict import Action

MB = 1024 * 1024
SOCTRANG, MONRE = office(), office("monre-2019-2016")
STAFF = "canbo@monre.gov.vn"


def codes(raw: bytes, policy: Policy, assumed: Assumed) -> set[str]:
    """The codes of what was found."""
    return {one.finding.code for one in judge(raw, policy, assumed).verdict.judged}


# subject-required

BLANK = [
    *("", " ", "\t ", "Re:", "RE: re:", "Fwd: Re:", "FW:", "Re[3]:", "Trả lời:", "Chuyển tiếp: Re:", "TL:"),
    *("(no subject)", "<No subject>", "(không có chủ đề)", "Không có tiêu đề", "Re: (không có tiêu đề)"),
    *("\u200b", "\u200b\u200d\ufeff", "Re: \u200b", "\u00a0\u3000", "\u00ad", "...", "- - -", "()"),
]
TELLING = [
    "Báo cáo tuần 47",
    "Re: Báo cáo",
    "Trả lời: công văn số 15",
    "V/v: họp giao ban",
    "1",
    "会議",
    "ok",
]


def b_word(text: str) -> bytes:
    return b"=?utf-8?B?" + base64.b64encode(text.encode()) + b"?="


def q_word(text: str) -> bytes:
    return b"=?UTF-8?Q?" + b"".join(b"=%02X" % byte for byte in text.encode()) + b"?="


def split_words(text: str) -> bytes:
    """Two encoded-words that meet inside a character, folded."""
    middle = len(text.encode()) // 2
    data = text.encode()
    return b"\r\n ".join(
        b"=?utf-8?B?" + base64.b64encode(half) + b"?=" for half in (data[:middle], data[middle:])
    )


SPELLINGS: list[Callable[[str], bytes]] = [str.encode, b_word, q_word, split_words]


def titled(subject: bytes) -> bytes:
    return (
        b"From: " + STAFF.encode() + b"\r\nTo: a@example.org\r\nSubject: " + subject + b"\r\n\r\nNoi dung\r\n"
    )


@pytest.mark.parametrize(("subject", "spelled"), list(itertools.product(BLANK, SPELLINGS)))
def test_a_subject_that_says_nothing_is_refused_however_it_is_spelled(
    subject: str, spelled: Callable[[str], bytes]
) -> None:
    told = judge(titled(spelled(subject)), MONRE, Assumed(login=STAFF))
    assert told.answer.action is Action.REJECT
    assert told.answer.reply is not None
    assert "[PW-MR-subject-required]" in told.answer.reply.lines[0]


@pytest.mark.parametrize(("subject", "spelled"), list(itertools.product(TELLING, SPELLINGS)))
def test_a_subject_that_says_something_passes_however_it_is_spelled(
    subject: str, spelled: Callable[[str], bytes]
) -> None:
    assert judge(titled(spelled(subject)), MONRE, Assumed(login=STAFF)).answer.action is Action.ACCEPT


@pytest.mark.parametrize(
    "word", [b"=?utf-8?B??=", b"=?utf-8?Q?_?=", b"=?x-unknown?B?4oCL?=", b"=?utf-8?B?4oCL?= ="]
)
def test_encoded_words_that_decode_to_nothing_are_nothing(word: bytes) -> None:
    assert codes(titled(word), MONRE, Assumed(login=STAFF)) == {"subject-required"}


def test_no_subject_at_all_is_refused_to_staff_and_not_to_citizens() -> None:
    bare = b"From: " + STAFF.encode() + b"\r\nTo: a@example.org\r\n\r\nNoi dung\r\n"
    assert judge(bare, MONRE, Assumed(login=STAFF)).answer.action is Action.REJECT
    from_outside = b"From: " + CITIZEN.encode() + b"\r\nTo: canbo@monre.gov.vn\r\n\r\nNoi dung\r\n"
    assert judge(from_outside, MONRE, Assumed()).answer.action is Action.ACCEPT


# sender-domain

FALSE = [
    (VANTHU, VANTHU, ""),  # a stranger as the office
    (CITIZEN, VANTHU, ""),  # in From: only
    (CITIZEN, f"Ủy ban <{VANTHU.upper()}>", ""),
    (CITIZEN, f"{CITIZEN}, {VANTHU}", ""),  # a second author
    (CITIZEN, f'"{CITIZEN}" <{VANTHU}>', ""),
    (CITIZEN, f"{VANTHU} (van thu)", ""),
    (CITIZEN, VANTHU, CANBO1),  # a user as an outsider
    (CANBO1, CITIZEN, CANBO1),
    (CANBO1, VANTHU, CANBO1),  # a user as a colleague
    (VANTHU, CANBO1, CANBO1),
]
TRUE = [
    (CITIZEN, CITIZEN, ""),
    (CITIZEN, f'"{VANTHU}" <{CITIZEN}>', ""),  # a display name is no address
    (CITIZEN, "a@mail.soctrang.gov.vn", ""),  # a subdomain is another domain
    ("", CITIZEN, ""),
    (CANBO1, CANBO1, CANBO1),
    (CANBO1.upper(), f"Cán bộ <{CANBO1}>", CANBO1),
    ("canbo1+don@soctrang.gov.vn", CANBO1, CANBO1),
    ("", CANBO1, CANBO1),
    (CANBO1, CANBO1, "canbo1"),
]


def signed(author: str) -> bytes:
    return f"From: {author}\r\nTo: {CANBO2}\r\nSubject: Họp\r\n\r\nNội dung\r\n".encode()


@pytest.mark.parametrize(("sender", "author", "login"), FALSE)
def test_a_false_sender_is_refused(sender: str, author: str, login: str) -> None:
    told = judge(signed(author), SOCTRANG, Assumed(sender=sender, recipients=[CANBO2], login=login))
    assert told.answer.action is Action.REJECT
    assert [one.finding.code for one in told.verdict.judged] == ["sender-domain"]


@pytest.mark.parametrize(("sender", "author", "login"), TRUE)
def test_a_true_sender_passes(sender: str, author: str, login: str) -> None:
    told = judge(signed(author), SOCTRANG, Assumed(sender=sender, recipients=[CANBO2], login=login))
    assert told.answer.action is Action.ACCEPT


# attachment-cap


def with_cap(policy: Policy, megabytes: int) -> Policy:
    """The same office with another cap: what is proved is the boundary, not the number."""
    charges = []
    for charge in policy.charges:
        duty = charge.duty
        if duty.code == "attachment-cap":
            duty = replace(duty, parameters=duty.parameters.model_copy(update={"limit_mb": megabytes}))
        charges.append(replace(charge, duty=duty))
    return replace(policy, charges=tuple(charges))


PER_FILE, PER_MESSAGE = with_cap(SOCTRANG, 1), with_cap(MONRE, 1)


def base64_lines(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def base64_with_junk(data: bytes) -> bytes:
    return b"  *" + base64_lines(data).replace(b"\r\n", b" \t\r\n!", 3)


def quoted_printable(data: bytes) -> bytes:
    return data.replace(b"x" * 64, b"x" * 63 + b"=78=\r\n")


def file_part(encoding: str, encoded: bytes) -> bytes:
    return (
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.bin\r\n"
        b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + encoded
    )


def mail_with(*parts: bytes) -> bytes:
    text = b"Content-Type: text/plain\r\n\r\nXem tep dinh kem.\r\n"
    return (
        f"From: {CITIZEN}\r\nTo: {VANTHU}\r\nSubject: Tep\r\n".encode()
        + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"".join(b"--b\r\n" + part + b"\r\n" for part in (text, *parts))
        + b"--b--\r\n"
    )


def uuencoded(data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    text = b"Xem tep:\n\nbegin 644 a.bin\n" + lines + b"`\nend\n"
    return f"From: {CITIZEN}\r\nTo: {VANTHU}\r\nSubject: Tep\r\n\r\n".encode() + text.replace(b"\n", b"\r\n")


def forwarded_as_attachment(data: bytes) -> bytes:
    inside = mail_with(file_part("base64", base64_lines(data)))
    inside = inside.replace(b"boundary=b", b"boundary=c").replace(b"--b", b"--c")
    return mail_with(b"Content-Type: message/rfc822\r\n\r\n" + inside)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "base64": lambda data: mail_with(file_part("base64", base64_lines(data))),
    "base64 with junk": lambda data: mail_with(file_part("base64", base64_with_junk(data))),
    "quoted-printable": lambda data: mail_with(file_part("quoted-printable", quoted_printable(data))),
    "8bit": lambda data: mail_with(file_part("8bit", data)),
    "binary": lambda data: mail_with(file_part("binary", data)),
    "uuencode": uuencoded,
}


@pytest.mark.parametrize(("way", "policy"), list(itertools.product(WAYS, (PER_FILE, PER_MESSAGE))))
def test_a_file_of_the_cap_passes_and_one_byte_more_does_not(way: str, policy: Policy) -> None:
    assert codes(WAYS[way](b"x" * MB), policy, Assumed()) == set()
    told = judge(WAYS[way](b"x" * (MB + 1)), policy, Assumed())
    assert told.answer.action is Action.REJECT
    (found,) = told.verdict.judged
    assert found.finding.evidence["decoded_bytes"] == MB + 1


def test_a_nested_mails_file_counts() -> None:
    assert codes(forwarded_as_attachment(b"x" * (MB + 1)), PER_FILE, Assumed()) == {"attachment-cap"}


def test_several_files_count_together_only_where_the_cap_is_per_message() -> None:
    half = file_part("base64", base64_lines(b"x" * (MB // 2 + 1)))
    assert codes(mail_with(half, half), PER_FILE, Assumed()) == set()
    assert codes(mail_with(half, half), PER_MESSAGE, Assumed()) == {"attachment-cap"}


# auto-forward


def copy(*marks: bytes, auto: bytes = b"") -> bytes:
    head = b"".join(mark + b"\r\n" for mark in marks) + (auto + b"\r\n" if auto else b"")
    return head + f"From: {CITIZEN}\r\nTo: {VANTHU}\r\nSubject: Don\r\n\r\nNoi dung\r\n".encode()


SIEVE = b"X-Sieve-Redirected-From: " + VANTHU.encode()
LMTP = (
    b"Received: from mx ([127.0.0.1])\r\n\tby mx with LMTP\r\n\tfor <"
    + VANTHU.encode()
    + b">; Sat, 21 Nov 2026"
)
CAME_IN = b"Received: from mail.example.org (mail.example.org [192.0.2.7])\r\n\tby mx (Postfix) with ESMTP"
FOREIGN = b"X-Sieve-Redirected-From: someone@example.com"
TO_PRIVATE = Assumed(sender=CITIZEN, recipients=[PRIVATE], client="127.0.0.1")
TURNED_BACK = [
    (SIEVE, LMTP, CAME_IN),
    (SIEVE, CAME_IN),
    (SIEVE,),
    (LMTP, CAME_IN),
    (SIEVE.lower(), FOREIGN, CAME_IN),
]
LET_GO = [
    (CAME_IN, SIEVE),  # forwarded to us by others: their mark came in with it
    (FOREIGN, CAME_IN),  # the mark of another office
    (CAME_IN,),
    (),
]


@pytest.mark.parametrize("marks", TURNED_BACK)
def test_an_automatic_forward_is_turned_back(marks: tuple[bytes, ...]) -> None:
    told = judge(copy(*marks), SOCTRANG, TO_PRIVATE)
    assert told.answer.action is Action.REDIRECT
    assert told.verdict.add == (VANTHU,)


@pytest.mark.parametrize("marks", LET_GO)
def test_what_only_looks_like_one_is_let_go(marks: tuple[bytes, ...]) -> None:
    assert judge(copy(*marks), SOCTRANG, TO_PRIVATE).answer.action is Action.ACCEPT


@pytest.mark.parametrize("marks", TURNED_BACK)
def test_a_copy_for_an_office_is_let_go(marks: tuple[bytes, ...]) -> None:
    inside = replace(TO_PRIVATE, recipients=[CANBO1, "canbo@monre.gov.vn"])
    assert judge(copy(*marks), SOCTRANG, inside).answer.action is Action.ACCEPT


def test_a_person_who_forwards_by_hand_is_let_go() -> None:
    raw = (
        f"From: {VANTHU}\r\nTo: {PRIVATE}\r\nSubject: Fwd: Don\r\nX-Forwarded-Message-Id: <1@x>\r\n\r\nx\r\n"
    )
    assert judge(raw.encode(), SOCTRANG, Assumed(login=VANTHU)).answer.action is Action.ACCEPT


def test_a_vacation_reply_is_let_go() -> None:
    reply = copy(b"X-Sieve: Pigeonhole Sieve 0.5.19", auto=b"Auto-Submitted: auto-replied (vacation)")
    assert judge(reply, SOCTRANG, replace(TO_PRIVATE, sender="")).answer.action is Action.ACCEPT


def test_a_stranger_cannot_have_mail_turned_back_by_a_forged_mark() -> None:
    forged = replace(TO_PRIVATE, client="192.0.2.7")
    assert judge(copy(SIEVE, LMTP), SOCTRANG, forged).answer.action is Action.ACCEPT


# spam-report


@pytest.mark.parametrize("others", [(), (CANBO1,), (CANBO1, CANBO2, PRIVATE)])
def test_a_report_reaches_the_desk_and_nobody_else(others: tuple[str, ...]) -> None:
    told = judge(copy(), SOCTRANG, Assumed(sender=CITIZEN, recipients=[DESK, *others]))
    assert told.answer.reply is None
    assert told.answer.action is (Action.REDIRECT if others else Action.ANNOTATE)
    assert told.verdict.remove == others
    assert told.verdict.add == ()


def test_a_report_of_a_false_oversized_mail_arrives() -> None:
    raw = mail_with(file_part("base64", base64_lines(b"x" * (MB + 1)))).replace(
        CITIZEN.encode(), VANTHU.encode()
    )
    told = judge(raw, PER_FILE, Assumed(recipients=[DESK.upper()]))
    assert told.answer.action is Action.ANNOTATE
    assert {one.finding.code for one in told.verdict.judged} == {
        "spam-report",
        "sender-domain",
        "attachment-cap",
    }
