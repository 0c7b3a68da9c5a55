# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies a plan's file: exactly its steps, each after a last look at its mailbox, and nothing else."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from mailaudit.enforcement.backend import EnforcementError
from mailaudit.record import intents, listed, runs
from mailaudit.record.operator import now, operator
from mailaudit.sweep import told
from mailaudit.sweep.carry import CLOSING, EVENTS, IN_USE, Carrier, LeftError, Servers
from mailaudit.sweep.grounds import grounds_of
from mailaudit.sweep.here import Here
from mailaudit.sweep.letters import Letters, queue
from mailaudit.sweep.plan import Look, Plan, look_again, make
from mailaudit.sweep.planfile import PlanFile
from mailaudit.sweep.refusal import refusals
from mailaudit.sweep.settle import Settler
from mailaudit.sweep.why import GONE, why_not
from mailpolicy.clocks.record import Event
from mailpolicy.clocks.step import Step, StepKind
from mailpolicy.directory import Mailbox
from mailpolicy.officetime import office_day, office_time

NOT_ASKED = "reclaiming has to be asked for with --reclaim"
NOT_TOLD = "its agency's letter about the lock has not gone out; see `mailaudit notices list`"


class Refused(Exception):  # noqa: N818 - it is an answer
    """The plan is not applied at all; `reasons` say why."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(self.reasons))


class Outcome(StrEnum):
    """What came of a step."""

    DONE = "done"
    BEFORE = "done before"
    SKIPPED = "skipped"  # no longer due
    LEFT = "left"  # due, and not done this time
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a step, whose values are as in the plan's file; `why` says why it was not done."""

    step: Mapping[str, Any]
    outcome: Outcome
    why: str = ""


