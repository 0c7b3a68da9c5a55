# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's own log: a JSON object for each message judged and for each alarm (docs/mailgate.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis

from mailaudit.logs.functions import Expression, engine_function, typed
from mailaudit.logs.kinds import Producer

PROGRAM = "mailgate"


_is_json = engine_function("json_valid", ("string",), "boolean")
_json_text = engine_function("json_extract_string", ("string", "string"), "string")


@dataclass(frozen=True)
class JsonKind:
    """Lines whose event has this name; `keys` tells which of their keys is which field."""

    name: str
    keys: Mapping[str, str]
    samples: Mapping[str, Mapping[str, object]]

    patterns = ()
    usual = ()
    proof = None

    @property
    def prefixes(self) -> tuple[str, ...]:
        """An object begins with a brace."""
        return ("{",)

    def belongs(self, rows: Expression) -> Expression:
        """Return for each row whether it is this event."""
        return rows.service == self.name

    recognises = belongs

    def values(self, rows: Expression) -> Mapping[str, Expression]:
        """Return what the keys say, lists and objects as JSON."""
        return {field: typed(_json_text(rows.text, f"$.{key}"), field) for key, field in self.keys.items()}


def written_at(text: Expression) -> Expression:
    """Return the time in a line that is nothing but JSON; null if it holds none.

    Words that the engine takes for times, as "infinity" and "epoch", are none: a year has four digits.
    """
    said = _json_text(text, "$.timestamp")
    time = ibis.cases((said.substr(4, 1) == "-", said.try_cast("timestamp('UTC')")))
    return _if_json(text, time.cast("timestamp"))


def _if_json(text: Expression, value: Expression) -> Expression:
    """DuckDB's JSON functions raise an error on what is no JSON."""
    return ibis.cases((text.startswith("{") & _is_json(text), value))


def _split(text: Expression) -> Expression:
    return _if_json(text, _json_text(text, "$.event"))


def _head(event: Expression, _rows: Expression) -> Mapping[str, Expression]:
    return {"head": ibis.literal(""), "service": event}


GATE = Producer(
    "gate",
    PROGRAM,
    _split,
    _head,
    (
        JsonKind(
            "verdict",
            {
                "queue_id": "queue_id",
                "message_id": "message_id",
                "sender": "sender",
                "recipients": "recipient",
                "recipient_count": "nrcpt",
                "login": "user",
                "client": "address",
                "direction": "direction",
                "size": "size",
                "action": "action",
                "reply": "reply",
                "findings": "findings",
                "signatures": "signatures",
            },
            {
                '{"timestamp": "2026-11-21T16:52:46.123456Z", "event": "verdict", "queue_id": "4F5C64474F", '
                '"message_id": "<t1@example.org>", "sender": "canbo1@example.org", "recipients": '
                '["a@gmail.com"], '
                '"recipient_count": 1, "login": "canbo1@example.org", "client": "192.0.2.7", "direction": '
                '"outbound", '
                '"size": 365, "action": "reject", "reply": "550 5.7.1 no subject", "findings": [{"code": '
                '"subject-required"}], "signatures": [{"signed": "pdf"}], "seconds": 0.001}': {
                    "direction": "outbound",
                    "signatures": '[{"signed":"pdf"}]',
                    "queue_id": "4F5C64474F",
                    "recipient": '["a@gmail.com"]',
                    "user": "canbo1@example.org",
                    "size": 365,
                    "action": "reject",
                    "findings": '[{"code":"subject-required"}]',
                },
            },
        ),
        JsonKind(
            "alarm",
            {"queue_id": "queue_id", "code": "action", "error": "reason"},
            {
                '{"timestamp": "2026-11-21T16:52:46Z", "event": "alarm", "queue_id": "4F5C64474F", "code": '
                '"scanner", '
                '"error": "ValueError: x"}': {"action": "scanner", "reason": "ValueError: x"},
            },
        ),
    ),
)
