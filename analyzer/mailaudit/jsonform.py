# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs read of the analyzer: plain values for JSON. Times are ISO 8601 with offset, or null."""

from collections.abc import Mapping
from typing import Any

from mailaudit.activity import Activity
from mailaudit.store import local_time
from mailaudit.store.rows import UNPARSED, Source
from mailaudit.summary import Lines, Summary


def logins(activity: Mapping[str, Activity]) -> list[dict[str, Any]]:
    """Return each mailbox's last login, by mailbox."""
    return [
        {
            "mailbox": mailbox,
            "last_login": one.time.isoformat(),
            "service": one.service,
            "address": one.address,
            "event": one.event,
            "evidence": {
                "file": one.evidence.file,
                "position": one.evidence.position,
                "line": one.evidence.line,
            },
        }
        for mailbox, one in sorted(activity.items())
    ]


def summary(found: Summary) -> dict[str, Any]:
    """Return a summary: lines = parsed + unparsed_lines, of which `unreadable` are no log lines."""
    return {
        **_lines(found.lines),
        "garbled": sum(source.garbled for source in found.sources),
        "events": [
            {**event._asdict(), "count": count}
            for event, count in sorted(found.events.items())
            if event.kind != UNPARSED
        ],
        "unparsed": [
            {"program": each.program, "count": each.unparsed, "share": round(each.share, 6)}
            for each in found.unparsed()
        ],
        "sources": [_source(source, found.by_source[source.id]) for source in found.sources],
    }


def _source(source: Source, lines: Lines) -> dict[str, Any]:
    return {
        "file": source.path,
        "bytes": source.offset,
        **_lines(lines),
        "garbled": source.garbled,
        "first": _time(source.first_time),
        "last": _time(source.last_time),
    }


def _lines(lines: Lines) -> dict[str, int]:
    return {
        "lines": lines.total,
        "parsed": lines.parsed,
        "unparsed_lines": lines.unparsed,
        "unreadable": lines.unreadable,
    }


def _time(microseconds: int | None) -> str | None:
    return None if microseconds is None else local_time(microseconds).isoformat()
