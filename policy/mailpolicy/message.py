# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule may look at: the envelope, who is at the other end, the headers, and the MIME parts' sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailpolicy.address import Mailbox, parse_mailboxes
from mailpolicy.headertext import decode, unfold
from mailpolicy.signature import NO_SECOND_LOOK, Signatures

MOST_DECODED = 20
"""Values of one name that are decoded; RFC 5322, 3.6 allows one Subject."""


class Origin(StrEnum):
    """Who handed the message over, as far as the SMTP session proves it."""

    LOGIN = "login"  # authenticated with SASL
    TRUSTED = "trusted"  # no login, from a trusted network (this host's own programs among them)
    STRANGER = "stranger"


class Direction(StrEnum):
    """Which way the message crosses the office's border."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SMTP envelope. Addresses have no angle brackets and are as the mail server reads them;
    "" is the null sender.

    `login` is the SASL user name, "" for none; `client_address` is an IP address, "" if unknown.
    """

    sender: str
    recipients: tuple[str, ...]
    login: str = ""
    client_address: str = ""
    client_name: str = ""
    helo: str = ""
    queue_id: str = ""


class Headers:
    """The message's header fields in order, names as written, values as raw bytes with folding kept."""

    __slots__ = ("_index", "_mailboxes", "_texts", "fields")

    def __init__(self, fields: Sequence[tuple[str, bytes]]) -> None:
        self.fields = tuple(fields)
        self._index: dict[str, list[int]] = {}
        self._mailboxes: dict[str, tuple[Mailbox, ...]] = {}  # several rules ask for the same field
        self._texts: dict[str, tuple[str, ...]] = {}
        for position, (name, _) in enumerate(self.fields):
            self._index.setdefault(name.lower(), []).append(position)

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self.fields)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._index

    def positions(self, name: str) -> list[int]:
        """Where the fields of this name stand, from 0 at the top."""
        return self._index.get(name.lower(), [])

    def raw(self, name: str) -> list[bytes]:
        """Every value of this name, as received."""
        return [self.fields[position][1] for position in self.positions(name)]

    def text(self, name: str) -> tuple[str, ...]:
        """The values of this name, unfolded and decoded (RFC 2047).

        Of more than MOST_DECODED the first and the last ones: readers show the one or the other.
        """
        if name not in self._texts:
            values = self.raw(name)
            if len(values) > MOST_DECODED:
                values = values[: MOST_DECODED // 2] + values[-MOST_DECODED // 2 :]
            self._texts[name] = tuple(map(decode, values))
        return self._texts[name]

    @property
    def automatic(self) -> bool:
        """Whether a program answers or reports here, by Auto-Submitted (RFC 3834, 5)."""
        return any(value.strip().lower() not in ("", "no") for value in self.text("Auto-Submitted"))

    def mailboxes(self, name: str) -> list[Mailbox]:
        """Every mailbox in the fields of this name.

        The field is cut up before encoded-words are decoded (RFC 2047, 5): an encoded "<" is no bracket.
        """
        if name not in self._mailboxes:
            found = [box for value in self.raw(name) for box in parse_mailboxes(unfold(value))]
            decoded = (Mailbox(decode(box.display.encode()), box.address) for box in found)
            self._mailboxes[name] = tuple(decoded)
        return list(self._mailboxes[name])


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME part. Sizes are in bytes; `path` numbers it as IMAP does (RFC 3501, 6.4.5); a lone body is 1.

    `filenames` holds every name the part gives itself, in the order read, decoded. A container (multipart,
    message/rfc822) has the sum of its leaves as `decoded_size`. `attachment` is what attachment.py says.
    `sample` is the beginning of a text, decoded; `sample_cut` is whether the text goes on after it, or none
    of it was kept. What is not text has no sample, and nothing cut. `charset` is the declared one in lower
    case, or UNKNOWN_8BIT where the bytes are not what they are declared to be.
    """

    path: str
    type: str
    encoding: str = "7bit"
    encoded_size: int = 0
    decoded_size: int = 0
    filenames: tuple[str, ...] = ()
    disposition: str = ""
    attachment: bool = False
    container: bool = False
    sample: str = ""
    sample_cut: bool = False
    charset: str = "us-ascii"

    @property
    def filename(self) -> str | None:
        """The first of its names, or None."""
        return self.filenames[0] if self.filenames else None


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved of where a message from outside comes from.

    `domains` are those, normalised, that vouch for its author: by a DKIM signature that was verified, or by a
    server the site trusts. `undecided`: it could not be found out just now, as when DNS does not answer.
    """

    domains: frozenset[str] = frozenset()
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the rules see it. `malformed` holds the scanner's reason codes; `size` is in bytes."""

    envelope: Envelope
    origin: Origin
    direction: Direction
    headers: Headers
    parts: tuple[Part, ...] = ()
    malformed: tuple[str, ...] = ()
    size: int = 0
    proof: Proof = Proof()
    signatures: Signatures = NO_SECOND_LOOK
