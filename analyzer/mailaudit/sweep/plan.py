# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep's plan: its steps, the logs they rest on, and the evidence of every last use."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mailaudit.activity import Activity, latest_of, normalise_mailbox
from mailaudit.record import entries, heads, listed
from mailaudit.store import Store
from mailaudit.sweep.names import match
from mailaudit.sweep.sessions import ends_are_logged, open_sessions
from mailpolicy import lifecycle
from mailpolicy.clocks import step
from mailpolicy.clocks.coverage import Coverage, Interval, unbroken
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.directory import Mailbox, Unit
from mailpolicy.ledger import Violation
from mailpolicy.officetime import office_day
from mailpolicy.regulation import Regulation

Violations = Mapping[str, Sequence[Violation]]


class NoLogsError(Exception):
    """The store holds no log that shows logins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a regulation asks for on the day `as_of`, of the mailboxes of `unit` and below, or ("") of all.

    `mailboxes` is how many these are. `logs` are all stretches of time that logs were read for, `coverage`
    the days the plan rests on, None if they all begin later. `activity` is keyed by the directory's
    addresses, `strangers` by names in the logs that are none of them; of a unit's plan it is empty.
    """

    regulation: Regulation
    as_of: date
    mailboxes: int
    logs: Sequence[Interval]
    coverage: Coverage | None
    steps: Sequence[Step]
    activity: Mapping[str, Activity]
    strangers: Mapping[str, Activity]
    unit: str = ""

    def counts(self) -> dict[StepKind, int]:
        """How many steps there are of each kind, the gravest kind first."""
        counted = Counter(one.kind for one in self.steps)
        return {kind: counted[kind] for kind in StepKind}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a plan is made for: the whole directory's mailboxes, of which those `meant` are judged.

    `unit` is whose these are, "" if they are all.
    """

    mailboxes: Sequence[Mailbox]
    units: Sequence[Unit] = ()
    unit: str = ""
    meant: Collection[str] | None = None
    violations: Violations = field(default_factory=dict)

    def judged(self) -> list[Mailbox]:
        """Return the mailboxes that are judged."""
        return [box for box in self.mailboxes if self.meant is None or box.address in self.meant]


def make(
    store: Store,
    reach: Reach,
    regulation: Regulation,
    as_of: date,
    one_more: Callable[[], None] = lambda: None,
) -> Plan:
    """Plan a sweep from what the store knows; call `one_more` after each mailbox that was judged.

    Raises NoLogsError if the store knows nothing of logins.
    """
    logs = logs_of(store)
    coverage = unbroken(logs, as_of)
    judged = reach.judged()
    here = {box.address for box in judged}
    rows = store.last_seen()
    matched = match(latest_of(rows, store.places()), [box.address for box in reach.mailboxes])
    activity = {address: used for address, used in matched.mailboxes.items() if address in here}
    steps = lifecycle.plan(
        _counted(listed.not_older(judged, listed.days(store), as_of), one_more),
        uses(activity, open_sessions(rows) if ends_are_logged(store) else ()),
        coverage,
        regulation,
        as_of,
        records=entries.of_everybody(store),
        violations=reach.violations,
        units=heads.filled(store, reach.units),
    )
    strangers = {} if reach.unit else matched.strangers
    return Plan(regulation, as_of, len(judged), logs, coverage, steps, activity, strangers, reach.unit)


def _counted(mailboxes: Iterable[Mailbox], one_more: Callable[[], None]) -> Iterator[Mailbox]:
    for mailbox in mailboxes:
        yield mailbox
        one_more()


def look_again(
    store: Store,
    mailbox: Mailbox,
    reach: Reach,
    regulation: Regulation,
    coverage: Coverage | None,
    *,
    today: date,
) -> "Look":
    """Judge one mailbox by what the store knows at this moment."""
    names = (mailbox.address, mailbox.address.partition("@")[0])
    rows = [row for name in names for row in store.last_seen(normalise_mailbox(name))]
    activity = match(latest_of(rows, store.places()), [mailbox.address]).mailboxes
    kept = entries.of_mailbox(store, mailbox.address)
    known = listed.days(store, mailbox.address)
    steps = lifecycle.plan(
        listed.not_older([mailbox], known, today),
        uses(activity, open_sessions(rows) if ends_are_logged(store) else ()),
        coverage,
        regulation,
        today,
        records={mailbox.address: kept},
        violations=reach.violations,
        units=heads.filled(store, reach.units),
    )
    return Look(steps, activity.get(mailbox.address), kept)


@dataclass(frozen=True, slots=True)
class Look:
    """What one mailbox is like at this moment."""

    steps: Sequence[Step]
    activity: Activity | None
    entries: Sequence[Entry]


def logs_of(store: Store) -> list[Interval]:
    """Return the stretches of time that logs were read for. Raises NoLogsError if there are none."""
    logs = store.coverage()
    if not logs:
        message = "no log that shows logins was read yet"
        raise NoLogsError(
            f"{store.home}: {message}; `mailaudit --home {store.home} ingest LOG...` reads them"
        )
    return logs


def uses(activity: Mapping[str, Activity], lasting: Collection[str]) -> dict[str, step.Activity]:
    """Return activities as the clocks take them; `lasting` are names whose session may last still."""
    return {
        address: step.Activity(office_day(one.time), in_short(one), open_session=_lasts(address, lasting))
        for address, one in activity.items()
    }


def _lasts(address: str, lasting: Collection[str]) -> bool:
    if not lasting:
        return False
    name = normalise_mailbox(address)
    return name in lasting or name.partition("@")[0] in lasting


def in_short(activity: Activity) -> str:
    """How a use is known, as in `imap from 10.20.3.21, mail.log:402` (file:byte)."""
    where = f" from {activity.address}" if activity.address else ""
    evidence = activity.evidence
    return f"{activity.service}{where}, {evidence.file.rpartition('/')[2]}:{evidence.position}"
