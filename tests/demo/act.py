# SPDX-License-Identifier: GPL-3.0-or-later
"""One act of the demo: a gate, a bed, the letters sent, and where each of them ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from bed.bed import Bed
from bed.gate import Gate
from bed.mailclient import Sent
from demo.letters import Letter

LETTER, MARK = "X-Demo-Letter", "X-Postwarden"


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: Postfix's reply, where it was found, its marks, and what the gate recorded."""

    letter: Letter
    sent: Sent
    inboxes: tuple[str, ...]
    left_for: tuple[str, ...]
    marks: tuple[str, ...]
    finding: Mapping[str, Any] | None

    @property
    def as_it_should(self) -> bool:
        """Whether it ended where it had to, by the duty that had to act."""
        duty = self.finding["code"] if self.finding else ""
        ends = (*self.inboxes, *self.left_for)
        return (self.sent.answer.code, ends, duty) == (self.letter.code, self.letter.ends, self.letter.duty)


def play(bed: Bed, gate: Gate, letters: Iterable[Letter]) -> list[Outcome]:
    """Send every letter, wait until nothing moves, and look where they are."""
    sent = [(letter, _send(bed, letter, number)) for number, letter in enumerate(letters)]
    bed.settle(60)
    findings, stored, departed = _findings(gate), _stored(bed), bed.outside.departed()
    outcomes = []
    for number, (letter, (answer, message_id)) in enumerate(sent):
        found = [(user, mail) for user, mail in stored if mail[LETTER] == str(number)]
        gone = [mail for mail in departed if mail.message[LETTER] == str(number)]
        marks = [value for _, mail in found for value in mail.get_all(MARK, [])]
        outcomes.append(
            Outcome(
                letter,
                answer,
                inboxes=tuple(user for user, _ in found),
                left_for=tuple(recipient for mail in gone for recipient in mail.recipients),
                marks=tuple(marks),
                finding=findings.get(message_id),
            )
        )
    return outcomes


def _send(bed: Bed, letter: Letter, number: int) -> tuple[Sent, str]:
    message = letter.message(number)
    if letter.login:
        sent = bed.send_as_user(message, letter.login, letter.to, sender=letter.sender)
    else:
        sent = bed.send_as_stranger(message, letter.sender, letter.to)
    return sent, message["Message-ID"]


def _stored(bed: Bed) -> list[tuple[str, EmailMessage]]:
    """Every mail of every mailbox, read once over IMAP from an office's own network."""
    return [
        (user, mail)
        for host, user in enumerate(bed.users, start=11)
        for mail in bed.inbox(user, address=f"10.20.3.{host}")
    ]


def _findings(gate: Gate) -> dict[str, Mapping[str, Any]]:
    """By Message-ID, the first finding whose duty is enforced."""
    found: dict[str, Mapping[str, Any]] = {}
    for verdict in gate.verdicts():
        for finding in verdict["findings"]:
            if finding["mode"] == "enforce":
                found.setdefault(verdict["message_id"], finding)
    return found
