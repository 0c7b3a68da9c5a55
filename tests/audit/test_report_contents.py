# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number of a report against the raw lines of its log, counted by another hand."""

import statistics
import unicodedata
from dataclasses import asdict, replace
from datetime import date

import pytest

from audit.plainreport import Plain, rows
from audit.reportoffice import FIRST, HOSTILE, LAST, ROOMS, UNIT, contents, document, read_office
from mailaudit.reports import dutytables, span, usagetables, words
from mailaudit.reports.build import build
from mailaudit.reports.document import Column, Heading, Paragraph, Table
from mailaudit.reports.reckoning import facts
from mailaudit.reports.span import BadPeriod
from mailaudit.usage.amounts import Amounts
from mailaudit.usage.period import Period
from mailpolicy.office.duedates import CODE
from mailpolicy.regulation import Regulation, load, load_all
from mailpolicy.site import for_regulation


@pytest.fixture(scope="module")
def plain() -> Plain:
    here = read_office()
    return Plain(here.domain, FIRST, LAST).read(here.log)


@pytest.fixture(scope="module")
def boxes() -> list[dict[str, str]]:
    return rows(read_office().folder / "boxes.csv")


def test_the_totals_are_those_of_the_lines(plain: Plain, boxes: list[dict[str, str]]) -> None:
    said = facts(contents())
    for name in ("logins", "sent", "sent_bytes", "received", "received_bytes", "recipients"):
        assert getattr(said, name) == plain.total(name), name
    assert said.public == plain.total("recipients_public")
    assert said.outside_share == plain.total("recipients_outside") / plain.total("recipients")
    assert said.outside_in_share == plain.total("received_outside") / plain.total("received")
    openable = [box["address"] for box in boxes if box["kind"] != "list"]
    used = [address for address in openable if plain.days[address]]
    assert (said.active, said.unused) == (len(used), len(openable) - len(used))
    assert said.active_share == len(used) / len(openable)


def test_each_mailbox_has_the_amounts_of_its_lines(plain: Plain, boxes: list[dict[str, str]]) -> None:
    for box in boxes:
        counted = plain.counts[box["address"]]
        days = len(plain.days[box["address"]])
        names = set(asdict(Amounts())) - {"days_active"}
        expected = Amounts(days_active=days, **{name: counted[name] for name in names})
        assert contents().usage[box["address"]] == expected
    assert not contents().strangers


def test_units_and_weeks_add_up_to_the_same_totals(plain: Plain, boxes: list[dict[str, str]]) -> None:
    unit_of = {box["address"]: box["unit"] for box in boxes}
    table = usagetables.units(contents())
    for _, name, mailboxes, _, _, logins, sent, received, _, _ in table.rows:
        theirs = [plain.counts[address] for address, unit in unit_of.items() if unit == name]
        sums = [sum(one[what] for one in theirs) for what in ("logins", "sent", "received")]
        assert [mailboxes, logins, sent, received] == [len(theirs), *sums]
    weeks = usagetables.trend(contents())
    for totals, columns in ((table.total, (5, 6, 7)), (weeks.total, (2, 3, 4))):
        assert totals is not None
        assert [totals[n] for n in columns] == [plain.total(what) for what in ("logins", "sent", "received")]
    assert [sum(int(str(row[n])) for row in weeks.rows) for n in (2, 3, 4)] == list(weeks.total or ())[2:5]
    first_week = [who for who, seen in plain.days.items() if min(seen, default=LAST) <= date(2026, 6, 7)]
    assert weeks.rows[0][:2] == ("01/06", len(first_week))


