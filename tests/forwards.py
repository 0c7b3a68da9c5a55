# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies on their way to a public provider, for the tests of auto-forward: fields, envelopes, outcomes."""

from dataclasses import replace

from letter import LOOPBACK, letter
from mailpolicy.directory import Directory
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action, Certainty, Finding

POLICY = Policy.of(for_regulation(load("soctrang")))
OWNER, COLLEAGUE, CITIZEN = "canbo2@soctrang.gov.vn", "vanthu@soctrang.gov.vn", "nguoidan@example.org"
PRIVATE, PARTNER = "hopthu.rieng@gmail.com", "congty@example.com"
Field = tuple[str, str]

FIRST_HOP: Field = (
    "Received",
    f"from mx.example.org (mx.example.org [203.0.113.7])\n\tby mx with ESMTP\n\tfor <{OWNER}>; Fri",
)
LMTP: Field = (
    "Received",
    f"from mx ([127.0.0.1])\n\tby mx with LMTP\n\t(envelope-from <{CITIZEN}>)\n\tfor <{OWNER}>; Fri",
)
AUTHOR: Field = ("From", CITIZEN)

Outcome = tuple[Action, tuple[str, ...], tuple[str, ...]]
BACK_TO_OWNER: Outcome = (Action.REDIRECT, (PRIVATE,), (OWNER,))
TAKEN_OFF: Outcome = (Action.REDIRECT, (PRIVATE,), ())  # the gate refuses it, or holds it if nobody hears
LEFT_ALONE: Outcome = (Action.ACCEPT, (), ())


def forwarded(
    *fields: Field,
    to: tuple[str, ...] = (PRIVATE,),
    sender: str = CITIZEN,
    client: str = LOOPBACK,
    login: str = "",
    directory: Directory | None = None,
) -> Outcome:
    """What becomes of such a mail: the action, the recipients taken off, those put in their place."""
    policy = POLICY if directory is None else _knowing(directory)
    envelope = Envelope(sender, to, login=login, client_address=client)
    verdict = judge(letter(policy, envelope, *fields), policy)
    return verdict.action, verdict.remove, verdict.add


def finding(*fields: Field, sender: str = CITIZEN, login: str = "", client: str = LOOPBACK) -> Finding | None:
    """What auto-forward finds in such a mail to PRIVATE."""
    envelope = Envelope(sender, (PRIVATE,), login=login, client_address=client)
    verdict = judge(letter(POLICY, envelope, *fields), POLICY)
    return next((one.finding for one in verdict.judged if one.finding.code == "auto-forward"), None)


def sign(*fields: Field, sender: str = CITIZEN, login: str = "") -> tuple[str, str] | None:
    """The mailbox and the field of a finding that is only a sign; None if there is none, or a certain one."""
    found = finding(*fields, sender=sender, login=login)
    if found is None or found.certainty is not Certainty.SIGN:
        return None
    return str(found.evidence["mailbox"]), str(found.evidence["seen_in"])


def _knowing(directory: Directory) -> Policy:
    return replace(POLICY, context=replace(POLICY.context, directory=directory))
