# SPDX-License-Identifier: GPL-3.0-or-later
"""A unit's new head is known from two published directories, and never guessed from one."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from audit.sweepoffice import NOW, TODAY, SweepOffice, address
from mailaudit.record import heads
from mailpolicy.directory import Unit
from mailpolicy.snapshot.encode import encode

UNIT = "Phòng A"


class Publishing(SweepOffice):
    """An office whose unit Phòng A has a mailbox of its own, and publishes for its gate."""

    @property
    def snapshot(self) -> Path:
        return self.folder / "directory"

    def head(self, name: str, since: str = "", password: str = "") -> None:
        """Write the directory with this head of Phòng A."""
        rows = f"{UNIT},{address(name) if name else ''},{since}\n"
        (self.folder / "units.csv").write_text(f"name,head,head_since\n{rows}", "utf-8")
        box = f"{address('phonga')},unit,{UNIT},2020-01-01,{password}\n"
        people = "".join(f"{address(one)},person,{UNIT},{TODAY},\n" for one in ("canbo1", "canbo2"))
        boxes = f"address,kind,unit,created,password_changed\n{box}{people}"
        (self.folder / "boxes.csv").write_text(boxes, "utf-8")

    def publish(self, *options: str) -> int:
        return self.run("publish", "--site", str(self.site), "--to", str(self.snapshot), *options).exit_code

    def published(self, name: str, on: datetime) -> None:
        """What an earlier publication left."""
        head = address(name) if name else ""
        self.snapshot.write_bytes(encode([], [Unit(UNIT, head=head)], on))

    def since(self) -> date | None:
        [unit] = heads.filled(self.store, [Unit(UNIT, head=address("canbo2"))])
        return unit.head_since

    def handovers(self) -> list[tuple[str, str, str]]:
        steps = self.plan()["steps"]
        return [(one["step"], one["mailbox"], one["since"]) for one in steps if one["duty"] == "handover"]


@pytest.fixture
def office(tmp_path: Path) -> Publishing:
    return Publishing(tmp_path, regulation="MR")


def test_the_first_head_that_is_seen_is_nobodys_successor(office: Publishing) -> None:
    office.head("canbo1")
    assert (office.publish(), office.publish()) == (0, 0)
    assert office.handovers() == []


def test_a_new_head_counts_from_the_day_the_old_one_was_last_published(office: Publishing) -> None:
    office.published("canbo1", NOW - timedelta(days=3))
    office.head("canbo2", password=str(TODAY - timedelta(days=90)))
    assert office.handovers() == []
    assert office.publish() == 0
    day = TODAY - timedelta(days=3)
    assert office.since() == day
    assert office.handovers() == [("remind", address("phonga"), str(day))]
    assert office.publish() == 0
    assert office.since() == day


def test_a_password_that_was_changed_before_the_next_publication_is_the_new_heads(office: Publishing) -> None:
    office.published("canbo1", NOW - timedelta(days=3))
    office.head("canbo2", password=str(TODAY - timedelta(days=1)))
    assert office.publish() == 0
    assert office.handovers() == []


def test_who_publishes_once_in_months_does_not_miss_it(office: Publishing) -> None:
    office.published("canbo1", NOW - timedelta(days=200))
    office.head("canbo2")
    assert office.publish() == 0
    assert office.handovers() == [("review", address("phonga"), str(TODAY - heads.LATEST))]


def test_what_the_directory_says_counts(office: Publishing) -> None:
    office.published("canbo1", NOW - timedelta(days=3))
    office.head("canbo2", since=str(TODAY - timedelta(days=1)))
    assert office.publish() == 0
    assert office.handovers() == [("review", address("phonga"), str(TODAY - timedelta(days=1)))]


@pytest.mark.parametrize(("before", "after"), [("", "canbo2"), ("canbo1", ""), ("CANBO2", "canbo2")])
def test_a_post_that_was_or_is_empty_is_no_change(office: Publishing, before: str, after: str) -> None:
    office.published(before, NOW - timedelta(days=3))
    office.head(after)
    assert office.publish() == 0
    assert office.since() is None


def test_what_is_refused_is_not_noted(office: Publishing) -> None:
    office.head("canbo1")
    assert office.publish() == 0
    office.head("canbo2")
    (office.folder / "boxes.csv").write_text(f"address\n{address('canbo2')}\n", "utf-8")
    assert office.publish() == 1
    assert office.since() is None
    assert office.publish("--allow-shrink") == 0
    assert office.since() == TODAY


def test_of_two_changes_on_one_day_the_last_counts(office: Publishing) -> None:
    for name in ("canbo1", "canbo3", "canbo2"):
        office.head(name)
        assert office.publish() == 0
    assert office.since() == TODAY
