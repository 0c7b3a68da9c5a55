# SPDX-License-Identifier: GPL-3.0-or-later
"""What a table of log lines is made of: kinds of lines, the fields they give, and the program that writes them.

A kind looks at the text of a line from its first character to its last, never into its middle: names,
addresses, subjects and message identifiers are written by strangers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import ibis

Expression = Any
"""An Ibis expression; Ibis ships no types."""

STRING, INTEGER, NUMBER = "string", "int64", "float64"


class Field(NamedTuple):
    """A column of the facts: its type, and what it says."""

    type: str
    meaning: str


FIELDS: Mapping[str, Field] = {
    "user": Field(STRING, "the login name, as logged"),
    "address": Field(STRING, "the other side's IP address"),
    "client_name": Field(STRING, "the other side's host name"),
    "helo": Field(STRING, "what the client calls itself in HELO or EHLO"),
    "method": Field(STRING, "how the login proved itself: PLAIN, XOAUTH2, ..."),
    "session": Field(STRING, "Dovecot's session identifier"),
    "queue_id": Field(STRING, "Postfix's queue identifier; short ones are used again"),
    "related_queue_id": Field(STRING, "the queue identifier this message came from or led to"),
    "message_id": Field(STRING, "the message's Message-ID"),
    "sender": Field(STRING, "the envelope sender, empty for a bounce"),
    "recipient": Field(STRING, "the envelope recipient; of several, as a JSON list"),
    "orig_recipient": Field(STRING, "the recipient before aliases, if another"),
    "relay": Field(STRING, "the host, socket or service that took or refused the message"),
    "status": Field(STRING, "a delivery's outcome: sent, bounced, deferred, ..."),
    "dsn": Field(STRING, "the enhanced status code (RFC 3463)"),
    "delay": Field(NUMBER, "seconds from arrival to delivery"),
    "size": Field(INTEGER, "the message's bytes"),
    "nrcpt": Field(INTEGER, "recipients, those that a milter deletes included"),
    "stage": Field(STRING, "the SMTP command it happened at or after"),
    "action": Field(STRING, "what was done: an access or milter action, a mailbox command, a gate's verdict"),
    "folder": Field(STRING, "the folder in the mailbox"),
    "target": Field(STRING, "the address a Sieve script sent something to"),
    "bytes_in": Field(INTEGER, "bytes the client sent in a session"),
    "bytes_out": Field(INTEGER, "bytes the client received in a session"),
    "reason": Field(STRING, "why, in the program's words; never a password"),
    "reply": Field(STRING, "the reply of an SMTP or LMTP server"),
    "direction": Field(STRING, "a gate's verdict: the way of the message, in, out or within"),
    "findings": Field(STRING, "a gate's verdict: its findings, as JSON"),
    "text": Field(
        STRING, "the whole text of a line that is a warning, an error or unparsed; never a password"
    ),
}
"""Every column that kinds of lines can fill. What a line does not say is null."""


class Kind(Protocol):
    """A kind of log line."""

    @property
    def name(self) -> str:
        """The kind's name, once in its table."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Those of FIELDS that lines of this kind can fill."""

    @property
    def samples(self) -> Mapping[str, Mapping[str, object]]:
        """Lines of this kind, from after the program's tag on, each with the fields that it must give."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """How texts of this kind begin: with one of these."""

    def recognises(self, rows: Expression) -> Expression:
        """Return for each row whether its text, which begins with one of the prefixes, is of this kind."""

    def values(self, rows: Expression) -> Mapping[str, Expression]:
        """Return the fields of rows that are of this kind."""


@dataclass(frozen=True)
class LineKind:
    """A kind known by how a line begins and by a pattern that the whole text matches.

    `pattern` is written in RE2 without anchors; its named groups are fields. A group that matched nothing is
    null. Where at each character only one way leads on, and no more than four groups are kept, RE2 needs one
    pass: a longer pattern is better given in pieces, each with three groups and the last with four.
    """

    name: str
    begins: str | tuple[str, ...]
    pattern: str | tuple[str, ...]
    samples: Mapping[str, Mapping[str, object]]
    services: tuple[str, ...] = ()  # of Dovecot; empty: any

    @property
    def fields(self) -> tuple[str, ...]:
        """The pattern's groups, in their order."""
        return tuple(re.compile("".join(self._pieces)).groupindex)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """How texts of this kind begin."""
        return (self.begins,) if isinstance(self.begins, str) else self.begins

    def recognises(self, rows: Expression) -> Expression:
        """Return for each row whether its text matches the pattern, and the service is one of the kind's."""
        matches = rows.text.re_search(f"^(?:{''.join(self._pieces)})$")
        return rows.service.isin(self.services) & matches if self.services else matches

    def values(self, rows: Expression) -> Mapping[str, Expression]:
        """Return the groups of the pattern, each as its field's type."""
        values: dict[str, Expression] = {}
        text = rows.text
        for piece in self._pieces[:-1]:
            names = (*re.compile(piece).groupindex, _REST)
            groups = capture(text, f"^{piece}(?P<{_REST}>.*)", names)
            values |= {name: typed(groups[name], name) for name in names[:-1]}
            text = groups[_REST]
        if names := tuple(re.compile(self._pieces[-1]).groupindex):
            groups = capture(text, f"^(?:{self._pieces[-1]})$", names)
            values |= {name: typed(groups[name], name) for name in names}
        return values

    @property
    def _pieces(self) -> tuple[str, ...]:
        return (self.pattern,) if isinstance(self.pattern, str) else self.pattern


