# SPDX-License-Identifier: GPL-3.0-or-later
"""The marks of Exchange, Zimbra, Gmail and others: handed over by a server, or by the user's own login."""

import pytest

from forwards import (
    AUTHOR,
    BACK_TO_OWNER,
    CITIZEN,
    COLLEAGUE,
    FIRST_HOP,
    LEFT_ALONE,
    LMTP,
    OWNER,
    PARTNER,
    PRIVATE,
    TAKEN_OFF,
    Field,
    forwarded,
    sign,
)
from letter import STRANGER
from mailpolicy.forwarding.marks import NAMELESS, NAMING
from mailpolicy.verdict import Action

NAMED: list[Field] = [
    ("X-MS-Exchange-Inbox-Rules-Loop", OWNER),
    ("X-MS-Exchange-Inbox-Rules-Loop", "Canbo2@SocTrang.gov.vn"),
    ("X-MS-Exchange-ForwardingLoop", f"{OWNER};7d3c0a52-0000-0000-0000-000000000000"),
    ("X-Zimbra-Forwarded", OWNER),
    ("X-ResentFrom", f"<{OWNER}>"),
    ("X-Forwarded-For", f"{OWNER} {PRIVATE}"),
]
UNNAMED: list[Field] = [
    ("Autoforwarded", "TRUE"),
    ("X-MS-Exchange-Organization-AutoForwarded", "true"),
    ("X-Yandex-Forward", "5f3a9c"),
    ("X-MailRu-Forward", "1"),
    ("From-Rewrite", "rewritten was: [nguoidan@example.org], forwarded message"),
    ("X-Forwarded-To", PRIVATE),
]
ENTRY: Field = ("Received", "from mx.example.org ([203.0.113.7]) by mx with ESMTP; Fri")
FORWARDER = "canbo2+caf_=hopthu.rieng=gmail.com@soctrang.gov.vn"


def test_every_mark_of_the_tables_is_tried_here() -> None:
    tried = {name for name, _ in (*NAMED, *UNNAMED)} - {"X-Forwarded-For"}
    assert tried == {mark.header for mark in (*NAMING, *NAMELESS)}


# Handed over by a server


@pytest.mark.parametrize("mark", NAMED)
def test_a_servers_marked_copy_goes_back_to_the_mailbox_it_names(mark: Field) -> None:
    assert forwarded(AUTHOR, mark) == BACK_TO_OWNER
    assert forwarded(ENTRY, AUTHOR, mark) == BACK_TO_OWNER
    assert forwarded(FIRST_HOP, AUTHOR, mark) == BACK_TO_OWNER
    assert forwarded(("From", OWNER), mark, sender=OWNER) == BACK_TO_OWNER  # a forward, not a redirect


@pytest.mark.parametrize("mark", NAMED)
def test_a_marked_copy_for_somebody_who_is_no_public_provider_passes(mark: Field) -> None:
    assert forwarded(AUTHOR, mark, to=(PARTNER,)) == LEFT_ALONE
    assert forwarded(AUTHOR, mark, to=(COLLEAGUE,)) == LEFT_ALONE


@pytest.mark.parametrize("mark", NAMED)
def test_an_automatic_reply_that_is_marked_too_passes(mark: Field) -> None:
    reply = (("From", OWNER), ("Auto-Submitted", "auto-replied"), mark)
    assert forwarded(*reply, sender="") == LEFT_ALONE
    assert forwarded(*reply, sender=OWNER, login=OWNER) == LEFT_ALONE


@pytest.mark.parametrize("mark", NAMED)
def test_a_strangers_mark_sends_nobodys_mail_into_another_mailbox(mark: Field) -> None:
    entry = ("Received", f"from mx.example.org ([203.0.113.7]) by mx for <{COLLEAGUE}>; Fri")
    delivered = ("Received", f"from mx by mx with LMTP for <{COLLEAGUE}>; Fri")
    assert forwarded(delivered, entry, AUTHOR, mark) == (Action.REDIRECT, (PRIVATE,), (COLLEAGUE,))
    list_post = ("List-Id", "<bantin.soctrang.gov.vn>")
    bounces = "bantin-bounces@soctrang.gov.vn"
    assert forwarded(ENTRY, AUTHOR, mark, list_post, sender=bounces) == LEFT_ALONE


@pytest.mark.parametrize("mark", [*NAMED, *UNNAMED])
def test_marks_on_mail_from_outside_move_nothing(mark: Field) -> None:
    assert forwarded(AUTHOR, mark, to=(OWNER,), client=STRANGER) == LEFT_ALONE


@pytest.mark.parametrize("value", ["203.0.113.7", f"{OWNER} khac@gmail.com", f"ai@example.org {PRIVATE}", ""])
def test_forwarded_for_counts_only_as_gmail_writes_it(value: str) -> None:
    assert forwarded(AUTHOR, ("X-Forwarded-For", value)) == LEFT_ALONE