def test_people_and_kinds_are_those_of_the_directory(boxes: list[dict[str, str]]) -> None:
    said = facts(contents())
    kinds = [box["kind"] for box in boxes]
    told = (said.persons, said.units, said.agencies, said.lists)
    assert told == tuple(kinds.count(kind) for kind in ("person", "unit", "agency", "list"))
    assert said.mailboxes == len(boxes)
    in_period = [box for box in boxes if FIRST.isoformat() <= box["created"] <= LAST.isoformat()]
    left = [box for box in boxes if FIRST.isoformat() <= box["left_on"] <= LAST.isoformat()]
    assert (said.created, said.left) == (len(in_period), len(left)) == (1, 1)


def test_what_the_gate_found_is_told_by_duty_and_by_what_became_of_it(plain: Plain) -> None:
    said, found = facts(contents()), plain.findings
    certain = [one for one in found if one["certainty"] == "certain"]
    rejected = [one for one in certain if (one["mode"], one["action"]) == ("enforce", "reject")]
    assert said.findings == len(found) > 0
    assert said.refused == len(rejected)
    assert said.attachments_refused == sum(one["code"] == "attachment-cap" for one in rejected)
    assert said.observed == sum(one["mode"] == "observe" for one in certain)
    assert said.signs == len(found) - len(certain)
    harmful = ("spam-report", "spam-spreading", "malformed")
    assert said.incidents == sum(one["code"] in harmful for one in found)
    blamed = [one for one in certain if one["login"]]
    assert said.violations == len(blamed)
    assert said.violators == len({one["login"] for one in blamed})
    assert len(dutytables.violations(contents()).rows) == said.violations + said.violation_signs


def test_what_was_done_with_mailboxes_is_that_of_the_record() -> None:
    said = facts(contents())
    done = (said.warned, said.locked, said.reminded, said.escalated, said.excused, said.reclaimed)
    assert done == (1, 1, 1, 1, 1, 1)
    of_unit = facts(contents(ROOMS[3]))
    assert (of_unit.locked, of_unit.reclaimed) == (1, 0)
    archived = [row for row in dutytables.acts(contents()).rows if row[3] == "thu hồi"]
    assert [row[5] for row in archived] == ["lưu tại /srv/archive/canbocu"]


def test_answers_and_checks_are_those_of_the_lines(plain: Plain) -> None:
    answers = contents().answers
    assert answers
    for box, one in answers.mailboxes:
        came, answered, waits = plain.answers(box.address)
        assert (one.came, one.answered) == (came, answered)
        if waits and one.median is not None:
            assert one.median.total_seconds() == statistics.median(wait.total_seconds() for wait in waits)
    habits = contents().habits
    assert habits
    ends = read_office().log[-1][:10]
    assert len(habits.days) + len(habits.left_out) == sum(
        day.weekday() < 5 and day.isoformat() <= ends for day in Period(FIRST, LAST).days()
    )
    for checked in habits.checked:
        kept = sum(checked.mailbox.address in plain.logins[day] for day in habits.days)
        assert checked.habit
        assert checked.habit.kept == kept


def test_the_unused_are_listed_with_what_is_known_of_them(plain: Plain, boxes: list[dict[str, str]]) -> None:
    listed = {str(row[1]): row for row in usagetables.idle(contents()).rows}
    unused = {box["address"] for box in boxes if box["kind"] != "list" and not plain.days[box["address"]]}
    assert unused
    assert unused <= set(listed)
    used_before = {who for who in listed if who in contents().last_uses}
    for who in used_before:
        use = contents().last_uses[who]
        line = (read_office().office.logs / "mail.log").read_bytes()[use.evidence.position :].split(b"\n")[0]
        assert who.encode() in line


def test_a_units_report_holds_only_its_own(boxes: list[dict[str, str]]) -> None:
    its = contents(ROOMS[1])
    assert {box.address for box in its.mailboxes} == {b["address"] for b in boxes if b["unit"] == ROOMS[1]}
    addresses = {box.address for box in its.mailboxes}
    assert {one.mailbox for one in its.violations} <= addresses
    assert sum(one.findings for one in its.found) < sum(one.findings for one in contents().found)
    assert document(ROOMS[1]).head.body == ROOMS[1].upper()
    assert len(contents(UNIT).mailboxes) == len(boxes)  # the agency has all rooms below it


