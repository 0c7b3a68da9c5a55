# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication-Results fields (RFC 8601): what servers the site trusts found out, and forged ones."""

from dataclasses import dataclass

from mailpolicy.address import ascii_domain
from mailpolicy.message import Headers

FIELD = "Authentication-Results"
LONGEST = 8192  # bytes of a field whose results are read
PROVING = {("dkim", "header.d"), ("dmarc", "header.from")}
"""Methods that prove an author's domain by passing, and the property that names it. SPF proves no author."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the trusted fields say. `forged` numbers the fields that only pretend, from 1 at the top."""

    domains: frozenset[str] = frozenset()
    forged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """One field: who wrote it, in lower case, and the domains it says are proved."""

    authserv_id: str
    domains: frozenset[str] = frozenset()


def weigh(headers: Headers, trusted: frozenset[str]) -> Testimony:
    """Weigh the fields of a message from outside; `trusted` are authserv-ids in lower case.

    A milter before the gate puts its field on top of all that the message came with. So of each trusted id
    the topmost counts, unless a Received field stands above it; every other of that id is forged.
    """
    received = headers.positions("Received")
    border = received[0] if received else len(headers.fields)
    domains: set[str] = set()
    forged: list[int] = []
    heard: set[str] = set()
    for number, position in enumerate(headers.positions(FIELD), 1):
        results = read(headers.fields[position][1])
        if results.authserv_id not in trusted:
            continue
        if position > border or results.authserv_id in heard:
            forged.append(number)
            continue
        heard.add(results.authserv_id)
        domains |= results.domains
    return Testimony(frozenset(domains), tuple(forged))


def read(value: bytes) -> Results:
    """Read one field. One that is malformed says nothing beside who wrote it."""
    text = value[:LONGEST].decode("utf-8", "replace")
    plain = _plain(text)
    if plain is None or len(value) > LONGEST:
        return Results(_first_word(text.partition(";")[0]))
    name, *results = plain.split(";")
    proved = {domain for result in results if (domain := _proved(result))}
    return Results(_first_word(name), frozenset(proved))


def _first_word(text: str) -> str:
    return (text.split() or [""])[0].strip('"').lower()


def _plain(text: str) -> str | None:
    """Take comments out, and of quoted strings what means something outside; None if one does not end."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in text:
        if escaped or (char == "\\" and (quoted or depth)):
            escaped = not escaped
        elif quoted:
            quoted = char != '"'
            kept.append("_" if char in "; \t\r\n=" else char)
            continue
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            kept.append(" ")
        elif not depth:
            quoted = char == '"'
            kept.append(char)
    return None if depth or quoted else "".join(kept)


def _proved(result: str) -> str:
    """The domain that one method=result with its properties proves, "" for none."""
    words = " ".join(result.split()).replace(" =", "=").replace("= ", "=").split(" ")
    pairs = [(name.lower(), value.strip('"')) for name, _, value in (word.partition("=") for word in words)]
    method, outcome = pairs[0]
    if outcome.lower() != "pass":
        return ""
    proving = [value for name, value in pairs[1:] if (method.partition("/")[0], name) in PROVING]
    return ascii_domain(proving[0]) if len(proving) == 1 else ""
