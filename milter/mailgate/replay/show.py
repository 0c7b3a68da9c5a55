# SPDX-License-Identifier: GPL-3.0-or-later
"""What a replay prints: tables for people, JSON for programs."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from mailgate.record import printable
from mailgate.replay.run import Result
from mailgate.replay.tally import Changes, Example, Hits, Tally
from mailgate.unproved import CODE, NOTE
from mailpolicy.verdict import Mode

SENDERS = 5  # of a duty that are named


def as_json(result: Result, names: list[str]) -> dict[str, Any]:
    """Return a replay's result; `names` are the site files' in the order they were judged by."""
    sites = [_tally(tally, name) for tally, name in zip(result.tallies, names, strict=True)]
    changes = [
        {
            "before": change.before,
            "after": change.after,
            "messages": count,
            "examples": [_example(example) for example in result.changes.examples[change]],
        }
        for change, count in result.changes.messages.most_common()
    ]
    return {
        "sites": sites,
        "changes": changes if len(sites) > 1 else None,
        "unread": {"files": result.unread_count, "first": result.unread},
        "not_mail": {"files": result.not_mail_count, "first": result.not_mail},
    }


def _tally(tally: Tally, name: str) -> dict[str, Any]:
    return {
        "site": name,
        "messages": tally.messages,
        "actions": {action.value: count for action, count in sorted(tally.actions.items())},
        "duties": [_hits(code, hits, tally) for code, hits in sorted(tally.duties.items())],
        "failures": dict(sorted(tally.failures.items())),
        "unproved": tally.unproved,
    }


def _hits(code: str, hits: Hits, tally: Tally) -> dict[str, Any]:
    return {
        "code": code,
        "mode": hits.mode.value,
        "messages": hits.messages,
        "share": round(hits.messages / tally.messages, 6),
        "actions": {action.value: count for action, count in sorted(hits.actions.items())},
        "senders": dict(hits.senders.most_common(SENDERS)),
        "sender_count": len(hits.senders),
        "examples": [_example(example) for example in hits.examples],
    }


def _example(example: Example) -> dict[str, str]:
    return {"place": example.place, "sender": example.sender, "detail": example.detail}


def as_tables(result: Result, names: list[str]) -> Iterator[RenderableType]:
    """Give what a person reads, piece by piece."""
    for tally, name in zip(result.tallies, names, strict=True):
        yield f"{name}: {tally.messages} messages: {_actions(tally)}"
        if tally.duties:
            yield _duties(tally)
            yield from _examples(tally)
        if tally.unproved:
            yield f"{CODE}, {tally.unproved} messages: {NOTE}"
        for code, count in tally.failures.most_common():
            yield f"{code} failed for {count} messages"
    if len(names) > 1:
        yield _changes(result.changes, *names)
    yield from _left_out(result)


def _actions(tally: Tally) -> str:
    return ", ".join(f"{count} {action.value}" for action, count in sorted(tally.actions.items())) or "none"


def _duties(tally: Tally) -> Table:
    table = Table("duty", "mode", "messages", "share", "action", "senders")
    for code, hits in sorted(tally.duties.items(), key=lambda one: -one[1].messages):
        senders = [f"{printable(name)} ({count})" for name, count in hits.senders.most_common(SENDERS)]
        if len(hits.senders) > SENDERS:
            senders.append(f"and {len(hits.senders) - SENDERS} more")
        share = f"{hits.messages / tally.messages:.2%}"
        table.add_row(code, hits.mode.value, str(hits.messages), share, _would(hits), ", ".join(senders))
    return table


def _would(hits: Hits) -> str:
    """What is done by this duty, or would be if it were enforced."""
    actions = ", ".join(action.value for action, _ in hits.actions.most_common())
    return actions if hits.mode is Mode.ENFORCE else f"would {actions}"


def _examples(tally: Tally) -> Iterator[str]:
    for code, hits in sorted(tally.duties.items()):
        for example in hits.examples:
            yield f"  {code}: {_told(example)}"


def _told(example: Example) -> str:
    return f"{printable(example.place)}: from {printable(example.sender)}: {printable(example.detail)}"


def _changes(changes: Changes, before: str, after: str) -> RenderableType:
    if not changes.messages:
        return f"by {after} the same becomes of every message"
    table = Table(f"by {before}", f"by {after}", "messages", "as in")
    for change, count in changes.messages.most_common():
        examples = "\n".join(_told(example) for example in changes.examples[change])
        table.add_row(change.before, change.after, str(count), examples)
    return table


def _left_out(result: Result) -> Iterator[str]:
    for count, first, what in (
        (result.not_mail_count, result.not_mail, "hold no mail"),
        (result.unread_count, result.unread, "could not be read"),
    ):
        if count:
            yield f"{count} files {what}:"
            yield from (f"  {printable(why)}" for why in first)
            if count > len(first):
                yield f"  and {count - len(first)} more"
