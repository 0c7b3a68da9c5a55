# SPDX-License-Identifier: GPL-3.0-or-later
"""Offices to judge mail for, and conversations to judge it in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType

from gate.milterclient import Mail
from mailgate.session import Outcome, Session
from mailgate.terms import Terms
from mailpolicy.context import Context
from mailpolicy.judge import Charge, Policy
from mailpolicy.message import Message
from mailpolicy.regulation import Duty, load
from mailpolicy.rules import Rule
from mailpolicy.site import for_regulation
from mailpolicy.verdict import Action, Finding, Mode

OFFICE = "soctrang.gov.vn"
VANTHU, CANBO1, CANBO2, DESK = (f"{name}@{OFFICE}" for name in ("vanthu", "canbo1", "canbo2", "xulythurac"))
CITIZEN, PRIVATE = "nguoidan@example.org", "hopthu.rieng@gmail.com"
Client = tuple[str, str, int | None]
OUTSIDE: Client = ("mail.example.org", "192.0.2.7", 40_111)
INSIDE: Client = ("localhost", "127.0.0.1", 40_112)
SENDMAIL: Client = ("localhost", "127.0.0.1", 0)
REGULATIONS = (
    "soctrang-59-2024",
    "monre-2019-2016",
    "hcm-tnmt-2018-draft",
    "cantho-33-2015",
    "tayson-3426-2015",
)


def office(name: str = "soctrang-59-2024", mode: Mode = Mode.ENFORCE, only: Sequence[str] = ()) -> Policy:
    """An office with every rule of its regulation in this mode; if `only` is given, the others are off."""
    site = for_regulation(load(name))
    choices = {
        code: replace(choice, mode=mode if not only or code in only else Mode.OFF)
        for code, choice in site.choices.items()
    }
    return Policy.of(replace(site, choices=MappingProxyType(choices)))


def made_up(action: Action, check: Callable[[Message, Duty, Context], Finding | None]) -> Policy:
    """An office with one rule that is not a real one, under the code of a real one."""
    policy = office()
    duty = next(charge.duty for charge in policy.charges if charge.duty.code == "attachment-cap")
    rule = Rule("attachment-cap", check, action)
    return replace(policy, charges=(Charge(duty, rule, Mode.ENFORCE, fail_open=False),))


def always(action: Action, *recipients: str, owner: str = "") -> Policy:
    """An office whose one rule finds something in every message."""
    return made_up(action, lambda *_: Finding("attachment-cap", "7", "found", {}, recipients, owner))


def tell(session: Session, mail: Mail) -> None:
    """Tell a session everything but the end of a message."""
    session.mail(mail.sender)
    session.log_in(mail.login)
    for recipient in mail.recipients:
        session.rcpt(recipient)
    for name, value in mail.fields:
        session.header(name.decode(), value)
    session.body(mail.body)


def outcome(policy: Policy, mail: Mail, client: Client = OUTSIDE) -> Outcome:
    """What becomes of one message, alone in its session."""
    session = Session(lambda: Terms.of(policy))
    session.connect(*client)
    tell(session, mail)
    return session.end(mail.queue_id)


def letter(
    sender: str = CITIZEN,
    to: Sequence[str] = (VANTHU,),
    author: str = "",
    login: str = "",
    subject: str = "Hoi",
) -> Mail:
    """An ordinary mail as an SMTP client sends it."""
    return Mail(
        f"<{sender}>",
        [f"<{recipient}>" for recipient in to],
        [
            (b"From", (author or sender).encode()),
            (b"To", ", ".join(to).encode()),
            (b"Subject", subject.encode()),
            (b"Message-ID", b"<1@example.org>"),
        ],
        login=login,
    )


def forwarded(to: Sequence[str] = (PRIVATE,), owner: str = VANTHU, *, brackets: bool = True) -> Mail:
    """A copy that Sieve sends on: its own marks stand above all that the mail came in with."""
    fields = [
        (b"X-Sieve", b"Pigeonhole Sieve 0.5.19 (4eae2f79)"),
        (b"X-Sieve-Redirected-From", owner.encode()),
        (
            b"Received",
            b"from mx ([127.0.0.1])\n\tby mx with LMTP\n\tfor <" + owner.encode() + b">; Sat, 21 Nov 2026",
        ),
        (b"Received", b"from mail.example.org (mail.example.org [192.0.2.7])\n\tby mx (Postfix)"),
    ]
    mail = letter(CITIZEN, [owner])
    around = "<{}>" if brackets else "{}"
    return replace(
        mail,
        sender=around.format(CITIZEN),
        recipients=[around.format(recipient) for recipient in to],
        fields=[*fields, *mail.fields],
    )
