# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a stranger's mail proves the official domains it claims: its DKIM signatures, as it streams."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mailgate.identity import publickey, signature
from mailgate.identity.bodyhash import BodyHash
from mailgate.identity.resolver import Resolver, Unanswered
from mailgate.identity.signature import Fields, Signature
from mailpolicy.message import Proof

SECONDS = 5.0  # that DNS may take for one message
MOST_READ = 20  # DKIM-Signature fields that are read
MOST = 4  # signatures that are looked at, of each claimed domain

Count = Callable[[str, float], None]
"""Takes "proved", "unproved" or "undecided", and the seconds DNS took."""


@dataclass(slots=True)
class _Clock:
    """The time left for DNS."""

    spent: float = 0.0

    def texts(self, resolver: Resolver, name: str) -> Iterable[bytes]:
        """Ask within what is left. Raises Unanswered."""
        began = time.monotonic()
        try:
            return resolver.texts(name, SECONDS - self.spent)
        finally:
            self.spent += time.monotonic() - began


@dataclass(slots=True)
class Inquiry:
    """One message that claims these domains, some of them `vouched` for. body(), then proof(), once."""

    claimed: frozenset[str]
    vouched: frozenset[str]
    fields: Fields
    resolver: Resolver
    count: Count
    _signatures: Sequence[Signature] = field(init=False)
    _bodies: Mapping[bool, BodyHash] = field(init=False)

    def __post_init__(self) -> None:
        self._signatures = aligned(self.fields, self.claimed - self.vouched)
        self._bodies = {relaxed: BodyHash(relaxed=relaxed) for relaxed in self._forms()}

    def _forms(self) -> set[bool]:
        return {one.relaxed_body for one in self._signatures}

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""
        for body in self._bodies.values():
            body.update(chunk)

    def proof(self) -> Proof:
        """End the message and say what is proved. Undecided: all that is not might be, did DNS but answer."""
        digests = {relaxed: body.digest() for relaxed, body in self._bodies.items()}
        proved, open_questions, clock = set(self.claimed & self.vouched), set(), _Clock()
        for one in self._signatures:
            if one.domain in proved or one.body_hash != digests[one.relaxed_body]:
                continue  # DNS is asked only where all else agrees
            try:
                if self._verifies(one, clock):
                    proved.add(one.domain)
            except Unanswered:
                open_questions.add(one.domain)
        unproved = self.claimed - proved
        proof = Proof(frozenset(proved), undecided=bool(unproved) and unproved <= open_questions)
        self.count("proved" if not unproved else "undecided" if proof.undecided else "unproved", clock.spent)
        return proof

    def _verifies(self, one: Signature, clock: _Clock) -> bool:
        records = clock.texts(self.resolver, f"{one.selector}._domainkey.{one.domain}.")
        keys = [key for record in records if (key := publickey.read(record)) is not None]
        return bool(keys) and any(key.verifies(one, one.header_hash(self.fields)) for key in keys)


def aligned(fields: Fields, domains: frozenset[str]) -> list[Signature]:
    """Return the signatures that speak for exactly one of these domains, from the top, MOST of each."""
    values = [field for field in fields if field[0].lower() == signature.FIELD.lower()][:MOST_READ]
    found: dict[str, list[Signature]] = {domain: [] for domain in domains}
    for name, value in values if domains else ():
        one = signature.read(name, value)
        if one is not None and len(found.get(one.domain, [None] * MOST)) < MOST:
            found[one.domain].append(one)
    return [one for signatures in found.values() for one in signatures]
