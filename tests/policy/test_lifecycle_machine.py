# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens in whatever order: never reclaimed without a lock and an archive, never locked in use."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mailpolicy.clocks.record import Event
from mailpolicy.clocks.standing import IDLE, REVOKED
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.directory import Kind
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import load
from simulated import DAY, Office

NAMES = [f"canbo{number}@example.org" for number in range(3)]
WHO = st.sampled_from(NAMES)


class Lifecycle(RuleBasedStateMachine):
    """One office. `Office.carry_out` holds every step against what really happened."""

    @initialize(
        regulation=st.sampled_from(["HCM", "CT", "MR", "HCM", "CT", "MR", "ST"]),
        kinds=st.lists(st.sampled_from([Kind.PERSON, Kind.PERSON, Kind.UNIT]), min_size=3, max_size=3),
        age=st.integers(0, 700),
    )
    def open_office(self, regulation: str, kinds: list[Kind], age: int) -> None:
        self.office = Office(load(regulation), date(2026, 1, 1))
        for name, kind in zip(NAMES, kinds, strict=True):
            self.office.hire(name.partition("@")[0], date(2026, 1, 1) - age * DAY, kind=kind)

    @rule(days=st.integers(1, 30), sweeping=st.booleans(), user=st.none() | WHO)
    def days_pass(self, days: int, sweeping: bool, user: str | None) -> None:
        for _ in range(days):
            self.office.dusk()
            if user:
                self.office.use(user)
            if sweeping:
                self.office.night()

    @rule(months=st.integers(1, 4), hurried=st.none() | WHO)
    def months_pass_in_silence(self, months: int, hurried: str | None) -> None:
        until = self.office.today + relativedelta(months=months)
        while self.office.today < until:
            self.office.dusk()
            self.office.night()
        self.office.night(*([hurried] if hurried else []))

    @rule(who=WHO)
    def use(self, who: str) -> None:
        self.office.use(who)

    @rule(who=WHO)
    def connect(self, who: str) -> None:
        if self.office.logging:  # a session that no log shows is for the look at the server, not for the plan
            self.office.connect(who)

    @rule(who=WHO)
    def hang_up(self, who: str) -> None:
        self.office.hang_up(who)

    @rule(days=st.integers(1, 40), user=st.none() | WHO)
    def logs_are_lost(self, days: int, user: str | None) -> None:
        self.office.logging = False
        for _ in range(days):
            if user:
                self.office.use(user)
            self.office.night()
            self.office.dusk()
        self.office.logging = True

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        self._note(who, Event.CONFIRMED)

    @rule(who=WHO, days=st.integers(1, 200))
    def excuse(self, who: str, days: int) -> None:
        self._note(who, Event.EXCUSED, days)

    @rule(who=WHO)
    def unlock(self, who: str) -> None:
        self._note(who, Event.UNLOCKED)

    @rule(who=WHO)
    def revoke(self, who: str) -> None:
        self._note(who, Event.REVOKED)

    @rule(who=WHO)
    def judge_serious(self, who: str) -> None:
        self._note(who, Event.SERIOUS)

    @rule(who=WHO, days=st.integers(0, 400))
    def leave(self, who: str, days: int) -> None:
        self._change(who, left_on=self.office.today - days * DAY)

    @rule(who=WHO, first=st.booleans())
    def set_password(self, who: str, first: bool) -> None:
        self._change(who, password_changed=self.office.today, password_is_first=first)

    @rule(who=WHO, days=st.integers(1, 10))
    def break_a_duty(self, who: str, days: int) -> None:
        for _ in range(days):
            if who not in self.office.closed:
                self.office.break_duty(who)
            self.office.dusk()
            self.office.night()

    def _change(self, who: str, **more: Any) -> None:
        if who in self.office.boxes:
            self.office.boxes[who] = replace(self.office.boxes[who], **more)

    def _note(self, who: str, event: Event, days: int = 0) -> None:
        if who in self.office.boxes:
            self.office.note(who, event, until=self.office.today + timedelta(days=days) if days else None)

    @invariant()
    def no_step_is_wrong(self) -> None:
        for step in self.office.plan() if hasattr(self, "office") else ():
            address = step.mailbox.address
            if step.kind is StepKind.WAIT:
                assert address in self.office.closed
            elif step.kind in (StepKind.LOCK, StepKind.WARN):
                assert address not in self.office.closed
            if step.kind in (StepKind.LOCK, StepKind.RECLAIM):
                assert self.office.lock_code(address) != REVOKED
                if step.code == IDLE:
                    assert step.mailbox.kind is Kind.PERSON
                    self._nothing_covers(step)

    def _nothing_covers(self, step: Step) -> None:
        """Neither an excuse, where the text knows one, nor the term after an opening or a confirmation."""
        duty = self.office.regulation.duty(IDLE)
        assert duty
        assert isinstance(duty.parameters, Inactivity)
        entries = self.office.records[step.mailbox.address]
        excuses = [one.until for one in entries if one.event is Event.EXCUSED and one.until]
        if duty.parameters.excused_by_reason and excuses:
            assert excuses[-1] < self.office.today
        for entry in entries:
            if entry.event in (Event.UNLOCKED, Event.CONFIRMED):
                full = entry.day + relativedelta(months=duty.parameters.lock_after_months or 0)
                assert full < self.office.today


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
