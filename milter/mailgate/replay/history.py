# SPDX-License-Identifier: GPL-3.0-or-later
"""How a stored message once came to the door, as far as its own header tells.

Delivery puts fields on top of those the gate saw. The newest Received field (RFC 5321, 4.4) that names a host
other than this one tells who handed the message over; what stands above it, and it itself, the gate did not
see. A message without any Received was kept by its writer (a folder of sent mail).
"""

from collections.abc import Sequence
from ipaddress import ip_address

from mailgate.saved import Assumed, Field
from mailpolicy.address import normalise, parse_mailboxes
from mailpolicy.headertext import unfold
from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Headers, Origin

LOCAL = "127.0.0.1"
_DELIVERED_TO = ("X-Original-To", "Delivered-To", "Envelope-To")


def at_the_door(fields: Sequence[Field], policy: Policy) -> tuple[list[Field], Assumed]:
    """Return the header fields as the gate saw them, and the SMTP session they came in."""
    headers = Headers(fields)
    hops = headers.positions("Received")
    if not hops:
        return list(fields), _kept_by_its_writer(headers, policy)
    position = _entry(headers, hops, policy)
    received = unfold(fields[position][1])
    login = _login(received, headers, policy)
    stamped = Headers(fields[: position + 1])
    recipients = _recipients(stamped, received)
    if login:
        recipients = [*recipients, *_addressees(headers)]
    sender = _return_path(stamped)
    if sender is None:
        sender = _named_in(received, "envelope-from <")
    assumed = Assumed(sender, tuple(dict.fromkeys(recipients)), login, _client(received))
    return list(fields[position + 1 :]), assumed


def _kept_by_its_writer(headers: Headers, policy: Policy) -> Assumed:
    author = _author(headers) or ""
    login = normalise(author) if policy.context.is_official(author) else ""
    return Assumed(author, tuple(_addressees(headers)), login)


def _entry(headers: Headers, hops: Sequence[int], policy: Policy) -> int:
    """Return where the field of the hop by which the message came to the office stands."""
    for position in hops:
        received = unfold(headers.fields[position][1])
        if _is_login(received):
            return position
        client = _client(received)
        if policy.origin(Envelope("", (), client_address=client)) is Origin.STRANGER:
            return position
    return hops[-1]


def _client(received: str) -> str:
    """Return the address of the host in a Received field; mail that began on this host is this host's."""
    if not received.lower().startswith("from "):
        return LOCAL
    for literal in received.split("[")[1:]:
        address = literal.partition("]")[0].lower().removeprefix("ipv6:")
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return LOCAL if " with lmtp" in received.lower() else ""


def _is_login(received: str) -> bool:
    """Whether the client was authenticated, by the protocol's name (RFC 3848)."""
    protocol = received.lower().partition(" with ")[2].partition(" ")[0].rstrip(";")
    return protocol in ("esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa", "asmtp")


def _login(received: str, headers: Headers, policy: Policy) -> str:
    """Return who was logged in, "" for nobody: the sender, unless Postfix was told to name the login."""
    if not _is_login(received):
        return ""
    named = _named_in(received, "Authenticated sender: ", ")")
    official = [
        box.address
        for name in ("Return-Path", "From")
        for box in headers.mailboxes(name)
        if policy.context.is_official(box.address)
    ]
    return named or (normalise(official[0]) if official else "unknown")


def _return_path(stamped: Headers) -> str | None:
    values = stamped.raw("Return-Path")
    if not values:
        return None
    found = parse_mailboxes(unfold(values[0]))
    return found[0].address if found else ""


def _recipients(stamped: Headers, received: str) -> list[str]:
    named = [normalise(unfold(value).strip()) for name in _DELIVERED_TO for value in stamped.raw(name)]
    return [address for address in [*named, _named_in(received, " for <") or ""] if "@" in address]


def _addressees(headers: Headers) -> list[str]:
    return [normalise(box.address) for name in ("To", "Cc", "Bcc") for box in headers.mailboxes(name)]


def _author(headers: Headers) -> str | None:
    return next((box.address for box in headers.mailboxes("From")), None)


def _named_in(received: str, before: str, after: str = ">") -> str | None:
    """Return what stands between these two in a Received field, None if nothing does."""
    _, found, rest = " ".join(received.split()).partition(before)
    return rest.partition(after)[0] if found else None
