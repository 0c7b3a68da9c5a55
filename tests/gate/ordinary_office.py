# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary office: its people, units and lists, under the addresses its regulation gives them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.judge import Charge, Policy
from mailpolicy.office.namerules import spelled
from mailpolicy.parameters import AddressFormat
from mailpolicy.regulation import load
from mailpolicy.rules import RULES, Rule
from mailpolicy.site import for_regulation
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.encode import encode
from mailpolicy.verdict import Mode

AGENCY, UNITS = "Sở Nội vụ", {"vanthu": "Văn thư", "tochuc": "Phòng Tổ chức", "thanhtra": "Thanh tra Sở"}
PEOPLE = ("Cán Bộ Một", "Cán Bộ Hai", "Chuyên Viên Ba", "Thư Ký Tư", "Kế Toán Năm", "Trưởng Phòng Sáu")
LOGIN_HOST, PROGRAM_HOST, OUTSIDE_HOST = "203.0.113.20", "127.0.0.1", "192.0.2.7"
REGULATIONS = ("soctrang", "monre", "cantho", "hcm", "tayson")
MADE = datetime(2026, 11, 21, tzinfo=UTC)
STRICTEST = {"attachment-cap": "monre"}  # 15 MB for a message


@dataclass(frozen=True)
class Office:
    """An office with every rule there is in *enforce*, also those its own regulation has no article for."""

    policy: Policy
    domain: str
    people: tuple[Mailbox, ...]
    units: tuple[Mailbox, ...]
    everybody: Mailbox


def office(name: str = "soctrang") -> Office:
    """An ordinary office under one regulation; what that is silent on, it takes from the others."""
    site = for_regulation(load(name))
    policy = Policy.of(site)
    domain = site.domains[0]
    pattern = _pattern(name)
    people = tuple(_person(full, pattern.person[0], domain, number) for number, full in enumerate(PEOPLE))
    managers = tuple(person.address for person in people[:2])
    units = tuple(
        Mailbox(
            f"{_fill(pattern.unit[0], unit=local)}@{domain}",
            Kind.UNIT if number else Kind.AGENCY,
            unit=title if number else AGENCY,
            name=title,
            managers=managers,
        )
        for number, (local, title) in enumerate(UNITS.items())
    )
    everybody = Mailbox(f"toanthe@{domain}", Kind.LIST, unit=AGENCY, name="Toàn thể Sở")
    charges = tuple(_charge(rule, name) for rule in RULES)
    tree = [Unit(AGENCY), *(Unit(title, AGENCY) for title in UNITS.values())]
    directory = Contents(encode([*people, *units, everybody], tree, MADE))
    whole = replace(policy, charges=charges).with_directory(directory)
    return Office(whole, domain, people, units, everybody)


def _pattern(name: str) -> AddressFormat:
    duty = load(name).duty("address-format")
    assert duty is not None
    return cast(AddressFormat, duty.parameters)


def _person(full: str, pattern: str, domain: str, number: int) -> Mailbox:
    parts = spelled(full)
    local = _fill(pattern, **parts, account=parts["s"] + parts["m"] + parts["given"])
    unit = list(UNITS.values())[number % len(UNITS)]
    return Mailbox(f"{local}@{domain}", Kind.PERSON, unit=unit, name=full)


def _fill(pattern: str, **fields: str) -> str:
    return pattern.format(**fields)


def _charge(rule: Rule, name: str) -> Charge:
    asked = (STRICTEST.get(rule.code, name), name, *REGULATIONS)
    duty = next(duty for one in asked if (duty := load(one).duty(rule.code)) is not None)
    return Charge(duty, rule, Mode.ENFORCE, fail_open=False)
