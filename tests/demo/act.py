# SPDX-License-Identifier: GPL-3.0-or-later
"""One act of the demo: a gate, a bed, the letters sent, and where each of them ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bed.bed import Bed
from bed.gate import Gate
from bed.mailclient import Sent
from demo.letters import Letter

MARK = "X-Demo-Letter"


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: Postfix's reply, the places it was found in, and what the gate recorded."""

    letter: Letter
    sent: Sent
    places: tuple[str, ...]
    finding: Mapping[str, Any] | None

    @property
    def as_it_should(self) -> bool:
        """Whether it ended where it had to, by the duty that had to act."""
        duty = self.finding["code"] if self.finding else ""
        return (self.sent.answer.code, self.places, duty) == (
            self.letter.code,
            self.letter.ends,
            self.letter.duty,
        )


def play(bed: Bed, gate: Gate, letters: Iterable[Letter]) -> list[Outcome]:
    """Send every letter, wait until nothing moves, and look where they are."""
    sent = [(letter, _send(bed, letter, number)) for number, letter in enumerate(letters)]
    bed.settle(60)
    findings, places = _findings(gate), _places(bed)
    return [
        Outcome(letter, answer, tuple(places.get(str(number), ())), findings.get(message_id))
        for number, (letter, (answer, message_id)) in enumerate(sent)
    ]


def _send(bed: Bed, letter: Letter, number: int) -> tuple[Sent, str]:
    message = letter.message(number)
    if letter.login:
        sent = bed.send_as_user(message, letter.login, letter.to, sender=letter.sender)
    else:
        sent = bed.send_as_stranger(message, letter.sender, letter.to)
    return sent, message["Message-ID"]


def _places(bed: Bed) -> dict[str, list[str]]:
    """By letter's number, the mailboxes that hold it, read over IMAP, and the addresses it left for."""
    places: dict[str, list[str]] = {}
    for host, user in enumerate(bed.users, start=11):
        for mail in bed.inbox(user, address=f"10.20.3.{host}"):
            places.setdefault(mail[MARK], []).append(user)
    for departed in bed.outside.departed():
        places.setdefault(departed.message[MARK], []).extend(departed.recipients)
    return places


def _findings(gate: Gate) -> dict[str, Mapping[str, Any]]:
    """By Message-ID, the first finding whose duty is enforced."""
    found: dict[str, Mapping[str, Any]] = {}
    for verdict in gate.verdicts():
        for finding in verdict["findings"]:
            if finding["mode"] == "enforce":
                found.setdefault(verdict["message_id"], finding)
    return found
