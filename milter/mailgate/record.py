# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's log: one JSON line for each message judged, and one for each alarm. The audit reads it.

What strangers wrote is bounded and made printable; JSON's ASCII form escapes the rest.
"""

import json
from collections.abc import Mapping
from typing import Any

import structlog

import mailpolicy.printable
from mailgate.linefile import LineFile
from mailgate.session import Outcome
from mailpolicy.signature import Signature
from mailpolicy.verdict import Evidence, Verdict

ADDRESS = 320  # characters; RFC 5321, 4.5.3.1 allows 64 + 1 + 255
TEXT = 500  # characters of any other text
RECIPIENTS = 50  # of a message that are named; all are counted


class Record:
    """Writes verdict and alarm lines to a LineFile."""

    def __init__(self, lines: LineFile) -> None:
        self.follow = lines.follow
        self._log = structlog.wrap_logger(
            lines,
            processors=[structlog.processors.TimeStamper(fmt="iso", utc=True), _in_order, _json],
            wrapper_class=structlog.make_filtering_bound_logger(0),
        ).bind()  # once, not for each line

    def verdict(self, outcome: Outcome, seconds: float) -> None:
        """Write what became of a message."""
        self._log.info("verdict", **fields(outcome), seconds=round(seconds, 6))

    def alarm(self, code: str, error: str, queue_id: str = "") -> None:
        """Write that something failed that should not. `code` names the duty, or the part of the gate."""
        self._log.info("alarm", queue_id=printable(queue_id), code=code, error=printable(error))


_encode = json.JSONEncoder().encode


def _json(_: Any, __: str, event: structlog.typing.EventDict) -> str:
    return _encode(event)  # structlog's own renderer makes an encoder for each line


def _in_order(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {"timestamp": event.pop("timestamp"), "event": event.pop("event"), **event}


def fields(outcome: Outcome) -> dict[str, Any]:
    """Return what a verdict line says, without event, time and seconds."""
    message, envelope, answer = outcome.message, outcome.message.envelope, outcome.answer
    message_ids = message.headers.raw("Message-ID")
    return {
        "queue_id": printable(envelope.queue_id),
        "message_id": printable(message_ids[0].decode("utf-8", "replace").strip()) if message_ids else "",
        "sender": printable(envelope.sender, ADDRESS),
        "recipients": [printable(address, ADDRESS) for address in envelope.recipients[:RECIPIENTS]],
        "recipient_count": len(envelope.recipients),
        "login": printable(envelope.login, ADDRESS),
        "client": envelope.client_address,
        "origin": message.origin.value,
        "direction": message.direction.value,
        "size": message.size,
        "action": answer.action.value,
        "withheld": answer.withheld,
        "reply": str(answer.reply) if answer.reply else None,
        "malformed": list(message.malformed),
        "signatures": [_signature(one) for one in message.signatures.found],
        "findings": findings(outcome.verdict),
    }


def _signature(found: Signature) -> dict[str, str]:
    said = {"signed": found.signed.value, "soundness": found.soundness.value}
    return said | {"signer": printable(found.signer), "name": printable(found.name)}


def findings(verdict: Verdict) -> list[dict[str, Any]]:
    """Return all findings, those that did not decide too."""
    return [
        {
            "code": one.finding.code,
            "article": one.finding.article,
            "mode": one.mode.value,
            "action": one.action.value,
            "certainty": one.finding.certainty.value,
            "detail": printable(one.finding.detail),
            "evidence": _bounded(one.finding.evidence),
        }
        for one in verdict.judged
    ]


def _bounded(evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    return {name: _value(value) for name, value in evidence.items()}


def _value(value: Evidence) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return [printable(item) for item in value[:RECIPIENTS]]
    return value


def printable(text: str, limit: int = TEXT) -> str:
    """Return at most `limit` characters of what a stranger wrote, fit for a log line."""
    return mailpolicy.printable.printable(text[:limit])
