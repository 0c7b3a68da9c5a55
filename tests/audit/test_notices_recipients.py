# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is written to about a mailbox, whatever the directory lacks."""

from mailaudit.directory.listing import Listing
from mailaudit.notices.matter import Occasion, Role
from mailaudit.notices.recipients import AUDIENCE, People, Recipient
from mailpolicy.clocks.step import Audience
from mailpolicy.directory import Kind, Mailbox, Unit

OWNER, OF_UNIT, OF_AGENCY = "canbo1@monre.gov.vn", "phong@monre.gov.vn", "cuc@monre.gov.vn"
CHIEF, DIRECTOR, KEEPER = "truongphong@monre.gov.vn", "cuctruong@monre.gov.vn", "vanthu@monre.gov.vn"
APPROVER = "pheduyet@monre.gov.vn"
ALL = (Role.OWNER, Role.UNIT, Role.HEAD)
PERSON = Mailbox(OWNER, Kind.PERSON, "Phòng")
UNIT, AGENCY = Mailbox(OF_UNIT, Kind.UNIT, "Phòng"), Mailbox(OF_AGENCY, Kind.AGENCY, "Cục")
PHONG, CUC = Unit("Phòng", "Cục", CHIEF), Unit("Cục", "", DIRECTOR)


def told(
    mailbox: Mailbox, boxes: list[Mailbox], units: list[Unit], approver: str | None = APPROVER
) -> list[Recipient]:
    return People(Listing("test", boxes, units), approver).recipients(mailbox, ALL)


def test_owner_unit_and_the_head_of_the_agency() -> None:
    assert told(PERSON, [PERSON, UNIT, AGENCY], [PHONG, CUC]) == [
        Recipient(OWNER, Role.OWNER),
        Recipient(OF_UNIT, Role.UNIT),
        Recipient(DIRECTOR, Role.HEAD),
    ]


def test_without_a_mailbox_of_its_own_a_unit_is_told_through_the_one_above() -> None:
    assert Recipient(OF_AGENCY, Role.UNIT) in told(PERSON, [PERSON, AGENCY], [PHONG, CUC])


def test_where_no_agency_is_known_the_nearest_head_is_told() -> None:
    assert told(PERSON, [PERSON, UNIT], [PHONG, CUC])[-1] == Recipient(CHIEF, Role.HEAD)


def test_a_unit_without_any_mailbox_is_told_through_its_head_once() -> None:
    assert told(PERSON, [PERSON], [PHONG]) == [Recipient(OWNER, Role.OWNER), Recipient(CHIEF, Role.UNIT)]


def test_of_a_units_own_mailbox_those_are_told_who_manage_it() -> None:
    kept = Mailbox(OF_UNIT, Kind.UNIT, "Phòng", managers=(KEEPER,))
    assert told(kept, [kept, AGENCY], [PHONG, CUC])[1] == Recipient(KEEPER, Role.UNIT)


def test_the_head_about_his_own_mailbox_is_not_told_twice() -> None:
    own = Mailbox(DIRECTOR, Kind.PERSON, "Cục")
    assert told(own, [own, AGENCY], [CUC], None) == [
        Recipient(DIRECTOR, Role.OWNER),
        Recipient(OF_AGENCY, Role.UNIT),
    ]


def test_where_the_directory_knows_nobody_the_approver_stands_in_and_is_told_so() -> None:
    assert told(PERSON, [PERSON], []) == [
        Recipient(OWNER, Role.OWNER),
        Recipient(APPROVER, Role.UNIT, stand_in=True),
    ]
    assert told(PERSON, [PERSON], [], approver=None) == [Recipient(OWNER, Role.OWNER)]


def test_units_that_are_each_others_parents_end() -> None:
    loop = [Unit("Phòng", "Cục"), Unit("Cục", "Phòng")]
    assert told(PERSON, [PERSON], loop)[1:] == [Recipient(APPROVER, Role.UNIT, stand_in=True)]


def test_whoever_the_clocks_want_told_has_a_role_and_every_occasion_an_audience() -> None:
    assert {str(audience) for audience in Audience} <= {str(role) for role in Role}
    assert AUDIENCE.keys() == set(Occasion) - {Occasion.PLAN}
