# SPDX-License-Identifier: GPL-3.0-or-later
"""An office in memory whose days pass: people, phones, logs with gaps, and a nightly sweep carried out."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from mailpolicy.clocks.coverage import Coverage, Interval, unbroken
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.standing import IDLE
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.clocks.terms import after_months
from mailpolicy.directory import Mailbox, Unit
from mailpolicy.ledger import Violation
from mailpolicy.lifecycle import plan
from mailpolicy.officetime import OFFICE_TIME
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Regulation

DAY = timedelta(days=1)
DONE = {
    StepKind.WARN: Event.WARNED,
    StepKind.LOCK: Event.LOCKED,
    StepKind.RECLAIM: Event.RECLAIMED,
    StepKind.REMIND: Event.REMINDED,
    StepKind.ESCALATE: Event.ESCALATED,
}


@dataclass
class Office:
    """One office under one regulation. `today` begins with its night, in which the sweep of `night` runs.

    What really happened (`uses`) is kept apart from what the logs show: a lock is held against it.
    """

    regulation: Regulation
    today: date
    boxes: dict[str, Mailbox] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    uses: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, Activity] = field(default_factory=dict)
    sessions: dict[str, date] = field(default_factory=dict)
    logs: list[Interval] = field(default_factory=list)
    logging: bool = True
    records: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    violations: dict[str, list[Violation]] = field(default_factory=lambda: defaultdict(list))
    closed: set[str] = field(default_factory=set)
    archives: set[str] = field(default_factory=set)
    carried_out: dict[str, Step] = field(default_factory=dict)
    story: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    seconds: int = 0

    def hire(self, name: str, created: date | None = None, **more: Any) -> str:
        """Set up a mailbox, today if nothing else is said."""
        address = f"{name}@example.org"
        self.boxes[address] = Mailbox(address, created=created or self.today, **more)
        return address

    def use(self, address: str) -> bool:
        """Log in, today; whether that worked."""
        if address in self.closed or address not in self.boxes:
            return False
        self.uses[address].append(self.today)
        if self.logging:
            lasting = address in self.seen and self.seen[address].open_session
            self.seen[address] = Activity(self.today, "imap from 10.0.0.1", open_session=lasting)
        return True

    def connect(self, address: str) -> None:
        """Log in with a phone that stays connected."""
        if self.use(address):
            self.sessions[address] = self.today
            if self.logging:
                self.seen[address] = replace(self.seen[address], open_session=True)

    def hang_up(self, address: str) -> None:
        """End that session; its end is a line in the log, and its time was use."""
        if self.sessions.pop(address, None):
            self.uses[address].append(self.today)
            if self.logging:
                self.seen[address] = Activity(self.today, "imap session ended")

    def note(self, address: str, event: Event, **more: Any) -> None:
        """Put an entry on the record, and do at the server what goes with it."""
        self.seconds += 1
        moment = datetime.combine(self.today, time(1), OFFICE_TIME) + timedelta(milliseconds=self.seconds)
        by_idleness = self.lock_code(address) == IDLE
        self.records[address].append(Entry(address, event, moment, self.today, **more))
        if event in (Event.LOCKED, Event.REVOKED):
            self.closed.add(address)
            self.hang_up(address)
        if event is Event.UNLOCKED or (event is Event.CONFIRMED and by_idleness):
            self.closed.discard(address)

    def lock_code(self, address: str) -> str:
        """The duty that keeps the mailbox closed at the server, or ""."""
        locks = [one for one in self.records[address] if one.event in (Event.LOCKED, Event.REVOKED)]
        return (locks[-1].code or "emergency-revocation") if locks and address in self.closed else ""

    def break_duty(self, address: str) -> None:
        """Do something today that the ledger holds."""
        moment = datetime.combine(self.today, time(9), OFFICE_TIME)
        self.violations[address].append(
            Violation(
                "auto-forward",
                "9",
                address,
                moment,
                "forwarded",
                "delivered",
                "log",
                "mail.log",
                len(self.story),
            )
        )

    def coverage(self) -> Coverage | None:
        """What the logs cover, up to yesterday."""
        return unbroken(self.logs, self.today - DAY)

    def plan(self, *addresses: str) -> list[Step]:
        """Plan for these mailboxes, or for all."""
        boxes = [self.boxes[one] for one in addresses] if addresses else list(self.boxes.values())
        return plan(
            boxes,
            self.seen,
            self.coverage(),
            self.regulation,
            self.today,
            records=self.records,
            violations=self.violations,
            units=self.units.values(),
        )

    def night(self, *before_apply: str) -> None:
        """Sweep: plan; let these log in before it is carried out; look again at each, and carry out."""
        steps = self.plan()
        for address in before_apply:
            self.use(address)
        for step in steps:
            if step.kind in DONE:
                again = {one.key: one for one in self.plan(step.mailbox.address)}
                if step.key in again:
                    self.carry_out(again[step.key])

    def carry_out(self, step: Step) -> None:
        """Do what a step says, and hold it against what really happened."""
        address = step.mailbox.address
        assert step.key not in self.carried_out, step.key
        if step.kind is StepKind.LOCK and step.code == IDLE:
            self._check_idle(step)
        if step.kind is StepKind.RECLAIM:
            assert address in self.closed, "reclaimed without having been locked"
            assert any(one.event is Event.LOCKED and one.day < self.today for one in self.records[address])
            self.archives.add(address)
        self.carried_out[step.key] = step
        self.story[address].append((str(self.today), " ".join(filter(None, (step.kind, step.stage)))))
        self.note(
            address,
            DONE[step.kind],
            code=step.code,
            article=step.article,
            by="sweep",
            warned_of=step.lock_on if step.kind is StepKind.WARN else None,
            key=step.key,
        )
        if step.kind is StepKind.RECLAIM:
            assert address in self.archives
            del self.boxes[address]

    def _check_idle(self, step: Step) -> None:
        """Nobody is locked for lying idle who was in within the term, whether the logs showed it or not."""
        address, duty = step.mailbox.address, self.regulation.duty(IDLE)
        assert duty
        assert isinstance(duty.parameters, Inactivity)
        assert duty.parameters.lock_after_months
        coverage = self.coverage()
        assert coverage
        assert step.since
        assert coverage.first <= step.since
        assert address not in self.sessions, "locked while connected"
        for used in self.uses[address]:
            assert after_months(used, duty.parameters.lock_after_months) <= self.today, f"used on {used}"

    def dusk(self) -> None:
        """End the day: its log is written, if logs are, and the next day begins."""
        if self.logging:
            begin = datetime.combine(self.today, time(0), OFFICE_TIME)
            end = begin + timedelta(hours=23, minutes=59)
            if self.logs and begin - self.logs[-1].end < timedelta(hours=1):
                self.logs[-1] = Interval(self.logs[-1].start, end)
            else:
                self.logs.append(Interval(begin, end))
        self.today += DAY