def test_gmails_sender_names_the_mailbox() -> None:
    assert forwarded(AUTHOR, sender=FORWARDER) == BACK_TO_OWNER
    assert forwarded(AUTHOR, sender=FORWARDER, to=("khac@gmail.com",)) == LEFT_ALONE
    assert forwarded(AUTHOR, sender=FORWARDER.replace("soctrang.gov.vn", "example.org")) == LEFT_ALONE


@pytest.mark.parametrize("mark", UNNAMED)
def test_a_mark_without_a_name_is_a_sign_unless_the_way_in_tells_whose_mail_it_is(mark: Field) -> None:
    assert sign(AUTHOR, mark) == ("", mark[0])
    assert forwarded(AUTHOR, mark) == LEFT_ALONE
    assert forwarded(FIRST_HOP, AUTHOR, mark) == BACK_TO_OWNER
    assert sign(AUTHOR, mark, ("List-Id", "<bantin.soctrang.gov.vn>")) is None
    assert sign(AUTHOR, mark, ("Auto-Submitted", "auto-replied")) is None


@pytest.mark.parametrize(
    "twin",
    [
        ("Autoforwarded", "FALSE"),
        ("X-MS-Exchange-Organization-AutoForwarded", "false"),
        ("From-Rewrite", "rewritten was: [a@example.org], actual sender is not the same system user"),
        ("X-Forwarded-To", "khac@gmail.com"),
    ],
)
def test_a_mark_that_says_no_is_none(twin: Field) -> None:
    assert sign(AUTHOR, twin) is None


def test_a_rewritten_sender_with_nothing_else_is_a_sign() -> None:
    rewritten = "SRS0=Xy1z=AB=example.org=nguoidan@soctrang.gov.vn"
    assert sign(ENTRY, AUTHOR, sender=rewritten) == ("", "MAIL FROM")
    assert sign(AUTHOR, sender=rewritten) is None  # written by a program of this host


# Handed over with a login: nobody is put in the place, for the login hears the refusal


@pytest.mark.parametrize("mark", NAMED)
def test_a_users_own_program_that_forwards_is_refused(mark: Field) -> None:
    assert forwarded(("From", OWNER), mark, sender=OWNER, login=OWNER) == TAKEN_OFF
    assert forwarded(("From", OWNER), mark, sender=OWNER, login="canbo2") == TAKEN_OFF


@pytest.mark.parametrize("mark", UNNAMED)
def test_a_nameless_mark_on_what_the_user_writes_himself_is_enough(mark: Field) -> None:
    assert forwarded(("From", OWNER), mark, sender=OWNER, login=OWNER) == TAKEN_OFF


def test_only_the_public_recipients_of_a_login_are_taken_off() -> None:
    both = (COLLEAGUE, PRIVATE)
    assert forwarded(("From", OWNER), NAMED[0], to=both, sender=OWNER, login=OWNER) == TAKEN_OFF


@pytest.mark.parametrize("mark", NAMED)
def test_somebody_elses_mark_in_what_a_user_sends_is_an_old_one(mark: Field) -> None:
    assert forwarded(("From", COLLEAGUE), mark, sender=COLLEAGUE, login=COLLEAGUE) == LEFT_ALONE


@pytest.mark.parametrize("mark", [*NAMED, *UNNAMED, ("X-Sieve-Redirected-From", OWNER)])
def test_a_person_resending_a_mail_that_was_once_forwarded_is_not_touched(mark: Field) -> None:
    by_hand = (("Resent-From", OWNER), ("Resent-To", PRIVATE), mark, LMTP, FIRST_HOP, AUTHOR)
    assert forwarded(*by_hand, sender=OWNER, login=OWNER) == LEFT_ALONE
    assert forwarded(*by_hand, sender=OWNER) == LEFT_ALONE  # a webmail without a login


def test_a_resend_further_down_is_an_old_one() -> None:
    mark = ("X-Sieve-Redirected-From", OWNER)
    assert forwarded(mark, LMTP, FIRST_HOP, ("Resent-From", COLLEAGUE), AUTHOR) == BACK_TO_OWNER


def test_sieves_copy_is_refused_whichever_account_hands_it_over() -> None:
    copy = (("X-Sieve-Redirected-From", OWNER), LMTP, FIRST_HOP)
    as_himself = (*copy, ("From", OWNER))  # the script rewrote the author
    assert forwarded(*as_himself, sender=OWNER, login=OWNER) == TAKEN_OFF
    service = "sieve@soctrang.gov.vn"
    assert forwarded(*copy, ("From", service), sender=service, login=service) == TAKEN_OFF


def test_anothers_mail_sent_on_as_it_is_is_a_sign() -> None:
    assert sign(("Delivered-To", OWNER), AUTHOR, sender=OWNER, login=OWNER) == (OWNER, "Delivered-To")
    assert sign(("Delivered-To", OWNER), ("From", OWNER), sender=OWNER, login=OWNER) is None
    assert sign(AUTHOR, sender=OWNER, login=OWNER) is None
    assert CITIZEN in AUTHOR[1]
