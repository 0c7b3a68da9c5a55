# SPDX-License-Identifier: GPL-3.0-or-later
"""Two years of an office, day by day, under each regulation: what becomes of whom, worked out by hand."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from mailpolicy.clocks.record import Event
from mailpolicy.clocks.step import StepKind
from mailpolicy.clocks.workingdays import is_working_day
from mailpolicy.directory import Kind
from mailpolicy.regulation import load
from simulated import Office

BEGIN, END = date(2026, 1, 1), date(2027, 12, 31)
BEFORE = date(2018, 7, 2)  # long before the logs
NO_SWEEP = (date(2026, 11, 15), date(2026, 11, 30))  # two weeks; the end is not in it
NO_LOGS = (date(2026, 7, 10), date(2026, 7, 13))  # three days
MONDAY = 0

# At work on working days, but for these stretches; the end is not in it.
AWAY: dict[str, tuple[tuple[str, str], ...]] = {
    "diligent": (),
    "sleeper": (("2026-02-11", "2028-01-01"),),
    "summer": (("2026-06-06", "2026-09-01"),),
    "returning": (("2026-08-21", "2026-12-20"),),
    "absent": (("2026-04-01", "2026-10-05"),),
    "confirmed": (("2026-11-10", "2027-03-08"),),
    "unconfirmed": (("2026-11-10", "2028-01-01"),),
    "last-hour": (("2026-08-11", "2026-11-11"),),
    "never": (("2026-01-01", "2028-01-01"),),
    "newcomer": (("2026-01-01", "2028-01-01"),),
    "vanthu": (("2026-02-11", "2028-01-01"),),
}


def at_work(name: str, today: date) -> bool:
    away = any(day(first) <= today < day(end) for first, end in AWAY[name])
    return not away and is_working_day(today)


def day(text: str) -> date:
    return date.fromisoformat(text)


def of(name: str) -> str:
    return f"{name}@example.org"


@cache
def two_years(regulation: str) -> Office:
    """The office after two years; every night's sweep was carried out."""
    office = Office(load(regulation), BEGIN)
    for name in AWAY:
        if name != "newcomer":
            office.hire(name, BEFORE, kind=Kind.UNIT if name == "vanthu" else Kind.PERSON)
    office.hire("phone", BEFORE)
    office.hire("leaver", BEFORE)
    while office.today <= END:
        _asked(office)
        office.logging = not NO_LOGS[0] <= office.today < NO_LOGS[1]
        if not NO_SWEEP[0] <= office.today < NO_SWEEP[1]:
            office.night(*([of("last-hour")] if office.today == day("2026-11-11") else []))
        _work(office)
        office.dusk()
    return office


def _asked(office: Office) -> None:
    """What units and the personnel office say, on its day."""
    match str(office.today):
        case "2026-03-02":
            office.boxes[of("leaver")] = replace(office.boxes[of("leaver")], left_on=office.today)
        case "2026-04-01":
            office.note(of("absent"), Event.EXCUSED, until=day("2026-09-30"), reason="nghỉ thai sản")
        case "2026-07-15":
            office.note(of("absent"), Event.CONFIRMED)
        case "2026-09-01":
            office.hire("newcomer")
        case "2026-12-10" if of("returning") in office.closed:
            office.note(of("returning"), Event.UNLOCKED, reason="công văn của phòng")
        case "2027-03-03":
            office.note(of("confirmed"), Event.CONFIRMED)


def _work(office: Office) -> None:
    for name in AWAY:
        if at_work(name, office.today):
            office.use(of(name))
    if office.today.weekday() == MONDAY:
        office.use(of("leaver"))
    if office.today in (day("2026-02-02"), day("2026-11-20")):
        office.hang_up(of("phone"))
        office.connect(of("phone"))


def story(regulation: str, name: str) -> list[str]:
    return [f"{when} {what}" for when, what in two_years(regulation).story.get(of(name), ())]


