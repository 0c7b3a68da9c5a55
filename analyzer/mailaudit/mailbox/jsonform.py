# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's life as JSON, for programs: complete, with null where nothing is known."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from mailaudit.mailbox.life import MailboxLife
from mailaudit.sweep.jsonform import activity_as_json, step_as_json
from mailpolicy.clocks.record import Entry
from mailpolicy.ledger import encode


def life_as_json(life: MailboxLife) -> dict[str, Any]:
    """Return it as values that the json module writes."""
    stands = life.standing
    return {
        "mailbox": life.address,
        "directory": _plain(asdict(life.listed)) if life.listed else None,
        "standing": {
            "locked_on": _text(stands.lock and stands.lock.day),
            "locked_under": stands.lock.code if stands.lock else None,
            "opened_on": _text(stands.opened_on),
            "confirmed_on": _text(stands.confirmed_on),
            "excused_until": _text(stands.excused_until),
            "reclaimed_on": _text(stands.reclaimed_on),
        },
        "closed_on_server": life.closed,
        "steps": [step_as_json(step, None) for step in life.steps],
        "uses": [activity_as_json(use) for use in life.uses],
        "record": [_entry(entry) for entry in life.entries],
        "letters": [
            {
                "queued_at": one.queued_at.isoformat(),
                "occasion": str(one.notice.occasion),
                "recipient": one.notice.recipient,
                "subject": one.notice.subject,
                "state": str(one.state),
            }
            for one in life.letters
        ],
        "violations": [json.loads(encode(one)) for one in life.violations],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return _plain(asdict(entry) | {"time": entry.time.isoformat()})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Days as text; choices are text already."""
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
