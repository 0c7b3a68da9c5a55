# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in LDAP: what a plain tree gives by default, and that no part is taken for the whole."""

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bed.slapd import LIMIT, READER, READERS_PASSWORD, SUFFIX, Slapd
from mailaudit.directory import source
from mailaudit.directory.ldap import day_of
from mailaudit.directory.listing import Listing, Loose
from mailaudit.directory.settings import DirectorySettings
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.files.problems import BadFile

NUMBERS = count(1)


class Tree:
    """A part of the server's tree that one test has for itself."""

    def __init__(self, server: Slapd, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.base = f"ou=tree{next(NUMBERS)},{SUFFIX}"
        self.server.add(self.base, ["organizationalUnit"], {})
        (folder / "password").write_text(READERS_PASSWORD)

    def unit(self, rdn: str, **values: object) -> None:
        self.server.add(f"{rdn},{self.base}", ["organizationalUnit", "extensibleObject"], values)

    def person(self, rdn: str, mail: str | list[str], **values: object) -> str:
        dn = f"{rdn},{self.base}"
        self.server.add(dn, ["inetOrgPerson"], {"cn": "x", "sn": "x", "mail": mail} | values)
        return dn

    def read(self, **more: object) -> Listing:
        table: dict[str, Any] = {
            "url": self.server.url, "bind_dn": READER, "password_file": "password", "base": self.base,
        }  # fmt: skip
        return source.read(DirectorySettings.model_validate({"ldap": table | more}), self.folder)

    def refused(self, **more: object) -> str:
        with pytest.raises(BadFile) as raised:
            self.read(**more)
        assert READERS_PASSWORD not in str(raised.value)
        return str(raised.value)


@pytest.fixture
def tree(slapd: Slapd, tmp_path: Path) -> Tree:
    return Tree(slapd, tmp_path)


def test_a_plain_tree_needs_no_attribute_named(tree: Tree) -> None:
    """Units by where the entry lies, managers and heads by their entries, dates as the server keeps them."""
    tree.unit("ou=Sở Tài nguyên")
    office = "ou=Văn phòng,ou=Sở Tài nguyên"
    tree.unit(office, manager=f"UID=CanBo1,{office.upper()},{tree.base}")
    head = tree.person(
        f"uid=canbo1,{office}", "canbo1@example.org", displayName="Nguyễn Thị Cán Bộ",
        createTimestamp="20200203050000Z", pwdChangedTime="20261001050000Z",
    )  # fmt: skip
    tree.person(f"uid=canbo2,{office}", "canbo2@example.org", manager=head, ou="Phòng khác")
    tree.server.add(
        f"cn=tatca,{tree.base}", ["groupOfNames", "extensibleObject"],
        {"mail": "tatca@example.org", "member": head, "owner": head},
    )  # fmt: skip
    found = tree.read(unit_base=tree.base, filter="(mail=*)")
    today = found.mailboxes[-1].created
    assert sorted(found.mailboxes, key=lambda one: one.address) == [
        Mailbox("canbo1@example.org", unit="Văn phòng", name="Nguyễn Thị Cán Bộ", created=date(2020, 2, 3),
                password_changed=date(2026, 10, 1)),
        Mailbox("canbo2@example.org", unit="Phòng khác", created=today),
        Mailbox("tatca@example.org", Kind.LIST, created=today, managers=("canbo1@example.org",)),
    ]  # fmt: skip
    assert today is not None
    assert found.units == [
        Unit("Sở Tài nguyên"),
        Unit("Văn phòng", "Sở Tài nguyên", "canbo1@example.org"),
    ]


def test_somebody_who_has_no_mailbox_is_told_of_and_stands_in_nobodys_way(tree: Tree) -> None:
    gone = f"uid=gone,{tree.base}"
    dn = tree.person("uid=vanthu", "vanthu@example.org", employeeType="unit", manager=gone)
    found = tree.read(attributes={"kind": "employeeType"})
    assert found.mailboxes[0].managers == ()
    assert found.loose == [Loose(f"{dn}, manager", gone)]


def test_several_values_where_one_is_wanted_are_a_mistake(tree: Tree) -> None:
    mail = ["canbo1@example.org", "canbo2@example.org"]
    dn = tree.person("uid=canbo1", mail, ou=["Văn phòng", "Phòng khác"])
    told = tree.refused().splitlines()
    assert [line.partition(": ")[2] for line in told] == [
        f"{dn}, mail: 2 values; expected one value",
        f"{dn}, ou: 2 values; expected one value",
    ]


def test_a_limit_of_the_server_is_an_error_and_no_smaller_directory(tree: Tree) -> None:
    for number in range(LIMIT + 1):
        tree.person(f"uid=canbo{number}", f"canbo{number}@example.org")
    assert len(tree.read().mailboxes) == LIMIT + 1  # the reader has pages beyond its limit
    assert "sizeLimitExceeded" in tree.refused(bind_dn="")


def test_a_referral_is_an_error_and_no_smaller_directory(tree: Tree) -> None:
    tree.person("uid=canbo1", "canbo1@example.org")
    elsewhere = f"ou=elsewhere,{tree.base}"
    tree.server.add(
        elsewhere, ["referral", "extensibleObject"], {"ref": f"ldap://other.example.org/{elsewhere}"}
    )
    assert "refers to others: ldap://other.example.org/" in tree.refused()


def test_a_wrong_base_filter_or_password_is_said(tree: Tree) -> None:
    assert "noSuchObject" in tree.refused(base=f"ou=none,{SUFFIX}")
    assert "finds nothing" in tree.refused(filter="(mail=nobody@example.org)")
    assert "(invalid filter)" in tree.refused(filter="(mail=")
    (tree.folder / "wrong").write_text("Sai-mat-khau-8")
    told = tree.refused(password_file="wrong")
    assert "invalidCredentials" in told
    assert "Sai-mat-khau-8" not in told


def test_a_server_that_is_not_there_is_said(tree: Tree) -> None:
    assert "can't be asked" in tree.refused(url="ldap://127.0.0.1:1")


@pytest.mark.parametrize("how", ["ldaps", "StartTLS"])
def test_an_encrypted_connection_is_made_to_a_server_that_can_be_trusted_only(tree: Tree, how: str) -> None:
    tree.person("uid=canbo1", "canbo1@example.org")
    way = {"url": tree.server.tls_url} if how == "ldaps" else {"start_tls": True}
    assert len(tree.read(**way, ca_file=str(tree.server.certificate)).mailboxes) == 1
    assert "certificate" in tree.refused(**way)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261122120000Z", "2026-11-22"),
        ("2026112212Z", "2026-11-22"),
        ("20261122120000.123Z", "2026-11-22"),
        ("202611221200+0000", "2026-11-22"),
        ("20269922120000Z", "20269922120000Z"),
        ("2026-11-22", "2026-11-22"),
        ("", ""),
    ],
)
def test_a_generalized_time_is_a_day(text: str, day: str) -> None:
    assert day_of(text) == day
