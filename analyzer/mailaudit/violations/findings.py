# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's findings, taken out of its verdict lines."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mailaudit.activity import normalise_mailbox
from mailaudit.logs.functions import Expression
from mailaudit.store.usage_rows import GateFinding
from mailaudit.usage.lines import microseconds
from mailpolicy.verdict import Certainty

VERDICT = "verdict"
COLUMNS = (
    "source",
    "position",
    "user",
    "sender",
    "recipient",
    "direction",
    "queue_id",
    "message_id",
    "findings",
)


def with_findings(events: Expression) -> Expression:
    """Return time and COLUMNS of the verdicts in which something was found."""
    rows = events.filter(events.kind == VERDICT, events.findings.notnull(), events.findings != "[]")
    return rows.select(*COLUMNS, time=microseconds(rows.time))


def findings(rows: Iterable[tuple[Any, ...]]) -> Iterator[GateFinding]:
    """Give each finding of verdicts, as `with_findings` returns them."""
    for *values, time in rows:
        verdict = dict(zip(COLUMNS, values, strict=True))
        for number, found in enumerate(_list(verdict["findings"])):
            said = {
                name: str(found.get(name) or "") for name in ("code", "article", "mode", "action", "detail")
            }
            yield GateFinding(
                source_id=verdict["source"],
                position=verdict["position"],
                number=number,
                time=time,
                mailbox=_mailbox(found, verdict),
                target=" ".join(map(str, _list(verdict["recipient"]))).lower(),
                **said,
                certainty=str(found.get("certainty") or Certainty.CERTAIN),  # older gates did not say
                **{name: verdict[name] or "" for name in ("direction", "queue_id", "message_id")},
            )


def _mailbox(found: dict[str, Any], verdict: dict[str, Any]) -> str:
    """The one who answers for it: the mailbox that the rule names, who logged in, or an official sender."""
    named = found.get("evidence", {}).get("mailbox") or verdict["user"]
    if not named and verdict["direction"] != "inbound":
        named = verdict["sender"]
    return normalise_mailbox(str(named or ""))


def _list(text: str | None) -> list[Any]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []
