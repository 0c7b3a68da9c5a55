# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail addresses: comparing them, and reading them out of header fields (RFC 5322, 3.4) in linear time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header field. `display` is its display name or "", `address` is as written."""

    display: str
    address: str


def normalise(address: str) -> str:
    """Return the address as it is compared: no angle brackets, lower case, no dot after the domain.

    Local parts are compared without case: no office has two mailboxes that differ only in it.
    """
    return address.strip().removeprefix("<").removesuffix(">").strip().rstrip(".").lower()


def domain_of(address: str) -> str:
    """Return the domain, normalised; "" where there is none. An IDN is given in its ASCII form."""
    local, at, domain = normalise(address).rpartition("@")
    return ascii_domain(domain) if at and local else ""


def ascii_domain(domain: str) -> str:
    """Return a domain in lower case and in ASCII form; one that IDNA refuses stays as it is."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def without_detail(address: str) -> str:
    """Return the normalised address with a `+detail` (RFC 5233) taken off its local part."""
    local, at, domain = normalise(address).rpartition("@")
    return local.partition("+")[0] + at + domain


def same_mailbox(one: str, other: str) -> bool:
    """Whether both name one mailbox, a `+detail` aside."""
    return without_detail(one) == without_detail(other)


def parse_mailboxes(field: str) -> list[Mailbox]:
    """Read every mailbox of a From-like field, group syntax and comments included.

    Takes the reading that finds more: an address outside angle brackets counts as one. Never raises.
    """
    return [mailbox for item in _split(field) if (mailbox := _mailbox(item)).address]


def _split(field: str) -> list[str]:
    """Cut at commas, semicolons and a group's colon, outside quotes, comments and angle brackets."""
    items: list[str] = []
    current: list[str] = []
    closing: list[str] = []  # the characters that end what we are in
    escaped = False
    for char in field:
        if escaped or char == "\\":
            escaped = not escaped
            current.append(char)
            continue
        if closing and char == closing[-1]:
            closing.pop()
        elif char == '"' and (not closing or closing[-1] == ">"):
            closing.append('"')
        elif char == "(" and (not closing or closing[-1] != '"'):
            closing.append(")")
        elif char == "<" and not closing:
            closing.append(">")
        elif not closing and char in ",;:":
            items.append("".join(current))
            current = []
            continue
        current.append(char)
    return [*items, "".join(current)]


def _mailbox(item: str) -> Mailbox:
    """Read one `Display <a@b>`, `a@b` or `a@b (Display)`."""
    text = _without_comments(item)
    start = text.rfind("<")
    if start >= 0:
        inside = text[start + 1 :].partition(">")[0].strip()
        route_end = inside.rfind(":")  # an obsolete source route, <@a,@b:c@d> (RFC 5322, 4.4)
        return Mailbox(_unquoted(text[:start]), "".join(inside[route_end + 1 :].split()))
    bare = text.strip()
    return Mailbox("", "".join(bare.split()) if "@" in bare else "")


def _without_comments(item: str) -> str:
    """Take out (comments), nested ones too, but not parentheses inside quotes."""
    if "(" not in item:
        return item
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in item:
        literal = escaped or char == "\\"
        escaped = char == "\\" and not escaped
        if not literal and char == '"' and not depth:
            quoted = not quoted
        elif not literal and char == "(" and not quoted:
            depth += 1
        if not depth:
            kept.append(char)
        elif not literal and char == ")":
            depth -= 1
    return "".join(kept)


def _unquoted(display: str) -> str:
    display = display.strip()
    if len(display) > 1 and display[0] == display[-1] == '"':
        display = display[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return display