HCM = {
    # amnesty: not judged on the time before the logs
    "never": [
        "2026-03-19 warn 14", "2026-03-26 warn 7", "2026-04-01 warn 1",
        "2026-04-02 lock", "2026-07-02 reclaim",
    ],
    # locked before the gap; the proof for the reclaim begins anew behind it
    "sleeper": [
        "2026-04-27 warn 14", "2026-05-04 warn 7", "2026-05-10 warn 1",
        "2026-05-11 lock", "2027-01-14 reclaim",
    ],
    # the last warning and the day of the lock fell into the two weeks without a sweep
    "returning": ["2026-11-07 warn 14", "2026-11-14 warn 7", "2026-11-30 lock"],
    # the first warning fell into them: only the nearest is given
    "newcomer": ["2026-11-30 warn 7", "2026-12-01 warn 1", "2026-12-02 lock", "2027-03-02 reclaim"],
    "absent": [],  # excused until 30 September
    "last-hour": ["2026-10-28 warn 14", "2026-11-04 warn 7", "2026-11-10 warn 1"],
    "confirmed": ["2027-01-27 warn 14", "2027-02-03 warn 7", "2027-02-09 warn 1", "2027-02-10 lock"],
    "unconfirmed": [
        "2027-01-27 warn 14", "2027-02-03 warn 7", "2027-02-09 warn 1",
        "2027-02-10 lock", "2027-05-10 reclaim",
    ],
    "leaver": [],
}  # fmt: skip
CT = HCM | {
    "never": [*HCM["never"][:4], "2026-04-24 reclaim"],
    "sleeper": [*HCM["sleeper"][:4], "2026-06-02 reclaim"],
    "newcomer": [*HCM["newcomer"][:3], "2026-12-24 reclaim"],
    # no excuse in the text: locked, and opened when the agency confirms; back before the next lock
    "absent": [
        "2026-06-17 warn 14", "2026-06-24 warn 7", "2026-06-30 warn 1",
        "2026-07-01 lock", "2026-10-02 warn 14",
    ],
    # told on 10 February, the last day of Tết: the 15th working day is 3 March
    "unconfirmed": [*HCM["unconfirmed"][:4], "2027-03-04 reclaim"],
}  # fmt: skip
MR = {
    "never": [
        "2026-06-18 warn 14", "2026-06-25 warn 7", "2026-07-01 warn 1",
        "2026-07-02 lock", "2027-07-14 reclaim",
    ],
    "sleeper": [
        "2026-12-31 warn 14", "2027-01-07 warn 7", "2027-01-13 warn 1",
        "2027-01-14 lock", "2027-07-14 reclaim",
    ],
    "returning": [],
    "newcomer": [
        "2027-02-16 warn 14", "2027-02-23 warn 7", "2027-03-01 warn 1",
        "2027-03-02 lock", "2027-09-02 reclaim",
    ],
    "absent": [],
    "last-hour": [],
    "confirmed": [],
    "unconfirmed": [
        "2027-04-26 warn 14", "2027-05-03 warn 7", "2027-05-09 warn 1",
        "2027-05-10 lock", "2027-11-10 reclaim",
    ],
    "leaver": [
        "2027-01-19 warn 14", "2027-01-26 warn 7", "2027-02-01 warn 1",
        "2027-02-02 lock", "2027-03-02 reclaim",
    ],
}  # fmt: skip
NOBODY: dict[str, list[str]] = {name: [] for name in HCM}
STORIES = {"HCM": HCM, "CT": CT, "MR": MR, "ST": NOBODY, "TS": NOBODY}


@pytest.mark.parametrize(
    ("regulation", "name"), [(regulation, name) for regulation, names in STORIES.items() for name in names]
)
def test_in_two_years_exactly_this_happens_to(regulation: str, name: str) -> None:
    assert story(regulation, name) == STORIES[regulation][name]


@pytest.mark.parametrize("regulation", STORIES)
@pytest.mark.parametrize("name", ["diligent", "summer", "phone", "vanthu"])
def test_in_two_years_a_sweep_does_nothing_to(regulation: str, name: str) -> None:
    assert story(regulation, name) == []


@pytest.mark.parametrize("regulation", STORIES)
def test_at_the_end_every_step_was_done_once_and_what_is_gone_was_archived(regulation: str) -> None:
    office = two_years(regulation)
    done = [entry.key for entries in office.records.values() for entry in entries if entry.key]
    assert len(done) == len(set(done)) == len(office.carried_out)
    gone = {address for address, happened in office.story.items() if happened[-1][1] == "reclaim"}
    assert office.archives == gone
    assert not gone & office.boxes.keys()


@pytest.mark.parametrize("regulation", ["ST", "TS"])
def test_where_the_text_sets_no_term_the_agencies_get_a_list(regulation: str) -> None:
    office = two_years(regulation)
    listed = {step.mailbox.address: step for step in office.plan() if step.code == "inactivity"}
    assert {of(name) for name in ("sleeper", "unconfirmed", "never", "newcomer", "vanthu")} <= listed.keys()
    assert {step.kind for step in listed.values()} <= {StepKind.REVIEW, StepKind.UNPROVEN}
    assert listed[of("phone")].kind is StepKind.UNPROVEN  # connected since November 2026
    assert not {of("diligent"), of("summer"), of("returning")} & listed.keys()


@pytest.mark.parametrize(
    ("regulation", "article"), [("HCM", "6.1"), ("CT", "5.3"), ("ST", "11.2"), ("TS", "7.2b")]
)
def test_where_the_text_sets_no_period_a_leaver_is_for_his_unit(regulation: str, article: str) -> None:
    (step,) = (one for one in two_years(regulation).plan(of("leaver")) if one.code == "leavers")
    assert (step.kind, step.article, step.since) == (StepKind.REVIEW, article, day("2026-03-02"))


@pytest.mark.parametrize("regulation", ["HCM", "CT", "MR"])
def test_a_phone_that_never_hangs_up_is_unproven_and_its_last_session_end_counts(regulation: str) -> None:
    (step,) = two_years(regulation).plan(of("phone"))
    assert (step.kind, step.since) == (StepKind.UNPROVEN, day("2026-11-20"))
    assert "no end in the logs" in step.reason
    assert "doveadm who" in step.next
