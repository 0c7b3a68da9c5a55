# SPDX-License-Identifier: GPL-3.0-or-later
"""The header fields that mail systems put on what they forward automatically.

Where these fields stand proves nothing: only Pigeonhole puts its own at the very top. So a name in them
counts when the way in, the envelope or the login confirms it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mailpolicy.address import normalise
from mailpolicy.context import Context
from mailpolicy.forwarding.mailbox import official
from mailpolicy.forwarding.route import WayIn
from mailpolicy.headertext import unfold
from mailpolicy.message import Headers

SIEVE = "X-Sieve-Redirected-From"
"""Pigeonhole's mark, put above all other fields after the script ran: no script can take it out
(cmd-redirect.c, since Pigeonhole 0.2.4)."""
GMAIL = "X-Forwarded-For"
"""Gmail's: the forwarding mailbox, a space, and where it forwards to. Others write IP addresses in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One field: its name, whose it is, and where that is told."""

    header: str
    system: str
    source: str


NAMING = (
    Mark("X-MS-Exchange-Inbox-Rules-Loop", "Exchange and Microsoft 365: inbox rules",
         "Microsoft, outbound spam policies: external email forwarding"),
    Mark("X-MS-Exchange-ForwardingLoop", "Exchange: mailbox forwarding; address;tenant",
         "University of Oxford, Nexus: auto-forwarding"),
    Mark("X-Zimbra-Forwarded", "Zimbra: filters", "Zimbra zm-mailbox, FilterUtil.java"),
    Mark("X-ResentFrom", "Mail.ru, beside X-MailRu-Forward", "forwarded copies"),
)  # fmt: skip
"""Marks whose value names the mailbox that forwards."""

NAMELESS = (
    Mark("Autoforwarded", "X.400 gateways", "RFC 2156; RFC 4021, 2.1.51"),
    Mark("X-MS-Exchange-Organization-AutoForwarded", "Exchange, Outlook", "MS-OXCMAIL 2.1.3.2.21"),
    Mark("X-Yandex-Forward", "Yandex 360", "rspamd aliases.lua, FWD_YANDEX"),
    Mark("X-MailRu-Forward", "Mail.ru", "rspamd aliases.lua, FWD_MAILRU"),
    Mark("From-Rewrite", "cPanel: `forwarded message`, with an SRS sender", "rspamd aliases.lua, FWD_CPANEL"),
    Mark("X-Forwarded-To", "Gmail, indimail: where it forwards to", "indimail forward(1)"),
)  # fmt: skip
"""Marks that say a mail was forwarded, not by whom."""

TELLING = (
    SIEVE,
    GMAIL,
    *(mark.header for mark in (*NAMING, *NAMELESS)),
    "Received",
    "Delivered-To",
    "Auto-Submitted",
)
"""Every field that may tell of a forward: mail that has none of them was written just now."""


def sieve_owner(headers: Headers, way: WayIn, context: Context) -> str:
    """The official mailbox whose Sieve script redirects here, or "".

    Mail that others forwarded to us carries the mark too, but below the Received field it came in with.
    """
    positions = headers.positions(SIEVE)
    if not positions or positions[0] >= way.own_fields:
        return ""
    return next(_official(headers.fields[positions[0]][1], context), "")


def named(headers: Headers, public: tuple[str, ...], context: Context) -> Iterator[tuple[str, str]]:
    """Give each official mailbox that a mark names, with the field's name."""
    for mark in NAMING:
        for value in headers.raw(mark.header)[:3]:
            for mailbox in _official(value, context):
                yield mailbox, mark.header
    for value in headers.raw(GMAIL)[:3]:
        first, *rest = _addresses(value) or [""]
        if official(first, context) and set(rest) & set(map(normalise, public)):
            yield first, GMAIL


def nameless(headers: Headers, public: tuple[str, ...]) -> str:
    """The name of the first field that says this was forwarded by a machine, or ""."""
    there = (mark.header for mark in NAMELESS if mark.header in headers)
    return next((header for header in there if _says_so(header, headers, public)), "")


def _says_so(header: str, headers: Headers, public: tuple[str, ...]) -> bool:
    values = [unfold(value).strip().lower() for value in headers.raw(header)]
    match header:
        case "X-Forwarded-To":
            return any(normalise(value) in map(normalise, public) for value in values)
        case "From-Rewrite":
            return any("forwarded message" in value for value in values)
        case "Autoforwarded" | "X-MS-Exchange-Organization-AutoForwarded":
            return "true" in values
        case _:
            return bool(values)


def _official(value: bytes, context: Context) -> Iterator[str]:
    return (address for address in _addresses(value) if official(address, context))


def _addresses(value: bytes) -> list[str]:
    """The addresses in a mark, normalised: parted by spaces, commas or semicolons, in brackets or not."""
    words = (
        unfold(value)[:1000].replace(",", " ").replace(";", " ").replace("<", " ").replace(">", " ").split()
    )
    return [normalise(word) for word in words if "@" in word]
