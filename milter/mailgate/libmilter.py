# SPDX-License-Identifier: GPL-3.0-or-later
"""The only door to libmilter: its callbacks become events of a Session, and a Session's outcome its calls.

pymilter's C module is used without its Python classes: a small message is mostly callbacks. Everything is
decided at the end of a message, so no other event needs an answer; HELO, unknown commands and the end of the
headers are not even asked for. DATA is answered over TCP only (docs/decisions/0004-answer-data-over-tcp.md).
"""

import functools
import os
import socket
import time
from collections.abc import Callable
from typing import Any

from Milter import milter  # type: ignore[import-untyped]  # the C module

from mailgate import reply
from mailgate.accounts import Accounts
from mailgate.effects import (
    AddHeader,
    AddRecipient,
    DeleteHeader,
    DeleteRecipient,
    Edit,
    InsertHeader,
    Quarantine,
    Reply,
)
from mailgate.identity.authenticator import Authenticator
from mailgate.inforce import InForce
from mailgate.session import Session
from mailgate.signatures.inspector import Inspector

NAME = "mailgate"
EDITING = milter.ADDHDRS | milter.CHGHDRS | milter.ADDRCPT | milter.DELRCPT | milter.QUARANTINE
UNANSWERED = milter.P_NR_CONN | milter.P_NR_MAIL | milter.P_NR_RCPT | milter.P_NR_HDR | milter.P_NR_BODY
UNSENT = milter.P_NOHELO | milter.P_NOUNKNOWN | milter.P_NOEOH
NOREPLY = int(milter.NOREPLY)
LOGIN, SENDER, RECIPIENT, QUEUE_ID = "{auth_authen}", "{mail_addr}", "{rcpt_addr}", "i"
# Postfix gives the login with MAIL and at no other stage. At each stage one macro is always there: where none
# is sent libmilter keeps those of the message before, and a login would last too long.
MACROS = {
    milter.M_ENVFROM: f"{LOGIN} {SENDER}",
    milter.M_ENVRCPT: RECIPIENT,
    milter.M_EOM: QUEUE_ID,
}

Context = Any  # milter.Context: the C module has no types


def _event(handle: Callable[..., None]) -> Callable[..., int]:
    """Make a callback that is never answered. If it raises, its message ends in a tempfail."""

    @functools.wraps(handle)
    def callback(door: "Door", context: Context, *arguments: Any) -> int:
        session: Session = context.getpriv()
        try:
            handle(door, context, session, *arguments)
        except Exception as error:  # it must reach neither libmilter nor another message
            session.fail(error)
        return NOREPLY

    return callback


class Door:
    """Turns one worker's callbacks into sessions' events. `sessions` are those of the open connections."""

    def __init__(self, in_force: InForce, accounts: Accounts) -> None:
        self.in_force = in_force
        self._inspector = Inspector()
        self._authenticator = Authenticator(accounts.metrics.inquiry)
        self.accounts = accounts
        self._steps = UNANSWERED | UNSENT
        self.sessions: set[Session] = set()

    def listens_at(self, address: str) -> None:
        """Learn where connections will come in; over a socket in the file system DATA needs no answer."""
        if address.startswith("unix:"):
            self._steps |= milter.P_NODATA

    @property
    def busy(self) -> bool:
        """Whether a message is under way on any connection."""
        return any(session.busy for session in list(self.sessions))

    def negotiate(self, context: Context, options: list[int]) -> int:
        """Begin a connection: take what Postfix offers and the gate can use."""
        session = Session(self.in_force.terms, self._inspector, self._authenticator)
        context.setpriv(session)
        self.sessions.add(session)
        for stage, names in MACROS.items():
            context.setsymlist(stage, names)
        options[:] = [EDITING | milter.SETSYMLIST, options[1] & self._steps, 0, 0]
        return int(milter.CONTINUE)

    @_event
    def connect(self, _: Context, session: Session, name: str, family: int, address: Any) -> None:
        """Take the client: (address, port, ...), or a path, or None."""
        if isinstance(address, tuple):
            session.connect(name, address[0], address[1])
        else:
            session.connect(name, "")

    @_event
    def mail(self, context: Context, session: Session, argument: bytes, *_: bytes) -> None:
        """Begin a message."""
        session.mail(_text(argument), _resolved(context, SENDER))
        session.log_in(context.getsymval(LOGIN) or "")

    @_event
    def rcpt(self, context: Context, session: Session, argument: bytes, *_: bytes) -> None:
        """Take a recipient."""
        session.rcpt(_text(argument), _resolved(context, RECIPIENT))

    def header(self, context: Context, name: str, value: bytes) -> int:
        """Take a header field, as the other events but quicker: there are many."""
        session: Session = context.getpriv()
        try:
            session.header(name, value)
        except Exception as error:
            session.fail(error)
        return NOREPLY

    @_event
    def body(self, _: Context, session: Session, chunk: bytes) -> None:
        """Take some of the body."""
        session.body(chunk)

    def data(self, _: Context) -> int:
        """Answer DATA, where it is asked for."""
        return int(milter.CONTINUE)

    def end(self, context: Context) -> int:
        """Answer a message."""
        began = time.perf_counter()
        session: Session = context.getpriv()
        try:
            outcome = session.end(context.getsymval(QUEUE_ID) or "")
            for edit in outcome.answer.edits:
                _make(context, edit)
            self.accounts.verdict(outcome, time.perf_counter() - began)
            return _say(context, outcome.answer.reply)
        except Exception as error:
            session.abort()
            self.accounts.alarm(error)
            return _say(context, reply.temporary())

    def abort(self, context: Context) -> int:
        """Forget a message."""
        context.getpriv().abort()
        return int(milter.CONTINUE)

    def close(self, context: Context) -> int:
        """End a connection."""
        self.sessions.discard(context.getpriv())
        context.setpriv(None)
        return int(milter.CONTINUE)


