# SPDX-License-Identifier: GPL-3.0-or-later
"""The way a message came in: which header fields the office's own hosts put on it, and for whom it came."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from mailpolicy.context import Context
from mailpolicy.forwarding.mailbox import official
from mailpolicy.headertext import unfold
from mailpolicy.message import Headers

# Addresses that no host on the Internet has: loopback, RFC 1918, link-local, and RFC 4193.
_INSIDE = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fe80::/10", "fc00::/7"),
    )
)
_ADDRESS = re.compile(r"[\[(](?:ipv6:)?([0-9a-f:.]+)(?:%[0-9a-z]+)?[\])]")
_HOPS = 20  # Received fields looked at


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a message came to the office.

    `own_fields`: how many fields, from the top, the office's own hosts and programs wrote; the last of them
    is the Received field of the host it came in through. `delivered` is the official mailbox it was last
    delivered to, "" if that does not show. `came_for` are the official addresses that those Received fields
    name, the newest first.
    """

    own_fields: int
    delivered: str
    came_for: tuple[str, ...]

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """Every official address on the way."""
        return (self.delivered, *self.came_for) if self.delivered else self.came_for


def way_in(headers: Headers, context: Context) -> WayIn:
    """Read the trace fields (RFC 5321, 4.4) from the newest down to the one that tells of a foreign host.

    What is below that one came with the message, and strangers write there what they like. Postfix hides the
    newest Received field from a milter; in a saved message it shows.
    """
    own_fields, came_for, delivered = len(headers.fields), [], []
    for position in headers.positions("Received")[:_HOPS]:
        text = " ".join(unfold(headers.fields[position][1]).split())
        if recipient := _official_recipient(text, context):
            came_for.append(recipient)
            if " with lmtp" in text.lower():
                delivered.append((position, recipient))
        if not is_local_hop(text):
            own_fields = position + 1
            break
    delivered += _delivered_to(headers, own_fields, context)
    return WayIn(own_fields, min(delivered)[1] if delivered else "", tuple(came_for))


def is_local_hop(received: str) -> bool:
    """Whether an unfolded Received field tells of a hand-over inside the office.

    All addresses of its from-clause count: a stranger may greet as [127.0.0.1], and Postfix notes that too.
    """
    clause, _, rest = received.lower().partition(" by ")
    if not clause.startswith("from "):
        return True  # "by mx (Postfix, from userid 5000)": a program of that host
    found = _ADDRESS.findall(clause)
    return all(map(_is_inside, found)) if found else " with lmtp" in rest


def _is_inside(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in _INSIDE)


def _official_recipient(received: str, context: Context) -> str:
    """The official address in a Received field's `for <...>`, or ""."""
    _, found, rest = received.partition(" for <")
    return official(rest.partition(">")[0], context) if found else ""


def _delivered_to(headers: Headers, own_fields: int, context: Context) -> list[tuple[int, str]]:
    """The newest Delivered-To that the office's own delivery wrote, with its position, if it is official."""
    positions = [position for position in headers.positions("Delivered-To")[:1] if position < own_fields]
    return [
        (position, mailbox)
        for position in positions
        if (mailbox := official(unfold(headers.fields[position][1]), context))
    ]
