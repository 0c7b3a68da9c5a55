# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what of each message's identity is looked into, or signed, as it streams: for most, nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mailgate.effects import DeleteHeader, Edit, InsertHeader
from mailgate.identity import authresults
from mailgate.identity.inquiry import Count, Inquiry
from mailgate.identity.means import Means
from mailgate.identity.signature import FIELD, Fields
from mailgate.identity.signing import Signing
from mailgate.terms import Terms
from mailpolicy.address import domain_of
from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Headers, Origin, Proof

CODE = "sender-domain"
"""The duty that asks for proof."""


class Stream(Protocol):
    """What is done with one message: body() as it comes, then proof() or edits(), each once."""

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""

    def proof(self) -> Proof:
        """Say what is proved of where it comes from."""

    def edits(self) -> tuple[Edit, ...]:
        """Return what is done to its header."""


@dataclass(slots=True)
class Incoming:
    """A stranger's message: what it proves, and the Authentication-Results fields that it forges."""

    inquiry: Inquiry | None
    forged: tuple[int, ...]

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""
        if self.inquiry is not None:
            self.inquiry.body(chunk)

    def proof(self) -> Proof:
        """Say what is proved; DNS is asked, for a few seconds at most."""
        return Proof() if self.inquiry is None else self.inquiry.proof()

    def edits(self) -> tuple[Edit, ...]:
        """Take the forged fields out."""
        return tuple(DeleteHeader(authresults.FIELD, number) for number in self.forged)


@dataclass(slots=True)
class Outgoing:
    """A message of the office's own, to be signed."""

    signing: Signing

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""
        self.signing.body(chunk)

    def proof(self) -> Proof:
        """Nothing is to be proved of it."""
        return Proof()

    def edits(self) -> tuple[Edit, ...]:
        """Put the signature above all other fields."""
        value = self.signing.value()
        return () if value is None else (InsertHeader(FIELD, value),)


class Authenticator:
    """Shared by a worker's sessions. `count` is told of inquiries."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def begin(self, terms: Terms, envelope: Callable[[], Envelope], fields: Fields) -> Stream | None:
        """Begin with the message whose header is complete; None where there is nothing to do."""
        policy, means = terms.policy, terms.means
        if means is None:
            return None
        told = envelope()
        official = _mentions_the_office(policy, told.sender, fields)
        if not official and not means.trusted:
            return None
        if policy.origin(told) is Origin.STRANGER:
            return self._incoming(policy, told, Headers(fields), means, official=official)
        return _outgoing(policy, told, Headers(fields), means) if means.keys else None

    def _incoming(
        self, policy: Policy, envelope: Envelope, headers: Headers, means: Means, *, official: bool
    ) -> Incoming | None:
        heard = authresults.weigh(headers, means.trusted)
        claimed = _claimed(policy, envelope, headers) if official else frozenset()
        if not claimed or all(charge.duty.code != CODE for charge in policy.charges):
            return Incoming(None, heard.forged) if heard.forged else None
        inquiry = Inquiry(claimed, heard.domains, headers.fields, means.resolver, self._count)
        return Incoming(inquiry, heard.forged)


def _mentions_the_office(policy: Policy, sender: str, fields: Fields) -> bool:
    """Whether From: or MAIL FROM might be official: quick, as it is asked of every message.

    An official domain cut up by white space or comments is not seen, and so never proved.
    """
    authors = [value for name, value in fields if len(name) == 4 and name.lower() == "from"]
    text = b"\n".join(authors).decode("latin-1").lower() + sender.lower()
    return not text.isascii() or any(domain in text for domain in policy.context.domains)


def _claimed(policy: Policy, envelope: Envelope, headers: Headers) -> frozenset[str]:
    """The official domains that MAIL FROM and From: claim."""
    addresses = [envelope.sender, *(box.address for box in headers.mailboxes("From"))]
    return policy.context.domains & {domain_of(address) for address in addresses}


def _outgoing(policy: Policy, envelope: Envelope, headers: Headers, means: Means) -> Outgoing | None:
    """Sign what is written in one official domain that has a key.

    A trusted program's mail with a Received field has come from elsewhere: it may be a forged one, forwarded.
    """
    if policy.origin(envelope) is not Origin.LOGIN and "Received" in headers:
        return None
    domains = {domain_of(box.address) for box in headers.mailboxes("From")}
    domain = domains.pop() if len(domains) == 1 else ""
    key = means.keys.get(domain) if domain in policy.context.domains else None
    return None if key is None else Outgoing(Signing(key, headers.fields))