@dataclass(slots=True)
class Report:
    """What came of a plan. `stopped` says why it was not gone through to its end, "" if it was."""

    results: list[Result] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    letters: int = 0
    stopped: str = ""

    @property
    def is_partly_undone(self) -> bool:
        """Whether people should see to it: a step failed, or somebody was to be closed and could not be."""
        return any(
            one.outcome is Outcome.FAILED
            or (
                one.outcome is Outcome.LEFT
                and one.step["step"] in CLOSING
                and not one.why.startswith((NOT_ASKED, IN_USE))
            )
            for one in self.results
        )

    def counts(self) -> dict[Outcome, int]:
        """How many steps there are of each outcome."""
        counted = Counter(one.outcome for one in self.results)
        return {outcome: counted[outcome] for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asked for beside the plan."""

    reclaim: bool = False
    allow_shrink: bool = False


class Application:
    """A plan, applied. `advance` is called after each of its steps."""

    def __init__(self, here: Here, plan: PlanFile, servers: Servers | None, letters: Letters) -> None:
        self._here = here
        self._servers = servers
        self._letters = letters
        self._carrier = Carrier(here.store, servers, letters, here.regulation, plan.identifier)
        self._judged = {box.address: box for box in here.reach.judged()}
        self._listed = {box.address for box in here.reach.mailboxes}
        self._file = replace(plan, steps=[step for step in plan.steps if self._is_in_reach(step, plan)])
        self._fresh: Plan

    def _is_in_reach(self, step: Mapping[str, Any], plan: PlanFile) -> bool:
        """Whose mailbox is gone from the directory is in reach where everybody planned for is."""
        address, reach = step["mailbox"], self._here.reach
        is_gone = address not in self._listed
        return address in self._judged or (is_gone and reach.unit in ("", plan.unit))

    @property
    def carried_out(self) -> list[Mapping[str, Any]]:
        """The steps of the file that are carried out, of the mailboxes in reach."""
        return [step for step in self._file.steps if step["step"] in EVENTS]

    def run(self, asked: Asked, advance: Callable[[], None]) -> Report:
        """Apply it. Raises Refused, or EnforcementError if a server is out of order from the beginning."""
        self._fresh = make(self._here.store, self._here.reach, self._here.regulation, office_day(now()))
        self._refuse(asked)
        self._check_servers(asked)
        report = Report(notes=[f"logs read up to {self._newest_log():%Y-%m-%d %H:%M}"])
        self._note()
        report.notes += self._settle(asked)
        for step in self.carried_out:
            result = self._one(step, asked)
            report.results.append(result)
            advance()
            if result.outcome is Outcome.FAILED and (stopped := self._server_is_down()):
                report.stopped = stopped
                return report
        report.letters = self._reviews()
        return report

    def _newest_log(self) -> datetime:
        return office_time(max(one.end for one in self._fresh.logs))

    def _refuse(self, asked: Asked) -> None:
        grounds = grounds_of(self._here, self._file, self._fresh)
        closing = self._closing(asked)
        found = refusals(
            self._file, grounds, self._audit.sweep, len(closing), allow_shrink=asked.allow_shrink
        )
        if closing and self._servers is None:
            found.append("the site file has no table [audit.enforcement], so nobody can be locked out")
        if asked.reclaim and self._servers and self._servers.storage is None:
            found.append("the site file has no table [audit.enforcement.storage], so nothing can be archived")
        if found:
            raise Refused(found)

    @property
    def _audit(self) -> Any:
        assert self._here.office  # noqa: S101  a plan is applied by a site file
        return self._here.office.audit

    def _closing(self, asked: Asked) -> list[Mapping[str, Any]]:
        kinds = CLOSING if asked.reclaim else (StepKind.LOCK,)
        return [step for step in self._file.steps if step["step"] in kinds]

    def _check_servers(self, asked: Asked) -> None:
        """Before anything is done: a server that is down is no reason to do half."""
        if self._servers is None or not (self._closing(asked) or intents.pending(self._here.store)):
            return
        self._servers.lock.check()
        if asked.reclaim and self._servers.storage:
            self._servers.storage.check()

    def _note(self) -> None:
        store = self._here.store
        run = runs.Run(self._file.identifier, now(), operator(), self._here.reach.unit, self._fresh.mailboxes)
        runs.note(store, run)
        listed.note(store, sorted(self._listed), self._fresh.as_of)
        told.record_late_letters(store, self._here.regulation)

    def _settle(self, asked: Asked) -> list[str]:
        if self._servers is None:
            return []
        planned = {str(step["key"]) for step in self._closing(asked)}
        settler = Settler(self._here.store, self._servers, self._look)
        found = list(settler.settle(self._judged, planned))
        return found if self._here.reach.unit else [*found, *settler.orphans(self._listed)]

    def _look(self, mailbox: Mailbox) -> Look:
        here, coverage = self._here, self._fresh.coverage
        return look_again(here.store, mailbox, here.reach, here.regulation, coverage, today=office_day(now()))

    def _one(self, step: Mapping[str, Any], asked: Asked) -> Result:
        mailbox = self._judged.get(step["mailbox"])
        if mailbox is None:
            return Result(step, Outcome.SKIPPED, GONE)
        look = self._look(mailbox)
        if any(entry.key == step["key"] for entry in look.entries):
            return Result(step, Outcome.BEFORE)
        due = next((one for one in look.steps if one.key == step["key"]), None)
        if due is None:
            return Result(step, Outcome.SKIPPED, why_not(step, look, self._file.made_at))
        outcome, why = self._carry_out(due, look, asked)
        return Result(step, outcome, why)

    def _carry_out(self, step: Step, look: Look, asked: Asked) -> tuple[Outcome, str]:
        if why := self._left(step, look, asked):
            return Outcome.LEFT, why
        try:
            self._carrier.carry_out(step)
        except LeftError as error:
            return Outcome.LEFT, str(error)
        except EnforcementError as error:
            return Outcome.FAILED, str(error)
        return Outcome.DONE, ""

    def _left(self, step: Step, look: Look, asked: Asked) -> str:
        if step.kind is not StepKind.RECLAIM:
            return ""
        if not asked.reclaim:
            return NOT_ASKED
        locks = [entry for entry in look.entries if entry.event is Event.LOCKED]
        return NOT_TOLD if locks and not told.is_told(self._here.store, locks[-1]) else ""

    def _server_is_down(self) -> str:
        """Whether a step failed as every other would: then the rest is not tried."""
        try:
            if self._servers:
                self._servers.lock.check()
        except EnforcementError as error:
            return str(error)
        return ""

    def _reviews(self) -> int:
        """Queue the units' lists of what the file has for review; return how many letters that were."""
        planned = {str(step["key"]) for step in self._file.steps}
        meant = [step for step in self._fresh.steps if step.key in planned]
        time = now()
        letters = self._letters.of_reviews(meant, time)
        with self._here.store.recording() as connection:
            return queue(connection, letters, time)
