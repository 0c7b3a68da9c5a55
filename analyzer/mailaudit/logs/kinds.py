# SPDX-License-Identifier: GPL-3.0-or-later
"""What a table of log lines is made of: kinds of lines, and the producer that writes them.

A kind looks at the text of a line from its first character to its last, never into its middle: names,
addresses, subjects and message identifiers are written by strangers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from mailaudit.logs.functions import Expression, typed

SLOTS = ("a", "b", "c", "d")
"""What the groups of a piece of a pattern are called while the kinds are still mixed."""


class Kind(Protocol):
    """A kind of log line."""

    @property
    def name(self) -> str:
        """The kind's name, once in its table."""

    @property
    def samples(self) -> Mapping[str, Mapping[str, object]]:
        """Lines of this kind, from after the program's tag on, each with fields that it must give."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """How texts of this kind begin: with one of these."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """Patterns with SLOTS for groups; each goes on with the last group of the one before."""

    @property
    def usual(self) -> tuple[str, ...]:
        """Forms that most texts of this kind have."""

    @property
    def proof(self) -> tuple[int, str] | None:
        """Which pattern and slot is not empty if all patterns matched; None: `belongs` is proof enough."""

    def belongs(self, rows: Expression) -> Expression:
        """Return for each row that begins with one of the prefixes whether it can be of this kind."""

    def recognises(self, rows: Expression) -> Expression:
        """Return for each row that begins with one of the prefixes whether it is of this kind."""

    def values(self, rows: Expression) -> Mapping[str, Expression]:
        """Return the fields of rows that are of this kind; what a pattern captured is in `captured_N`."""


@dataclass(frozen=True)
class LineKind:
    """A kind known by how a line begins and by a pattern that the whole text matches.

    `pattern` is written in RE2 without anchors; its named groups are fields, and null where they matched
    nothing. It has no more than three groups, or is given in pieces that each go on where the one before
    ended. `sure` names a group of the last piece that is never empty in a match; then that piece may have
    four. Patterns are quick if at each character only one way leads on: RE2 then needs a single pass.

    `usual` are forms (mailaudit.logs.forms) that most such texts have. What has one matches `pattern` with
    the same fields, and is of no kind that comes before it.
    """

    name: str
    begins: str | tuple[str, ...]
    pattern: str | tuple[str, ...]
    samples: Mapping[str, Mapping[str, object]]
    services: tuple[str, ...] = ()  # of Dovecot; empty: any
    sure: str | None = None
    usual: tuple[str, ...] = ()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """How texts of this kind begin."""
        return (self.begins,) if isinstance(self.begins, str) else self.begins

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """The pieces with anchors: all but the last with a group for the rest, the last with one for all."""
        *first, last = self._pieces
        whole = f"(?:{last})" if self.sure else f"({last})"
        return (*(f"^{_padded(piece, 1)}(.*)" for piece in first), f"^{_padded(whole, 0)}$")

    @cached_property
    def proof(self) -> tuple[int, str]:
        """The slot of the group `sure`, or of the whole last piece."""
        return self.slots[self.sure] if self.sure else (len(self._pieces) - 1, SLOTS[0])

    @cached_property
    def slots(self) -> Mapping[str, tuple[int, str]]:
        """In which pattern and slot each field is."""
        found = {}
        for number, piece in enumerate(self._pieces):
            whole = 1 if piece is self._pieces[-1] and not self.sure else 0
            for name, group in re.compile(piece).groupindex.items():
                found[name] = (number, SLOTS[group - 1 + whole])
        return found

    def belongs(self, rows: Expression) -> Expression:
        """Return for each row whether its service is one of the kind's."""
        return rows.service.isin(self.services) if self.services else rows.text.notnull()

    def recognises(self, rows: Expression) -> Expression:
        """Return for each row whether its service is one of the kind's and its text matches the pattern."""
        return self.belongs(rows) & rows.text.re_search(f"^(?:{''.join(self._pieces)})$")

    def values(self, rows: Expression) -> Mapping[str, Expression]:
        """Return the groups of the pattern, each as its field's type."""
        return {
            name: typed(rows[f"captured_{piece}"][slot], name) for name, (piece, slot) in self.slots.items()
        }

    @property
    def _pieces(self) -> tuple[str, ...]:
        return (self.pattern,) if isinstance(self.pattern, str) else self.pattern


@dataclass(frozen=True)
class Producer:
    """A program that writes logs: how to know its lines, what they begin with, and its kinds of lines.

    `programs` is the pattern of its programs' names. `split` parts what its texts begin with from the rest;
    it runs once on each of its lines. `head` makes columns of that, given the split and the rows with their
    `text`: some of HEAD_FIELDS, and `head`, which comes off the text before the kinds look at it. What has
    one of `usual_heads`, the first of them, has the same `head` and fields.
    """

    name: str
    programs: str
    split: Callable[[Expression], Expression]
    head: Callable[[Expression, Expression], Mapping[str, Expression]]
    kinds: tuple[Kind, ...] = field(repr=False)
    usual_heads: tuple["UsualHead", ...] = ()


@dataclass(frozen=True)
class UsualHead:
    """A form (mailaudit.logs.forms) that a producer's texts begin with, and the service that writes them."""

    form: str
    service: str | None = None


HEAD_FIELDS = ("service", "user", "address", "session", "queue_id")
"""What can be known of a line before its kind is. `service` is Dovecot's process or the gate's event."""


def _padded(pattern: str, more: int) -> str:
    """Give a pattern, to which `more` groups will be added, as many as there are slots."""
    missing = len(SLOTS) - more - re.compile(pattern).groups
    if missing < 0:
        raise ValueError(f"too many groups: {pattern}")
    return pattern + "()" * missing
