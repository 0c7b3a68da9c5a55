# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes closed in a real OpenLDAP, by its password policy or by an attribute of the site's own."""

from itertools import count
from pathlib import Path
from typing import Any

import ldap3  # type: ignore[import-untyped]
import pytest

from bed.slapd import MANAGER, PASSWORD, READER, READERS_PASSWORD, SUFFIX, Slapd
from mailaudit import enforcement
from mailaudit.enforcement import EnforcementError, EnforcementSettings, Lock

USER, OTHER = "canbo1@soctrang.gov.vn", "canbo2@soctrang.gov.vn"
OWN_PASSWORD = "Mua-ha-9"
NUMBERS = count(1)


class People:
    """Two people in a part of the tree that one test has for itself, under a policy that knows of locks."""

    def __init__(self, server: Slapd, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.base = f"ou=locked{next(NUMBERS)},{SUFFIX}"
        policy = f"cn=policy,{self.base}"
        server.add(self.base, ["organizationalUnit"], {})
        server.add(
            policy,
            ["applicationProcess", "pwdPolicy"],
            {"pwdAttribute": "userPassword", "pwdLockout": "TRUE"},
        )
        for mail in (USER, OTHER):
            self.add(mail, pwdPolicySubentry=policy)
        (folder / "password").write_text(f"{PASSWORD}\n")

    def dn(self, mail: str) -> str:
        return f"mail={mail},{self.base}"

    def add(self, mail: str, **more: object) -> None:
        values = {"cn": "x", "sn": "x", "mail": mail, "userPassword": OWN_PASSWORD, "title": "open"}
        self.server.add(self.dn(mail), ["inetOrgPerson"], values | more)

    def lock(self, **more: Any) -> Lock:
        keys = {"url": self.server.url, "bind_dn": MANAGER, "password_file": "password", "base": self.base}
        table = {"lock": {"ldap": keys | more}}
        return enforcement.open(EnforcementSettings.model_validate(table), self.folder)[0]

    def logs_in(self, mail: str) -> bool:
        server = ldap3.Server(self.server.url, get_info=ldap3.NONE)
        connection = ldap3.Connection(server, self.dn(mail), OWN_PASSWORD)
        inside: bool = connection.bind()
        connection.unbind()
        return inside

    def value(self, mail: str, attribute: str) -> list[bytes]:
        server = ldap3.Server(self.server.url, get_info=ldap3.NONE)
        with ldap3.Connection(server, MANAGER, PASSWORD, auto_bind=True, check_names=False) as connection:
            connection.search(self.dn(mail), "(objectClass=*)", ldap3.BASE, attributes=[attribute])
            return list(connection.response[0]["raw_attributes"].get(attribute, []))


@pytest.fixture
def people(slapd: Slapd, tmp_path: Path) -> People:
    return People(slapd, tmp_path)


def test_a_locked_person_cannot_log_in_and_unlocked_can(people: People) -> None:
    lock = people.lock()
    lock.check()
    assert people.logs_in(USER)
    lock.lock(USER.upper(), "6 tháng không dùng")
    lock.lock(USER, "")
    assert (people.logs_in(USER), people.logs_in(OTHER)) == (False, True)
    assert lock.locked() == [USER]
    assert people.value(USER, "pwdAccountLockedTime") == [b"000001010000Z"]
    lock.unlock(USER)
    lock.unlock(USER)
    assert people.logs_in(USER)
    assert lock.locked() == []
    assert people.value(USER, "pwdAccountLockedTime") == []


def test_an_attribute_of_the_sites_own_has_one_value_or_the_other(people: People) -> None:
    lock = people.lock(attribute="title", locked="closed", unlocked="open")
    lock.lock(USER, "")
    assert (people.value(USER, "title"), people.value(OTHER, "title")) == ([b"closed"], [b"open"])
    assert lock.locked() == [USER]
    lock.unlock(USER)
    assert people.value(USER, "title") == [b"open"]


def test_a_lock_of_the_server_itself_is_not_taken_for_ours(people: People) -> None:
    """After too many wrong passwords the attribute has a time in it, which passes by itself."""
    people.add("canbo3@soctrang.gov.vn", pwdAccountLockedTime="20260101000000Z")
    assert people.lock().locked() == []


@pytest.mark.parametrize("address", ["canbo9@soctrang.gov.vn", "*", "canbo1*", "x)(mail=*"])
def test_an_address_that_no_entry_has_changes_nothing(people: People, address: str) -> None:
    with pytest.raises(EnforcementError, match=r"0 entries have mail = .* nothing was changed"):
        people.lock().lock(address, "")
    assert people.lock().locked() == []


def test_an_address_that_two_entries_have_changes_nothing(people: People) -> None:
    people.server.add(f"uid=double,{people.base}", ["inetOrgPerson"], {"cn": "x", "sn": "x", "mail": USER})
    with pytest.raises(EnforcementError, match=r"2 entries have mail = canbo1@.* nothing was changed"):
        people.lock().lock(USER, "")
    assert people.lock().locked() == []


def test_one_who_may_not_change_entries_is_told_so(people: People) -> None:
    (people.folder / "password").write_text(READERS_PASSWORD)
    lock = people.lock(bind_dn=READER)
    with pytest.raises(EnforcementError, match=r"insufficientAccessRights.* that who binds may change it"):
        lock.lock(USER, "")
    assert people.logs_in(USER)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"url": "ldap://localhost:1"}, "a server that can be asked"),
        ({"base": f"ou=nowhere,{SUFFIX}"}, "noSuchObject"),
        ({"address": "employeeNumber"}, "has no .employeeNumber="),
        ({"password_file": "none"}, "a file with the password alone"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_done(
    people: People, keys: dict[str, str], said: str
) -> None:
    with pytest.raises(EnforcementError, match=said) as raised:
        people.lock(**keys).check()
    assert PASSWORD not in str(raised.value)
