# SPDX-License-Identifier: GPL-3.0-or-later
"""A track as a tree of lines, and as JSON. Nothing of a message's text or subject is shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from mailaudit.trace.track import Event, Stay, Track
from mailpolicy.printable import printable

_REFUSALS = ("reject", "milter-reject", "milter-hold", "milter-discard")
_IN_MAILBOX = {
    "sieve-stored": "stored in {folder}",
    "delivered": "saved to {folder}",
    "sieve-forwarded": "Sieve forwarded it to {target}",
    "sieve-not-forwarded": "Sieve: {reason} {target}",
    "sieve-discarded": "Sieve discarded it",
    "sieve-answered": "Sieve {action} to {target}",
}


def as_lines(track: Track) -> Iterator[str]:
    """Give the tree line by line."""
    for root in track.roots:
        yield f"{root.message_id or 'no Message-ID'} from {_sender(root)}{_size(root)}"
        yield from _stay(root, track, "  ")


def _stay(stay: Stay, track: Track, indent: str) -> Iterator[str]:
    came = _came_from(stay)
    yield f"{indent}{_when(stay.begin)}  {stay.queue_id} on {stay.host or '(no host named)'}{came}"
    inner = indent + "  "
    for verdict in track.verdicts.get(stay.queue_id, ()):
        yield f"{inner}gate: {verdict['action']}{_codes(verdict)}"
    for refusal in stay.of(*_REFUSALS):
        said = f"{refusal['kind']}{_to(refusal)} {refusal['dsn'] or ''}"
        yield f"{inner}{_when(refusal['time'])}  {said.rstrip()}"
    for event in stay.of("delivery"):
        yield f"{inner}{_when(event['time'])}  {_delivery(event)}"
        yield from _mailbox(stay, event, track, inner + "  ")
        yield from _further(stay, track, inner + "  ", lambda by, its=event: by is its)
    yield from _further(stay, track, inner, lambda by: by["kind"] not in ("delivery", "sieve-forwarded"))
    if stay.of("expired"):
        yield f"{inner}given up: too long in the queue"
    if not stay.of("removed", "bounce", "reject", "milter-reject"):
        yield f"{inner}still in the queue, or the log ends"


def _mailbox(stay: Stay, delivery: Event, track: Track, indent: str) -> Iterator[str]:
    """What Dovecot did with it in the mailbox that this delivery reached."""
    for event in track.in_mailboxes.get(stay.message_id or "", ()):
        if (event["user"] or "").lower() == (delivery["recipient"] or "").lower() and delivery[
            "status"
        ] == "sent":
            yield f"{indent}{_when(event['time'])}  {printable(_IN_MAILBOX[event['kind']].format(**event))}"
            yield from _further(stay, track, indent + "  ", lambda by, its=event: by is its)


def _further(stay: Stay, track: Track, indent: str, led: Any) -> Iterator[str]:
    for by, following in stay.after:
        if led(by):
            yield from _stay(following, track, indent)


def as_json(track: Track) -> list[dict[str, Any]]:
    """Return the tree for a program to read; times in UTC."""
    return [_stay_as_json(root, track) for root in track.roots]


def _stay_as_json(stay: Stay, track: Track) -> dict[str, Any]:
    lines = track.in_mailboxes.get(stay.message_id or "", ())
    return {
        "host": stay.host or None,
        "queue_id": stay.queue_id,
        "begin": _utc(stay.begin),
        "message_id": stay.message_id,
        "sender": stay.said("sender", "queued", "pickup"),
        "login": stay.said("user", "client-login"),
        "client": stay.said("address", "client", "client-login"),
        "size": stay.said("size", "queued"),
        "removed": bool(stay.of("removed")),
        "verdicts": [_verdict(one) for one in track.verdicts.get(stay.queue_id, ())],
        "refusals": [_event(one, "kind", "recipient", "dsn") for one in stay.of(*_REFUSALS)],
        "deliveries": [
            _event(one, "recipient", "orig_recipient", "relay", "status", "dsn")
            for one in stay.of("delivery")
        ],
        "in_mailboxes": [_event(one, "user", "kind", "folder", "target") for one in lines],
        "went_on_to": [_stay_as_json(following, track) for _, following in stay.after],
    }


def _event(event: Event, *names: str) -> dict[str, Any]:
    return {"time": _utc(event["time"]), **{name: event[name] for name in names}}


def _verdict(event: Event) -> dict[str, Any]:
    return {"time": _utc(event["time"]), "action": event["action"], "duties": _found(event)}


def _found(verdict: Event) -> list[str]:
    return [str(one.get("code")) for one in json.loads(verdict["findings"] or "[]")]


def _codes(verdict: Event) -> str:
    return f" ({', '.join(_found(verdict))})" if _found(verdict) else ""


def _delivery(event: Event) -> str:
    first_for = f" (for {event['orig_recipient']})" if event["orig_recipient"] else ""
    return printable(
        f"to {event['recipient']}{first_for}: {event['status']} {event['dsn']}, {event['relay']}"
    )


def _to(event: Event) -> str:
    return printable(f" to {event['recipient']}") if event["recipient"] else ""


def _came_from(stay: Stay) -> str:
    if login := stay.said("user", "client-login"):
        return printable(f", login {login} from {stay.said('address', 'client-login')}")
    if address := stay.said("address", "client"):
        return printable(f", from {stay.said('client_name', 'client')}[{address}]")
    return ", from a program of this host" if stay.of("pickup") else ", from Postfix itself"


def _sender(stay: Stay) -> str:
    return printable(f"<{stay.said('sender', 'queued', 'pickup', 'milter-reject') or ''}>")


def _size(stay: Stay) -> str:
    size = stay.said("size", "queued")
    return f", {size:,} bytes" if size else ""


def _when(time: datetime) -> str:
    return time.replace(tzinfo=UTC).astimezone().isoformat(sep=" ", timespec="seconds")


def _utc(time: datetime) -> str:
    return time.replace(tzinfo=UTC).isoformat()
