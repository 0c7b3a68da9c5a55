# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan, whatever the dates: never without proof, never stronger for having been used."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.lifecycle import plan
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import Regulation, load

DAY = timedelta(days=1)
REGULATIONS = [load(name) for name in ("HCM", "CT", "MR", "ST", "TS")]
STRENGTH = {
    StepKind.UNPROVEN: 0,
    StepKind.REVIEW: 1,
    StepKind.WARN: 1,
    StepKind.WAIT: 2,
    StepKind.LOCK: 2,
    StepKind.RECLAIM: 3,
}


@dataclass(frozen=True)
class Situation:
    """One mailbox, its last use, the logs and a day to judge it on."""

    regulation: Regulation
    mailbox: Mailbox
    used: date | None
    coverage: Coverage
    today: date

    def step(self) -> Step | None:
        address = self.mailbox.address
        activity = {address: Activity(self.used, "imap from 10.0.0.1")} if self.used else {}
        steps = plan([self.mailbox], activity, self.coverage, self.regulation, self.today)
        return steps[0] if steps else None

    def strength(self) -> int:
        """How hard the step is on its owner; a mailbox that is locked already can't be let off lightly."""
        step = self.step()
        if step is None:
            return 0
        still_locked = self.mailbox.suspended_on is not None and step.lock_on is None
        locked = still_locked and step.kind in (StepKind.UNPROVEN, StepKind.REVIEW)
        return 2 if locked else STRENGTH[step.kind]


@st.composite
def situations(draw: st.DrawFn, *, dated: bool = True) -> Situation:
    """Mostly a person under a text with terms, and dates near enough to today for something to be due."""
    today = draw(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
    ago = st.integers(-40, 500).map(lambda count: today - count * DAY)
    rarely = st.one_of(st.none(), st.none(), ago)
    mailbox = Mailbox(
        "canbo1@example.org",
        kind=draw(st.sampled_from([Kind.PERSON, Kind.PERSON, Kind.PERSON, *Kind])),
        created=draw(ago if dated else rarely),
        excused_until=draw(rarely),
        suspended_on=draw(rarely),
        confirmed_on=draw(rarely),
    )
    last = today - draw(st.integers(0, 5)) * DAY
    first = last - draw(st.integers(0, 600)) * DAY
    regulation = draw(st.sampled_from([*REGULATIONS[:3], *REGULATIONS]))
    return Situation(regulation, mailbox, draw(rarely), Coverage(first, last), today)


@settings(max_examples=1000)
@given(situations(dated=False))
def test_nobody_is_locked_or_reclaimed_unless_logs_cover_the_whole_term(case: Situation) -> None:
    step = case.step()
    if step is None or step.kind not in (StepKind.LOCK, StepKind.RECLAIM):
        return
    assert step.since is not None
    duty = case.regulation.duty("inactivity")
    assert duty is not None
    terms = duty.parameters
    assert isinstance(terms, Inactivity)
    assert terms.lock_after_months
    months = terms.lock_after_months
    if step.kind is StepKind.RECLAIM and terms.reclaim_after_months:
        months = terms.reclaim_after_months
    full = step.since + relativedelta(months=months)
    assert case.coverage.first <= step.since
    assert full <= case.coverage.last
    assert full < case.today
    assert case.coverage.last >= case.today - 3 * DAY
    known = (case.used, case.mailbox.created, case.mailbox.confirmed_on)
    assert all(day <= step.since for day in known if day)


@settings(max_examples=1000)
@given(situations(), st.integers(1, 400))
def test_a_later_use_never_makes_a_step_stronger(case: Situation, later: int) -> None:
    later_use = (case.used or case.mailbox.created or case.today) + later * DAY
    assert replace(case, used=later_use).strength() <= case.strength()


@settings(max_examples=1000)
@given(situations(dated=False))
def test_a_day_later_with_logs_that_go_on_a_step_is_never_weaker(case: Situation) -> None:
    coverage = Coverage(case.coverage.first, case.coverage.last + DAY)
    assert replace(case, today=case.today + DAY, coverage=coverage).strength() >= case.strength()


@settings(max_examples=500)
@given(situations(dated=False), st.integers(1, 200))
def test_fewer_logs_never_make_a_step_stronger(case: Situation, missing: int) -> None:
    fewer = Coverage(min(case.coverage.first + missing * DAY, case.coverage.last), case.coverage.last)
    assert replace(case, coverage=fewer).strength() <= case.strength()


@given(situations(dated=False))
def test_lists_units_and_texts_without_terms_are_never_locked(case: Situation) -> None:
    people = case.mailbox.kind is Kind.PERSON and case.regulation.short in ("HCM", "CT", "MR")
    step = case.step()
    if step is not None and not people:
        assert step.kind in (StepKind.REVIEW, StepKind.UNPROVEN, StepKind.WAIT)


@given(st.data(), st.lists(situations(dated=False), min_size=2, max_size=8))
def test_the_order_of_the_directory_plays_no_part(data: st.DataObject, cases: list[Situation]) -> None:
    boxes = [replace(case.mailbox, address=f"canbo{n}@example.org") for n, case in enumerate(cases)]
    activity = {
        box.address: Activity(case.used, "imap") for box, case in zip(boxes, cases, strict=True) if case.used
    }
    first = cases[0]
    shuffled = data.draw(st.permutations(boxes))
    plans = [
        plan(order, activity, first.coverage, first.regulation, first.today) for order in (boxes, shuffled)
    ]
    assert plans[0] == plans[1]
