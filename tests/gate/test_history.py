# SPDX-License-Identifier: GPL-3.0-or-later
"""How a stored message came to the door is read from its header, and only what the gate saw is judged."""

import pytest

from gate.offices import CANBO1, CITIZEN, PRIVATE, VANTHU, office
from mailgate.mime.saved import split_saved
from mailgate.replay.history import LOCAL, at_the_door
from mailgate.saved import Assumed

POLICY = office()
LMTP = (
    "Received: from mx.soctrang.gov.vn ([127.0.0.1])\n\tby mx.soctrang.gov.vn with LMTP id x\n"
    "\t(envelope-from <{0}>) for <{1}>; Mon, 2 Nov 2026 08:00:00 +0700\n"
)
SEEN = "From: A <{0}>\nTo: {1}\nSubject: Thu\n"


def door(message: str) -> tuple[str, Assumed]:
    """The names of the fields the gate saw, and the session."""
    fields, _ = split_saved(message.encode())
    seen, assumed = at_the_door(fields, POLICY)
    return " ".join(name for name, _ in seen), assumed


def test_a_strangers_mail_comes_from_the_newest_host_that_is_not_ours() -> None:
    names, assumed = door(
        f"Return-Path: <{CITIZEN}>\nDelivered-To: {VANTHU}\n"
        + LMTP.format(CITIZEN, VANTHU)
        + "Received: from mail.example.org (mail.example.org [192.0.2.7])\n\tby mx.soctrang.gov.vn (Postfix) "
        f"with ESMTPS id 4X\n\tfor <{VANTHU}>; Mon, 2 Nov 2026 08:00:00 +0700\n"
        "Received: from pc (unknown [198.51.100.9]) by mail.example.org with ESMTPSA id 1; x\n"
        + SEEN.format(CITIZEN, VANTHU)
        + "\nchao\n"
    )
    assert assumed == Assumed(CITIZEN, (VANTHU,), "", "192.0.2.7")
    assert names == "Received From To Subject"


def test_a_logged_in_users_mail_is_his_with_all_its_addressees() -> None:
    names, assumed = door(
        f"Return-Path: <{CANBO1}>\nDelivered-To: {VANTHU}\n"
        + LMTP.format(CANBO1, VANTHU)
        + "Received: from pc (unknown [203.0.113.5]) (Authenticated sender: canbo1)\n\tby mx (Postfix) "
        "with ESMTPSA id 4X; x\n" + SEEN.format(CANBO1, f"{VANTHU}, {CITIZEN}") + "\nchao\n"
    )
    assert assumed == Assumed(CANBO1, (VANTHU, CITIZEN), "canbo1", "203.0.113.5")
    assert names == "From To Subject"


def test_a_login_that_is_not_named_is_the_official_senders() -> None:
    message = (
        f"Received: from pc (x [203.0.113.5]) by mx with ESMTPA id 4; x\n{SEEN.format(CANBO1, VANTHU)}\n"
    )
    assert door(message)[1].login == CANBO1


def test_the_word_with_in_a_hosts_own_name_is_no_login() -> None:
    received = "Received: from evil (x [203.0.113.5]) by mx with ESMTP id 4; with ESMTPSA\n"
    assert door(f"{received}{SEEN.format(CANBO1, VANTHU)}\n")[1].login == ""


def test_mail_of_this_hosts_own_programs_comes_from_loopback() -> None:
    received = "Received: by mx.soctrang.gov.vn (Postfix, from userid 33)\n\tid 4X; x\n"
    assert door(f"{received}{SEEN.format(VANTHU, CITIZEN)}\n")[1].client == LOCAL


def test_a_folder_of_sent_mail_is_its_writers() -> None:
    names, assumed = door(f"{SEEN.format(CANBO1, CITIZEN)}Bcc: {PRIVATE}\n\nchao\n")
    assert assumed == Assumed(CANBO1, (CITIZEN, PRIVATE), CANBO1, "")
    assert names == "From To Subject Bcc"


def test_the_null_sender_of_a_bounce_stays_null() -> None:
    received = "Return-Path: <>\nReceived: from mx.example.org (x [192.0.2.7]) by mx with ESMTP id 4; x\n"
    assert door(f"{received}{SEEN.format(CITIZEN, VANTHU)}\n")[1].sender == ""


@pytest.mark.parametrize(
    "received", ["", "from", "from [", "from x [not an address]", "by", "with with with"]
)
def test_any_received_field_is_read(received: str) -> None:
    assert door(f"Received: {received}\n{SEEN.format(CITIZEN, VANTHU)}\n")[1].login == ""
