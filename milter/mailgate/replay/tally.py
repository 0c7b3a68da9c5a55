# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted while an archive is judged. Its size is bounded, whatever the archive's is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailgate.session import Outcome
from mailgate.unproved import is_unproved
from mailpolicy.verdict import Action, Mode

EXAMPLES = 3  # of each duty, and of each change
SENDERS = 10_000  # different ones of a duty that are told apart
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Example:
    """A message that was hit: where it is, who sent it, what was seen."""

    place: str
    sender: str
    detail: str


@dataclass(slots=True)
class Hits:
    """The messages that one duty speaks of. `actions` are what becomes of them by this duty alone."""

    mode: Mode
    messages: int = 0
    actions: Counter[Action] = field(default_factory=Counter)
    senders: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def add(self, other: "Hits") -> None:
        """Take the hits of later messages."""
        self.messages += other.messages
        self.actions += other.actions
        for sender, count in other.senders.items():
            self._count(sender, count)
        self.examples = [*self.examples, *other.examples][:EXAMPLES]

    def _count(self, sender: str, count: int) -> None:
        known = sender in self.senders or len(self.senders) < SENDERS
        self.senders[sender if known else OTHERS] += count


@dataclass(slots=True)
class Tally:
    """An archive as judged by one site file. `actions` are what becomes of each message at that site.

    `unproved` are the strangers' messages that claim the office, for which a gate would look for proof.
    """

    messages: int = 0
    actions: Counter[Action] = field(default_factory=Counter)
    duties: dict[str, Hits] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    unproved: int = 0

    def count(self, place: str, outcome: Outcome) -> None:
        """Take one judged message."""
        self.messages += 1
        self.actions[outcome.answer.action] += 1
        self.unproved += is_unproved(outcome.verdict)
        self.failures.update(failure.code for failure in outcome.verdict.failures)
        sender = outcome.message.envelope.sender or "<>"
        for one in outcome.verdict.judged:
            example = Example(place, sender, one.finding.detail)
            hit = Hits(one.mode, 1, Counter([one.action]), Counter([sender]), [example])
            self._add(one.finding.code, hit)

    def add(self, other: "Tally") -> None:
        """Take the counts of later messages."""
        self.messages += other.messages
        self.actions += other.actions
        self.failures += other.failures
        self.unproved += other.unproved
        for code, hits in other.duties.items():
            self._add(code, hits)

    def _add(self, code: str, hits: Hits) -> None:
        if code in self.duties:
            self.duties[code].add(hits)
        else:
            self.duties[code] = hits


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a message by one site file and by the other, with the duties that decide."""

    before: str
    after: str

    @classmethod
    def between(cls, first: Outcome, second: Outcome) -> "Change | None":
        """Return the change, None if the same becomes of it."""
        change = cls(_fate(first), _fate(second))
        return None if change.before == change.after else change


@dataclass(slots=True)
class Changes:
    """The messages of which something else becomes by another site file."""

    messages: Counter[Change] = field(default_factory=Counter)
    examples: dict[Change, list[Example]] = field(default_factory=dict)

    def count(self, place: str, outcomes: Sequence[Outcome]) -> None:
        """Take a message judged by both."""
        first, second = outcomes
        if (change := Change.between(first, second)) is not None:
            sender = first.message.envelope.sender or "<>"
            deciding = second.verdict.deciding or first.verdict.deciding
            self._add(change, 1, [Example(place, sender, deciding.detail if deciding else "")])

    def add(self, other: "Changes") -> None:
        """Take the changes of later messages."""
        for change, count in other.messages.items():
            self._add(change, count, other.examples[change])

    def _add(self, change: Change, count: int, examples: list[Example]) -> None:
        self.messages[change] += count
        self.examples[change] = [*self.examples.get(change, ()), *examples][:EXAMPLES]


def _fate(outcome: Outcome) -> str:
    """Say what becomes of a message and by which duties, as in "reject (attachment-cap)"."""
    codes = sorted({one.finding.code for one in outcome.verdict.acting})
    return outcome.answer.action.value + (f" ({', '.join(codes)})" if codes else "")