@dataclass(frozen=True)
class Producer:
    """A program that writes logs: how to know its lines, what they begin with, and its kinds of lines.

    `writes` tells from the program's tag whether a line is the producer's. `split` parts what its texts begin
    with from the rest; it runs once on each of its lines. `head` makes columns of that, given the split and
    the text: some of HEAD_FIELDS, and `text`, which the kinds look at.
    """

    name: str
    writes: Callable[[Expression], Expression]
    split: Callable[[Expression], Expression]
    head: Callable[[Expression, Expression], Mapping[str, Expression]]
    kinds: tuple[Kind, ...] = field(repr=False)


HEAD_FIELDS = ("service", "user", "address", "session", "queue_id", "text")
"""What can be known of a line before its kind is. `service` is Dovecot's process or the gate's event."""


_REST = "rest_of_text"


def engine_function(name: str, takes: tuple[str, ...], gives: Any) -> Callable[..., Expression]:
    """Return a function that the engine has and Ibis has no name for, by the types it takes and gives."""
    parameters = {1: lambda a: None, 2: lambda a, b: None, 3: lambda a, b, c: None}[len(takes)]
    function: Callable[..., Expression] = ibis.udf.scalar.builtin(
        parameters, name=name, signature=(takes, gives)
    )
    return function


def capture(text: Expression, pattern: str, names: tuple[str, ...]) -> Expression:
    """Return a struct of the pattern's groups, in their order; those that matched nothing are empty strings."""
    groups = ibis.expr.datatypes.Struct(dict.fromkeys(names, STRING))
    regexp_extract = engine_function("regexp_extract", (STRING, STRING, "array<string>"), groups)
    return regexp_extract(text, pattern, list(names))


def typed(text: Expression, name: str) -> Expression:
    """Return text as the type of the field `name`: null if empty, and without the password it may quote."""
    present = text.nullif("")
    if FIELDS[name].type != STRING:
        return present.try_cast(FIELDS[name].type)
    return without_password(present) if name in ("reason", "text") else present


def without_password(text: Expression) -> Expression:
    """Return text without what follows the word password: Dovecot may be told to log those that fail."""
    return ibis.cases(
        (text.re_search("(?i)password: "), text.re_replace("(?i)(password: ).*", r"\1***")), else_=text
    )
