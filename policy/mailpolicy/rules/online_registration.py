# SPDX-License-Identifier: GPL-3.0-or-later
"""An official mailbox used to register with a social network, a shop or a forum: their welcome mail tells."""

from mailpolicy.address import domain_of
from mailpolicy.context import Context
from mailpolicy.lists.registration import Service, says, shipped
from mailpolicy.message import Message, Origin
from mailpolicy.regulation import Duty
from mailpolicy.verdict import Certainty, Finding

_AFTER_ADDRESS = b"> \t\r\n"


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find mail from outside by which a listed service confirms or welcomes an official mailbox.

    A mere code or a new password shows that there is an account: a sign. So is mail whose origin is not
    borne out by MAIL FROM or by proof: anybody can write in a service's name.
    """
    if message.origin is not Origin.STRANGER or (service := _author(message)) is None:
        return None
    mailboxes = tuple(filter(context.is_official, message.envelope.recipients))
    subject = " ".join(message.headers.text("Subject")).casefold()
    registered = says(shipped().registered, subject, service)
    if not mailboxes or not (registered or says(shipped().account, subject, service)):
        return None
    borne_out = _borne_out(message, service)
    what = "registration" if registered else "account"
    return Finding(
        duty.code,
        duty.article,
        f"mail about a mailbox's {what} with {service.name} ({service.kind})",
        {"service": service.name, "kind": service.kind, "mailboxes": mailboxes, "borne_out": borne_out},
        certainty=Certainty.CERTAIN if registered and borne_out else Certainty.SIGN,
    )


def _author(message: Message) -> Service | None:
    """The service that From: names. Most mail is told by the last domain in the field, unparsed."""
    for value in message.headers.raw("From")[:1]:
        domain = value.rpartition(b"@")[2].rstrip(_AFTER_ADDRESS).lower().decode("ascii", "replace")
        if shipped().service(domain) is not None:
            authors = message.headers.mailboxes("From")
            return shipped().service(domain_of(authors[0].address)) if len(authors) == 1 else None
    return None


def _borne_out(message: Message, service: Service) -> bool:
    domains = (domain_of(message.envelope.sender), *message.proof.domains)
    return any(shipped().service(domain) == service for domain in domains)
