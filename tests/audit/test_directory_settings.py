# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit] of a site file: what it may say, and that no password is in it or in a message."""

from pathlib import Path

import pytest

from mailaudit.directory import office
from mailaudit.directory.columns import MAILBOX, UNIT
from mailaudit.directory.settings import LdapAttributes
from mailpolicy.files.problems import BadFile

SECRET = "Bi-mat-9"
CSV = '[audit.directory.csv]\nmailboxes = "a"\n'
LDAP = '[audit.directory.ldap]\nbase = "dc=example,dc=org"\n'
SQL = '[audit.directory.sql]\nmailboxes = "SELECT 1"\n'


def load(folder: Path, table: str) -> office.Office:
    (folder / "site.toml").write_text(f'regulation = "ST"\n{table}', "utf-8")
    return office.load(folder / "site.toml")


def mistakes(folder: Path, table: str) -> list[str]:
    with pytest.raises(BadFile) as raised:
        load(folder, table)
    assert SECRET not in str(raised.value)
    return [f"{problem.key}: {problem.wrong}" for problem in raised.value.problems]


def test_every_column_has_its_attribute_and_the_other_way_round() -> None:
    units = {f"unit_{name}" for name in UNIT} - {"unit_parent"}  # where its entry lies
    assert LdapAttributes.model_fields.keys() == MAILBOX.keys() | units


@pytest.mark.parametrize("url", ["postgresql://a@db.example.org/staff", "sqlite:///staff.sqlite"])
def test_a_database_is_named_by_its_url(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, f'{SQL}url = "{url}"\n').directory
    assert settings and settings.sql and settings.sql.url == url


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        (f'{SQL}url = "postgresql://a:{SECRET}@db/staff"', "audit.directory.sql.url: has a password in it"),
        (f'{SQL}url = "mysql://a@db/{SECRET}"', "audit.directory.sql.url: is not of a kind that can be read"),
        (f'{LDAP}url = "ldap://cn=a:{SECRET}@h"', "audit.directory.ldap.url: has a password in it"),
        (f'{LDAP}url = "ldap://h/{SECRET}"', "audit.directory.ldap.url: is not of a kind that can be read"),
        (f'{LDAP}url = "ldap://h:port{SECRET}"', "audit.directory.ldap.url: not an URL"),
        (f'{LDAP}url="ldap://h"\nbind_dn="a"', "audit.directory.ldap: would send the password unencrypted"),
        (f'{LDAP}url = "ldap://h"\nfliter = "x"', 'audit.directory.ldap.fliter: unknown name "fliter"'),
        ('[audit.directory.csv]\nmailbox = "a"', 'audit.directory.csv.mailbox: unknown name "mailbox"'),
        ("[audit.directory]", "audit.directory: has none below it"),
        (f'{SQL}url = "sqlite:///a"\n{CSV}', "audit.directory: has csv and sql below it"),
        ("[audit]\nhome = 1", 'audit.home: unknown name "home"'),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_key_and_without_what_may_be_secret(
    tmp_path: Path, table: str, wrong: str
) -> None:
    assert wrong in mistakes(tmp_path, table)


@pytest.mark.parametrize("url", ["ldaps://ldap.example.org", "ldap://localhost:389", "ldap://127.0.0.1"])
def test_a_password_goes_where_nobody_can_read_it_on_the_way(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, f'{LDAP}url = "{url}"\nbind_dn = "cn=reader"\n').directory
    assert settings and settings.ldap and settings.ldap.url == url


def test_start_tls_keeps_a_password_too(tmp_path: Path) -> None:
    table = f'{LDAP}url = "ldap://ldap.example.org"\nbind_dn = "cn=reader"\nstart_tls = true\n'
    assert load(tmp_path, table).directory


def test_without_the_table_there_is_no_directory(tmp_path: Path) -> None:
    assert load(tmp_path, "").directory is None
