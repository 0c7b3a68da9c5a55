# SPDX-License-Identifier: GPL-3.0-or-later
"""A message's way: the queues it was in, where each of them delivered it, and which one it came from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Event = Mapping[str, Any]
BEGINS = ("client", "client-login", "pickup")  # as in mailaudit.usage.lines, which loads an engine
AT_ONCE = timedelta(minutes=5)
"""Between two queues that hand a message on lies no more than that."""
SIEVE = (
    "sieve-stored",
    "sieve-forwarded",
    "sieve-not-forwarded",
    "sieve-discarded",
    "sieve-answered",
    "delivered",
)


@dataclass(slots=True)
class Stay:
    """A message's stay in one queue. `after` are the stays it went on to, by the delivery that led there."""

    host: str
    queue_id: str
    events: list[Event] = field(default_factory=list)
    after: list[tuple[Event, "Stay"]] = field(default_factory=list)
    has_parent: bool = False

    @property
    def begin(self) -> datetime:
        """When its first line was written."""
        first: datetime = self.events[0]["time"]
        return first

    def said(self, name: str, *kinds: str) -> Any:
        """Return what the first line of these kinds says."""
        return next((e[name] for e in self.events if e["kind"] in kinds and e[name] is not None), None)

    def of(self, *kinds: str) -> list[Event]:
        """Return the lines of these kinds."""
        return [event for event in self.events if event["kind"] in kinds]

    @property
    def message_id(self) -> str | None:
        """Its Message-ID."""
        found: str | None = self.said("message_id", "message-id")
        return found


@dataclass(slots=True)
class Track:
    """The ways of messages: stays that nothing led to, and lines of Dovecot and the gate by Message-ID."""

    roots: list[Stay]
    in_mailboxes: Mapping[str, Sequence[Event]]
    verdicts: Mapping[str, Sequence[Event]]

    def about(self, term: str) -> list[Stay]:
        """Return the roots of messages that a term names, on every host they were on."""
        named = [root for root in self.roots if _names(root, term.lower())]
        message_ids = {root.message_id for root in named} - {None, "<>"}
        return [root for root in self.roots if root in named or root.message_id in message_ids]


def _names(stay: Stay, term: str) -> bool:
    columns = ("queue_id", "message_id", "sender", "recipient", "orig_recipient", "user")
    said = {str(event[name]).lower() for event in stay.events for name in columns if event[name]}
    return not said.isdisjoint({term, f"<{term}>"}) or any(_names(further, term) for _, further in stay.after)


def track(events: Iterable[Event]) -> Track:
    """Put events, in the order of their times, together."""
    stays = _stays(events := list(events))
    _link(stays, [event for event in events if event["kind"] == "sieve-forwarded"])
    in_mailboxes: dict[str, list[Event]] = defaultdict(list)
    verdicts: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event["kind"] in SIEVE and event["message_id"]:
            in_mailboxes[event["message_id"]].append(event)
        if event["kind"] == "verdict":
            verdicts[event["queue_id"] or event["message_id"]].append(event)
    roots = [stay for stay in stays if not stay.has_parent]
    return Track(roots, in_mailboxes, verdicts)


def _stays(events: Iterable[Event]) -> list[Stay]:
    """Cut the lines of each queue identifier where a message begins; short identifiers are used again."""
    current: dict[tuple[str, str], Stay] = {}
    stays: list[Stay] = []
    for event in events:
        if event["producer"] != "postfix" or not event["queue_id"]:
            continue
        key = (event["host"] or "", event["queue_id"])
        if key not in current or _begins(event, current[key].events[-1]):
            current[key] = Stay(*key)
            stays.append(current[key])
        current[key].events.append(event)
    return stays


def _begins(event: Event, before: Event) -> bool:
    if event["kind"] == "message-id":
        return before["kind"] not in (*BEGINS, "message-id", "bounce")
    return event["kind"] in BEGINS


def _link(stays: Sequence[Stay], forwards: Sequence[Event]) -> None:
    by_id: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        by_id[stay.queue_id].append(stay)
    for stay in stays:
        for event in stay.events:
            _lead(stay, event, by_id[event["next_id"] or ""])
            if event["kind"] == "bounce":
                _lead(stay, event, by_id[event["related_queue_id"]])
        requeued = stay.said("related_queue_id", "pickup", "client")
        for parent in by_id.get(requeued or "", ()):
            _lead(parent, stay.events[0], [stay])
    for event in forwards:
        copies = [s for s in stays if s.message_id == event["message_id"] and _goes_to(s, event["target"])]
        for stay in stays:
            if stay.message_id == event["message_id"] and _goes_to(stay, event["user"]):
                _lead(stay, event, copies)


def _lead(parent: Stay, event: Event, stays: Iterable[Stay]) -> None:
    """Note that an event of one stay led to others, which began about then."""
    for stay in stays:
        if stay is not parent and not stay.has_parent and abs(stay.begin - event["time"]) <= AT_ONCE:
            stay.has_parent = True
            parent.after.append((event, stay))


def _goes_to(stay: Stay, address: str | None) -> bool:
    of = stay.of("delivery", "milter-reject", "reject")
    return any((event["recipient"] or "").lower() == (address or "").lower() for event in of)
