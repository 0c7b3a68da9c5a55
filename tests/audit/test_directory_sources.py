# SPDX-License-Identifier: GPL-3.0-or-later
"""One directory over CSV, SQLite, PostgreSQL and LDAP: the same objects and mistakes from each."""

from datetime import date
from pathlib import Path

import pytest

from audit.directories import PLACES, Cells, Place, place
from mailpolicy.directory import Kind, Mailbox, Status, Unit
from mailpolicy.files.problems import BadFile

UNITS: list[Cells] = [
    {"name": "Sở Tài nguyên"},
    {
        "name": "Văn phòng Sở",
        "parent": "Sở Tài nguyên",
        "head": "canbo1@example.org",
        "head_since": "2026-09-15",
    },
]
BOXES: list[Cells] = [
    {"address": "vanthu@example.org", "kind": "unit", "unit": "Văn phòng Sở", "name": "Văn thư “Sở”",
     "managers": "canbo1@example.org canbo2@example.org"},
    {"address": "CanBo1@Example.ORG", "unit": "Văn phòng Sở", "name": "Nguyễn Thị Cán Bộ",
     "created": "2020-02-03", "password_changed": "2026-10-01"},
    {"address": "canbo2@example.org", "created": "31/8/2026", "excused_until": "2026-12-31",
     "suspended_on": "2026-09-01", "confirmed_on": "2026-09-02", "status": "locked",
     "status_reason": "inactivity", "left_on": "2026-11-01", "leave_noticed": "no",
     "password_is_first": "TRUE"},
    {"address": "tatca@example.org", "kind": "list", "managers": "vanthu@example.org"},
]  # fmt: skip


@pytest.fixture(params=PLACES)
def somewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place(request.param, tmp_path, request.getfixturevalue)


def mistakes(somewhere: Place, boxes: list[Cells], units: list[Cells] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(BadFile) as raised:
        somewhere.read(boxes, units or [])
    assert all(problem.expected for problem in raised.value.problems)
    return [(problem.key, problem.wrong) for problem in raised.value.problems]


def test_every_source_gives_the_same_mailboxes_and_units(somewhere: Place) -> None:
    found = somewhere.read(BOXES, UNITS)
    assert sorted(found.units, key=lambda unit: unit.name) == [
        Unit("Sở Tài nguyên"),
        Unit("Văn phòng Sở", "Sở Tài nguyên", "canbo1@example.org", date(2026, 9, 15)),
    ]
    assert sorted(found.mailboxes, key=lambda one: one.address) == [
        Mailbox(
            "canbo1@example.org",
            unit="Văn phòng Sở",
            name="Nguyễn Thị Cán Bộ",
            created=date(2020, 2, 3),
            password_changed=date(2026, 10, 1),
        ),
        Mailbox(
            "canbo2@example.org",
            created=date(2026, 8, 31),
            excused_until=date(2026, 12, 31),
            suspended_on=date(2026, 9, 1),
            confirmed_on=date(2026, 9, 2),
            status=Status.LOCKED,
            status_reason="inactivity",
            left_on=date(2026, 11, 1),
            leave_noticed=False,
            password_is_first=True,
        ),
        Mailbox("tatca@example.org", Kind.LIST, managers=("vanthu@example.org",)),
        Mailbox(
            "vanthu@example.org",
            Kind.UNIT,
            "Văn phòng Sở",
            name="Văn thư “Sở”",
            managers=("canbo1@example.org", "canbo2@example.org"),
        ),
    ]
    assert not found.loose


def test_without_units_none_are_read(somewhere: Place) -> None:
    assert somewhere.read(BOXES[1:2]).units == []


def test_every_mistake_is_said_in_one_go_with_its_place(somewhere: Place) -> None:
    rows: list[Cells] = [
        {"address": "canbo1@example.org", "kind": "head"},
        {"address": "canbo2@example.org", "created": "2026-02-30", "status": "asleep"},
        {"address": "canbo3@localhost"},
        {"address": "canbo1@EXAMPLE.org"},
        {"address": "canbo4@example.org", "status_reason": "laziness"},
    ]
    found = mistakes(somewhere, rows)
    at = [somewhere.where(row, position) for position, row in enumerate(rows)]
    assert sorted(found) == sorted(
        [
            (f"{at[0]}, kind", '"head"'),
            (f"{at[1]}, created", '"2026-02-30"'),
            (f"{at[1]}, status", '"asleep"'),
            (f"{at[2]}, address", '"canbo3@localhost"'),
            (f"{at[3]}, address", f"canbo1@example.org is already at {at[0]}"),
            (f"{at[4]}, status_reason", '"laziness"'),
        ]
    )


def test_a_mailbox_without_an_address_is_a_mistake(somewhere: Place) -> None:
    rows: list[Cells] = [{"address": "canbo1@example.org"}, {"name": "Cán bộ"}]
    found = mistakes(somewhere, rows)
    assert found == [(f"{somewhere.where(rows[1], 1)}, address", "empty")]


def test_a_directory_without_mailboxes_is_a_mistake(somewhere: Place) -> None:
    [(_, wrong)] = mistakes(somewhere, [])
    assert wrong in ("lists nothing", "gives nothing", "finds nothing")


def test_mailboxes_and_units_are_read_together_or_not_at_all(somewhere: Place) -> None:
    table = somewhere.put(BOXES, UNITS)
    [kind] = table
    table[kind] |= {"csv": {"units": "none.csv"}, "sql": {"units": "SELECT * FROM nothing"},
                    "ldap": {"unit_base": "ou=nothing,dc=example,dc=org"}}[kind]  # fmt: skip
    with pytest.raises(BadFile):
        somewhere.open(table)


def test_a_thousand_mailboxes_are_all_there(somewhere: Place) -> None:
    rows: list[Cells] = [{"address": f"canbo{number}@example.org"} for number in range(1100)]
    assert {one.address for one in somewhere.read(rows).mailboxes} == {row["address"] for row in rows}
