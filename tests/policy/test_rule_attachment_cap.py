# SPDX-License-Identifier: GPL-3.0-or-later
"""The caps of three regulations, to the byte, and what counts as an attachment."""

import pytest

from letter import letter
from mailpolicy.attachment import is_attachment
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope, Part
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action

MB = 1024 * 1024


def action(regulation: str, *parts: Part) -> Action:
    policy = Policy.of(for_regulation(load(regulation)))
    suffix = policy.regulation.account_suffix
    me = f"canbo1{suffix}@{sorted(policy.context.domains)[0]}"
    mail = letter(policy, Envelope(me, (me,), login=me), ("From", me), ("Subject", "Tài liệu"), parts=parts)
    return judge(mail, policy).action


def file(size: int, path: str = "2", *, container: bool = False) -> Part:
    kind = "message/rfc822" if container else "application/pdf"
    return Part(path, kind, decoded_size=size, attachment=True, container=container)


@pytest.mark.parametrize(
    ("regulation", "parts", "refused"),
    [
        ("hcm", [file(30 * MB)], False),
        ("hcm", [file(30 * MB + 1)], True),
        ("hcm", [file(15 * MB), file(15 * MB), file(1)], True),
        ("monre", [file(15 * MB)], False),
        ("monre", [file(15 * MB + 1)], True),
        ("soctrang", [file(50 * MB), file(50 * MB), file(50 * MB)], False),
        ("soctrang", [file(50 * MB + 1)], True),
        ("cantho", [file(500 * MB)], False),
        ("tayson", [file(500 * MB)], False),
        # A mail attached with two files inside: together for a message, one file where each file counts.
        ("hcm", [file(30 * MB, container=True), file(20 * MB, "2.1"), file(10 * MB, "2.2")], False),
        ("soctrang", [file(60 * MB, container=True), file(30 * MB, "2.1"), file(30 * MB, "2.2")], True),
        ("monre", [Part("1", "text/html", decoded_size=40 * MB)], False),
        ("monre", [], False),
    ],
)
def test_the_cap_holds_to_the_byte(regulation: str, parts: list[Part], refused: bool) -> None:
    assert action(regulation, *parts) is (Action.REJECT if refused else Action.ACCEPT)


@pytest.mark.parametrize(
    ("media_type", "facts", "attached"),
    [
        ("text/plain", {}, False),
        ("text/html", {"parent": "multipart/alternative"}, False),
        ("text/plain", {"named": True}, True),
        ("text/plain", {"disposition": "attachment"}, True),
        ("text/plain", {"in_attached_message": True}, True),
        ("text/csv", {}, True),
        ("image/png", {"parent": "multipart/related", "content_id": True, "named": True}, False),
        ("image/png", {"parent": "multipart/related", "content_id": True, "disposition": "attachment"}, True),
        ("image/png", {"parent": "multipart/mixed", "content_id": True}, True),
        ("application/pdf", {"parent": "multipart/related", "content_id": True}, True),
        ("application/pkcs7-signature", {"named": True, "disposition": "attachment"}, False),
        ("application/pkcs7-mime", {"named": True}, True),
        ("application/pgp-signature", {"named": True}, False),
        ("text/calendar", {}, False),
        ("text/calendar", {"named": True}, True),
        ("message/delivery-status", {}, False),
        ("text/rfc822-headers", {"parent": "multipart/report"}, False),
        ("text/x-amp-html", {"parent": "multipart/alternative"}, False),
        ("message/rfc822", {}, True),
        ("message/rfc822", {"parent": "multipart/digest", "disposition": "inline"}, True),
        ("image/png", {"parent": "multipart/related", "content_id": True, "in_attached_message": True}, True),
        ("application/pkcs7-signature", {"in_attached_message": True}, True),
        ("text/calendar", {"in_attached_message": True}, True),
        ("application/octet-stream", {}, True),
    ],
)
def test_what_is_an_attachment(media_type: str, facts: dict[str, object], attached: bool) -> None:
    assert is_attachment(media_type, **facts) is attached  # type: ignore[arg-type]
