# SPDX-License-Identifier: GPL-3.0-or-later
"""One SMTP conversation as a milter sees it: a state machine without I/O, from events to an outcome.

All judging is done at the end of a message. An earlier answer would end the events for the whole message, its
other recipients and its content too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mailgate.address import Address
from mailgate.answer import Answer, answer
from mailgate.effects import Edit, in_order
from mailgate.identity.authenticator import Authenticator, Stream
from mailgate.scanner import Scan, Scanner
from mailgate.signatures import results
from mailgate.signatures.inspector import Copy, Inspector
from mailgate.terms import Terms
from mailpolicy.judge import judge
from mailpolicy.message import Envelope, Headers, Message, Proof
from mailpolicy.signature import NO_SECOND_LOOK
from mailpolicy.verdict import Failure, Verdict, decide

SCANNER = "scanner"
"""The name under which a failure outside the rules is recorded and counted."""

SHARED = Inspector()
"""For sessions that are given none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message judged: what it was, the verdict on it, and what happens."""

    message: Message
    verdict: Verdict
    answer: Answer


@dataclass(slots=True)
class _Client:
    name: str = ""
    address: str = ""
    port: int | None = None


class Session:
    """One connection of Postfix to the gate: a client, and the messages it sends one after the other.

    Nothing of one message is there when the next begins. `busy` is whether a message is under way. `in_force`
    is asked for the terms when a message begins, and those hold to its end. `inspector` looks again at the
    few messages whose signatures matter; `authenticator` proves senders and signs, None does neither.
    """

    def __init__(
        self,
        in_force: Callable[[], Terms],
        inspector: Inspector = SHARED,
        authenticator: Authenticator | None = None,
    ) -> None:
        self._in_force = in_force
        self._authenticator = authenticator
        self._inspector = inspector
        self._copy: Copy | None = None
        self._client = _Client()
        self._lost: Exception | None = None
        self._clear()

    def _clear(self) -> None:
        self.busy = False
        self._taken: Terms | None = None
        self._login = ""
        self._sender = Address("")
        self._recipients: list[Address] = []
        self._fields: list[tuple[str, bytes]] = []
        self._scanner: Scanner | None = None
        self._stream: Stream | None = None
        if self._copy is not None:
            self._copy.close()
            self._copy = None
        self._error = self._lost

    def connect(self, name: str, address: str, port: int | None = None) -> None:
        """Take who connects. `address` is an IP address, "" if unknown."""
        self._client = _Client(name, address, port)

    def mail(self, argument: str, resolved: str | None = None) -> None:
        """Begin a message. `argument` is MAIL FROM's as received; `resolved` is what Postfix makes of it."""
        self._clear()
        self.busy = True
        self._taken = self._in_force()
        self._sender = Address(argument, resolved)

    def log_in(self, login: str) -> None:
        """Take the SASL user of the message under way, "" for none."""
        self._login = login

    def rcpt(self, argument: str, resolved: str | None = None) -> None:
        """Take a recipient: RCPT TO's argument as received, and what Postfix makes of it."""
        self._recipients.append(Address(argument, resolved))

    def header(self, name: str, value: bytes) -> None:
        """Take a header field, its value raw and folded as it came."""
        self._fields.append((name, value))

    def body(self, chunk: bytes) -> None:
        """Take some of the body."""
        if self._error is None:
            (self._scanner or self._scan()).body(chunk)
            if self._copy is not None:
                self._copy.write(chunk)
            if self._stream is not None:
                self._stream.body(chunk)

    def _scan(self) -> Scanner:
        """Begin to scan: the header is complete."""
        self._scanner = Scanner()
        for name, value in self._fields:
            self._scanner.header(name, value)
        self._copy = self._inspector.keep(self._terms, self._envelope, self._fields)
        if self._authenticator is not None:
            self._stream = self._authenticator.begin(self._terms, self._envelope, self._fields)
        return self._scanner

    def fail(self, error: Exception) -> None:
        """Note an event that could not be dealt with: its message will be a tempfail, with an alarm.

        If it was not part of a message, no message of this connection can be judged.
        """
        self._error = self._error or error
        if not self.busy:
            self._lost = self._error

    def end(self, queue_id: str = "") -> Outcome:
        """End the message: judge it and say what happens. Raises nothing."""
        envelope = self._envelope(queue_id)
        try:
            if self._error is not None:
                raise self._error
            message = self._message(envelope, (self._scanner or self._scan()).finish())
            verdict = judge(message, self._terms.policy)
            return self._outcome(message, verdict)
        except Exception as error:  # whatever went wrong, the message must get an answer
            failure = Failure.of(SCANNER, error, fail_open=False)
            return self._outcome(self._message(envelope, None), decide((), [failure]))
        finally:
            self._clear()

    def abort(self) -> None:
        """Forget the message under way; the client has reset it, or is gone."""
        self._clear()

    @property
    def _terms(self) -> Terms:
        """What holds for the message under way; where its beginning failed, what is in force now."""
        return self._taken or self._in_force()

    def _outcome(self, message: Message, verdict: Verdict) -> Outcome:
        told = answer(message, verdict, self._terms.policy, self._recipients, by_sendmail=self._by_sendmail())
        if told.reply is None:
            seen = self._seen(message)
            if edits := (*seen, *(self._stream.edits() if self._stream is not None else ())):
                told = replace(told, edits=in_order((*told.edits, *edits)))
        return Outcome(message, verdict, told)

    def _seen(self, message: Message) -> list[Edit]:
        """What is written of the signatures that were verified; nothing where the duty is not enforced."""
        terms = self._terms
        return results.edits(message, terms.signatures.written_as) if terms.wanted.written else []

    def _by_sendmail(self) -> bool:
        """Whether sendmail(1) brought this: Postfix plays a client on loopback, port 0, without brackets."""
        plays_client = self._client.port == 0 and self._client.address in ("127.0.0.1", "::1")
        return plays_client and not self._login and not self._sender.argument.startswith("<")

    def _envelope(self, queue_id: str = "") -> Envelope:
        return Envelope(
            sender=self._sender.address,
            recipients=tuple(recipient.address for recipient in self._recipients),
            login=self._login,
            client_address=self._client.address,
            client_name=self._client.name,
            queue_id=queue_id,
        )

    def _message(self, envelope: Envelope, scan: Scan | None) -> Message:
        origin = self._terms.policy.origin(envelope)
        headers = Headers(self._fields)
        return Message(
            envelope,
            origin,
            self._terms.policy.direction(envelope, origin),
            headers,
            parts=scan.parts if scan else (),
            malformed=scan.malformed if scan else (),
            size=scan.size if scan else 0,
            proof=self._stream.proof() if self._stream is not None and scan else Proof(),
            signatures=self._copy.inspect(headers) if self._copy and scan else NO_SECOND_LOOK,
        )