def _text(argument: bytes) -> str:
    """Return an envelope argument as text that gives the same bytes back to libmilter if they are UTF-8."""
    return argument.decode("utf-8", "surrogateescape")


def _resolved(context: Context, macro: str) -> str | None:
    """Return the address in a macro; None if there is none, or if it is no UTF-8 and pymilter balks."""
    try:
        found: str | None = context.getsymval(macro)
    except UnicodeDecodeError:
        return None
    return found


def _make(context: Context, edit: Edit) -> None:
    match edit:
        case AddHeader(name, value):
            context.addheader(name, value)
        case InsertHeader(name, value):
            context.addheader(name, value, 0)
        case DeleteHeader(name, occurrence):
            context.chgheader(name, occurrence, None)
        case DeleteRecipient(recipient):
            context.delrcpt(recipient)
        case AddRecipient(recipient):
            context.addrcpt(recipient)
        case Quarantine(reason):
            context.quarantine(reason)


def _say(context: Context, refusal: Reply | None) -> int:
    if refusal is None:
        return int(milter.ACCEPT)
    # Postfix takes "%" for the beginning of a format: it is doubled.
    context.setreply(refusal.code, refusal.xcode, *(line.replace("%", "%%") for line in refusal.lines))
    return int(milter.TEMPFAIL if refusal.code.startswith("4") else milter.REJECT)


def open_listener(door: Door, address: str) -> int:
    """Register the door and listen at `address`, written as libmilter does. Return the socket's number.

    libmilter keeps a socket that is open already, so processes forked after this share it.
    Raises OSError; libmilter tells the reason to syslog only.
    """
    door.listens_at(address)
    milter.set_connect_callback(door.connect)
    milter.set_envfrom_callback(door.mail)
    milter.set_envrcpt_callback(door.rcpt)
    milter.set_header_callback(door.header)
    milter.set_body_callback(door.body)
    milter.set_eom_callback(door.end)
    milter.set_abort_callback(door.abort)
    milter.set_close_callback(door.close)
    milter.setconn(address)
    milter.register(NAME, negotiate=door.negotiate, data=door.data)
    number = os.dup(0)  # the lowest number free is the one the next socket gets
    os.close(number)
    try:
        milter.opensocket(False)
    except milter.error as error:
        raise OSError(f"libmilter can't listen at {address}") from error
    with socket.socket(fileno=os.dup(number)) as listener:
        if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            raise OSError(f"file descriptor {number} is not the listening socket")
    return number


def serve() -> None:
    """Serve connections until libmilter ends, which it does by itself on SIGTERM, SIGHUP and SIGINT only.

    Those cut messages off; a worker that shall drain is told otherwise. Raises OSError.
    """
    try:
        milter.main()
    except milter.error as error:
        raise OSError(str(error)) from error


def stop_accepting(listener: int) -> None:
    """Take no new connections in this process, while those that are open go on.

    libmilter's own stop also ends its reading of open connections. So a socket that nobody knows takes the
    listener's place under its number.
    """
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind("")  # Linux chooses an abstract name
        deaf.listen()
        deaf.setblocking(False)
        os.dup2(deaf.fileno(), listener, inheritable=False)