def test_what_logs_do_not_cover_is_said_at_the_end() -> None:
    texts = [block.text for block in document().blocks if isinstance(block, Paragraph)]
    missing = facts(contents()).uncovered_days
    assert missing == len(contents().grounds.uncovered) > 0
    assert any(f"({missing} ngày)" in text and words.day(LAST) in text for text in texts)


def test_every_text_is_nfc_and_every_blank_is_marked() -> None:
    texts = [block.text for block in document().blocks if isinstance(block, Paragraph | Heading)]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert sum("(đơn vị điền)" in text for text in texts) >= 4
    assert any(HOSTILE in str(row[2]) for row in usagetables.persons(contents()).rows)


@pytest.mark.parametrize("regulation", load_all(), ids=lambda one: one.short)
def test_every_regulation_has_a_form_for_the_office_and_for_a_unit(regulation: Regulation) -> None:
    for unit in ("", UNIT):
        its = replace(contents(unit), site=for_regulation(regulation))
        made = build(its)
        assert [one for one in made.blocks if isinstance(one, Table)]
        assert made.head.to
        assert unit.upper() in made.head.body


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-Q3", "2026-07-01", "2026-09-30", "quý III năm 2026"),
        ("2026-h1", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
        ("2024-Q1", "2024-01-01", "2024-03-31", "quý I năm 2024"),
        ("2026", "2026-01-01", "2026-12-31", "năm 2026"),
        ("2026-03-01..2026-05-15", "2026-03-01", "2026-05-15", "từ ngày 01/03/2026 đến ngày 15/05/2026"),
    ],
)
def test_a_period_is_read(text: str, first: str, last: str, name: str) -> None:
    read = span.read(text)
    assert (str(read.days.first), str(read.days.last), read.name) == (first, last, name)
    parts = [days for _, days in read.parts()]
    assert [day for days in parts for day in days.days()] == read.days.days()


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-H3", "26-Q1", "2026-Q", "2026-05-01..2026-04-01", "2026-02-30..2026-03-01"]
)
def test_what_is_no_period_is_told_with_what_was_expected(text: str) -> None:
    with pytest.raises(BadPeriod, match=r"expected 2026-Q3|ends before it begins"):
        span.read(text)


@pytest.mark.parametrize(
    ("regulation", "by_unit", "name"),
    [
        ("HCM", False, "quý IV năm 2026"),
        ("TS", True, "quý III năm 2026"),  # no day is named: the last whole quarter
        ("CT", True, "6 tháng cuối năm 2026"),
        ("ST", False, "năm 2026"),
        ("MR", True, "năm 2026"),
    ],
)
def test_the_period_suggested_is_what_the_next_report_is_about(
    regulation: str, by_unit: bool, name: str
) -> None:
    duty = load(regulation).duty(CODE)
    assert duty
    assert span.suggested(duty, by_unit=by_unit, today=date(2026, 11, 22)).name == name


def test_numbers_are_written_as_offices_write_them() -> None:
    space = words.NO_BREAK
    assert words.number(1234567) == "1.234.567"
    assert words.percent(0.125) == f"12,5{space}%"
    assert (words.percent(1.0), words.percent(None)) == (f"100{space}%", "–")
    assert words.size(5 * 1024 * 1024 + 300_000) == f"5,3{space}MB"
    assert words.day(date(2026, 2, 5)) == "05/02/2026"


def test_on_paper_those_with_something_to_say_go_before_the_others() -> None:
    table = Table("t", "T", (Column("a"),), [[str(n)] for n in range(10)], notable=[3, 7, 8])
    assert table.at_most(10) == (table.rows, "")
    rows_, said = table.at_most(2)
    assert rows_ == [["3"], ["7"]]
    assert "2 dòng có ghi chú trong tổng số 10 dòng" in said
