# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep's plan: its steps, the logs they rest on, and the evidence of every last use."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailaudit.activity import Activity, last_activity
from mailaudit.store import Store
from mailaudit.sweep.names import match
from mailpolicy import lifecycle
from mailpolicy.clocks import step
from mailpolicy.clocks.coverage import Coverage, Interval, unbroken
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.directory import Mailbox
from mailpolicy.officetime import office_day
from mailpolicy.regulation import Regulation


class NoLogsError(Exception):
    """The store holds no log that shows logins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a regulation asks for on the day `as_of`.

    `logs` are all stretches of time that logs were read for, `coverage` the days the plan rests on, None if
    they all begin later. `activity` is keyed by the directory's addresses, `strangers` by names in the logs
    that are none of them.
    """

    regulation: Regulation
    as_of: date
    mailboxes: int
    logs: Sequence[Interval]
    coverage: Coverage | None
    steps: Sequence[Step]
    activity: Mapping[str, Activity]
    strangers: Mapping[str, Activity]

    def counts(self) -> dict[StepKind, int]:
        """How many steps there are of each kind, the gravest kind first."""
        counted = Counter(one.kind for one in self.steps)
        return {kind: counted[kind] for kind in StepKind}


def make(store: Store, mailboxes: Sequence[Mailbox], regulation: Regulation, as_of: date) -> Plan:
    """Plan a sweep from what the store knows. Raises NoLogsError if it knows nothing of logins."""
    logs = store.coverage()
    if not logs:
        message = "no log that shows logins was read yet"
        raise NoLogsError(
            f"{store.home}: {message}; `mailaudit --home {store.home} ingest LOG...` reads them"
        )
    coverage = unbroken(logs, as_of)
    matched = match(last_activity(store), [mailbox.address for mailbox in mailboxes])
    used = {
        name: step.Activity(office_day(one.time), in_short(one)) for name, one in matched.mailboxes.items()
    }
    steps = lifecycle.plan(mailboxes, used, coverage, regulation, as_of)
    return Plan(
        regulation, as_of, len(mailboxes), logs, coverage, steps, matched.mailboxes, matched.strangers
    )


def in_short(activity: Activity) -> str:
    """How a use is known, as in `imap from 10.20.3.21, mail.log:402` (file:byte)."""
    where = f" from {activity.address}" if activity.address else ""
    evidence = activity.evidence
    return f"{activity.service}{where}, {evidence.file.rpartition('/')[2]}:{evidence.position}"
