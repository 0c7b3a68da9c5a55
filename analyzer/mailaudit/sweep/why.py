# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a step that was planned is no longer due, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailaudit.sweep.plan import Look, in_short
from mailpolicy.officetime import office_time

GONE = "no longer in the directory: removed, or renamed"


def why_not(step: Mapping[str, Any], look: Look, made_at: datetime) -> str:
    """Say what came between the plan and now: a use, an entry of the record, or something else."""
    used = look.activity
    planned = step["last_activity"]
    if used and (planned is None or used.time > datetime.fromisoformat(planned["time"])):
        return f"used on {office_time(used.time):%Y-%m-%d %H:%M}: {in_short(used)}"
    since = [entry for entry in look.entries if entry.time > made_at]
    if since:
        last = since[-1]
        reason = f": {last.reason}" if last.reason else ""
        return f"{last.event} on {last.day} by {last.by}{reason}"
    if look.steps:
        now = look.steps[0]
        return f"due now is {now.kind}: {now.reason}"
    return "nothing is due any more"
