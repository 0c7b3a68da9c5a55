# SPDX-License-Identifier: GPL-3.0-or-later
"""A report's numbers by name, for forms and templates. docs/reports.md lists them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """Every number and name. Shares are from 0 to 1, None where there is nothing to divide by."""

    unit: str
    address: str
    regulation: str
    article: str
    form: str
    due: date | None
    period: str
    first: date
    last: date
    made_on: date
    as_of: date
    mailboxes: int
    persons: int
    units: int
    agencies: int
    lists: int
    unit_names: int
    closed: int
    created: int
    left: int
    active: int
    unused: int
    active_share: float | None
    active_persons: int
    daily_share: float | None
    logins: int
    sent: int
    sent_bytes: int
    received: int
    received_bytes: int
    recipients: int
    outside_share: float | None
    public: int
    outside_in_share: float | None
    strangers: int
    idle_known: bool
    idle_warn: int
    idle_lock: int
    idle_wait: int
    idle_reclaim: int
    idle_unproven: int
    idle_review: int
    lock_months: int
    reclaim_months: int
    reclaim_days: int
    warned: int
    locked: int
    reclaimed: int
    unlocked: int
    restored: int
    confirmed: int
    excused: int
    reminded: int
    escalated: int
    revoked: int
    serious: int
    findings: int
    refused: int
    observed: int
    signs: int
    attachments_refused: int
    violations: int
    violation_signs: int
    violators: int
    incidents: int
    checks_asked: bool
    checks_figure: bool
    checks_days: int
    checks_left_out: int
    checks_share: float | None
    answers_asked: bool
    answers_came: int
    answers_share: float | None
    answers_median: str
    lines: int
    unparsed: int
    uncovered_days: int
    uncovered: str
    whole_days: int
    utc_until: date | None
