# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.enforcement] of a site file: what it may say, and its mistakes by file and key."""

from pathlib import Path

import pytest

from mailaudit import enforcement
from mailaudit.directory import office
from mailaudit.enforcement.settings import EnforcementSettings
from mailpolicy.files.problems import BadFile

COMMAND = 'lock.command.run = ["/usr/local/sbin/khoa-hop-thu"]\n'
SQL = 'lock.sql = { url = "sqlite:///a", lock = "x :address", unlock = "x :address", list = "x" }\n'
LDAP = 'lock.ldap = { url = "ldap://ldap.example.org", bind_dn = "cn=x", base = "dc=x" }\n'
DOVEADM = 'doveadm = ["doveadm"]\n'
DENY = 'lock.dovecot.file = "locked"\n'


def loaded(folder: Path, table: str) -> EnforcementSettings:
    site = folder / "site.toml"
    site.write_text(f'regulation = "monre-2019-2016"\n[audit.enforcement]\n{table}', "utf-8")
    found = office.load(site).audit.enforcement
    assert found
    return found


def refused(folder: Path, table: str) -> str:
    with pytest.raises(BadFile) as raised:
        loaded(folder, table)
    return str(raised.value)


@pytest.mark.parametrize(
    ("table", "lock", "has_storage"),
    [
        (DOVEADM + DENY, "dovecot", False),
        (DOVEADM + DENY + 'storage.archive = "/srv/archive"\n', "dovecot", True),
        (SQL, "sql", False),
        (DOVEADM + SQL, "sql", False),
        (LDAP.replace("ldap:", "ldaps:"), "ldap", False),
        (DOVEADM + COMMAND + 'storage.archive = "/srv/archive"\n', "command", True),
    ],
)
def test_a_table_names_one_lock_and_perhaps_a_storage(
    tmp_path: Path, table: str, lock: str, has_storage: bool
) -> None:
    opened, storage = enforcement.open(loaded(tmp_path, table), tmp_path)
    assert (opened.name, storage is not None) == (lock, has_storage)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (DOVEADM, "audit.enforcement.lock: missing"),
        (DOVEADM + "lock = {}\n", "audit.enforcement.lock: has none below it; expected one table"),
        (DOVEADM + DENY + COMMAND, "audit.enforcement.lock: has dovecot and command below it"),
        (
            DENY,
            'audit.enforcement: has lock.dovecot but no doveadm; expected doveadm = ["doveadm"] beside it',
        ),
        (COMMAND + 'storage.archive = "a"', "audit.enforcement: has storage but no doveadm"),
        (DOVEADM.replace('"doveadm"', "") + DENY, "audit.enforcement.doveadm: an empty array"),
        (COMMAND.replace('"/usr', '"", "/usr'), "audit.enforcement.lock.command.run[1]: empty"),
        (SQL.replace("x :address", "x", 1), "lock.sql.lock: does not say for which mailbox"),
        (SQL.replace("sqlite:///a", "mysql://a"), "lock.sql.url: is not of a kind that can be read"),
        (LDAP, "lock.ldap: would send the password unencrypted"),
        (
            DOVEADM + DENY + 'storage.archive = "/srv/%u"',
            "storage.archive: a path that Dovecot would read otherwise",
        ),
        (DOVEADM + DENY + "lock.sparrow = {}\n", 'audit.enforcement.lock.sparrow: unknown name "sparrow"'),
        (DOVEADM + DENY + "stoarge = {}\n", 'unknown name "stoarge"'),
    ],
)
def test_a_mistake_is_said_with_its_key_and_what_was_expected(tmp_path: Path, table: str, said: str) -> None:
    text = refused(tmp_path, table)
    assert said in text
    assert text.startswith(f"{tmp_path}/site.toml: audit.enforcement")
