# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate can make Postfix do with a message, at its end and at no other moment."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddHeader:
    """A header field put below those the message has."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class InsertHeader:
    """A header field put above all others, as a trace of what was done last (RFC 8601, 5)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DeleteHeader:
    """A header field taken out: the `occurrence`th of its name, from 1 at the top."""

    name: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class DeleteRecipient:
    """A recipient taken off. Postfix compares character by character, so it is spelled as RCPT TO gave it."""

    recipient: str


@dataclass(frozen=True, slots=True)
class AddRecipient:
    """A recipient added, in angle brackets."""

    recipient: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The message goes to Postfix's hold queue, for all recipients; `reason` is ASCII for Postfix's log."""

    reason: str


Edit = AddHeader | InsertHeader | DeleteHeader | DeleteRecipient | AddRecipient | Quarantine


def in_order(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Put deletions first, each once, and of each name the last field first, so that no number changes."""
    gone = {edit for edit in edits if isinstance(edit, DeleteHeader)}
    deletions = sorted(gone, key=lambda edit: (edit.name.lower(), edit.occurrence), reverse=True)
    return (*deletions, *(edit for edit in edits if not isinstance(edit, DeleteHeader)))


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMTP refusal: code "550" or "451", enhanced code "5.7.1" (RFC 3463), lines of ASCII text."""

    code: str
    xcode: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as an SMTP client sees it, lines separated by newlines (RFC 5321, 4.2.1)."""
        dashes = ["-"] * (len(self.lines) - 1) + [" "]
        return "\n".join(
            f"{self.code}{dash}{self.xcode} {line}" for dash, line in zip(dashes, self.lines, strict=True)
        )
