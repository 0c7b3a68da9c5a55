# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes closed by a site's own statements, in a real PostgreSQL and SQLite: one row, or nothing."""

import imaplib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bed import Bed
from bed.postgresql import PASSWORD, Postgresql
from mailaudit import enforcement
from mailaudit.enforcement import EnforcementError, EnforcementSettings, Lock
from mailaudit.enforcement.doveadm import Doveadm

USER, OTHER = "canbo1@soctrang.gov.vn", "canbo2@soctrang.gov.vn"


class Users:
    """A table of users in some database, and the lock that works on it."""

    def __init__(self, folder: Path, url: str, run: Callable[[str], None]) -> None:
        self.folder = folder
        self._keys = {"url": url} | ({"password_file": "password"} if "postgresql" in url else {})
        (folder / "password").write_text(PASSWORD + "\n")
        run("DROP TABLE IF EXISTS login_users")
        run("CREATE TABLE login_users (mail TEXT, open BOOLEAN DEFAULT TRUE, why TEXT)")
        run("INSERT INTO login_users (mail) VALUES ('canbo1@soctrang.gov.vn'), ('canbo2@soctrang.gov.vn')")

    def statements(self) -> dict[str, str]:
        return {
            "lock": "UPDATE login_users SET open = FALSE, why = :reason WHERE mail = :address",
            "unlock": "UPDATE login_users SET open = TRUE, why = NULL WHERE mail = :address",
            "list": "SELECT mail FROM login_users WHERE NOT open",
        }

    def lock(self, **more: Any) -> Lock:
        table = {"lock": {"sql": self._keys | self.statements() | more}}
        return enforcement.open(EnforcementSettings.model_validate(table), self.folder)[0]


@pytest.fixture(params=["postgresql", "sqlite"])
def users(request: pytest.FixtureRequest, tmp_path: Path) -> Users:
    if request.param == "postgresql":
        server: Postgresql = request.getfixturevalue("postgresql")
        return Users(tmp_path, server.url, server.run)
    return sqlite_users(tmp_path)


def sqlite_users(folder: Path) -> Users:
    def run(statement: str) -> None:
        with closing(sqlite3.connect(folder / "users.sqlite")) as connection, connection:
            connection.execute(statement)

    return Users(folder, "sqlite:///users.sqlite", run)


def test_a_mailbox_is_closed_and_opened_and_nobody_elses(users: Users) -> None:
    lock = users.lock()
    lock.check()
    assert lock.locked() == []
    lock.lock(USER.upper(), "6 tháng không dùng; 'quoted' :address")
    lock.lock(USER, "again")
    assert lock.locked() == [USER]
    lock.unlock(USER)
    lock.unlock(USER)
    assert lock.locked() == []


def test_the_reason_is_kept_as_it_was_given(users: Users) -> None:
    reason = "lý do: 'x'); DROP TABLE users; --"
    users.lock().lock(USER, reason)
    told = users.lock(list="SELECT why FROM login_users WHERE NOT open").locked()
    assert list(told) == [reason.lower()]


def test_a_table_of_closed_mailboxes_will_do(users: Users) -> None:
    lock = users.lock(
        lock="INSERT INTO login_users VALUES (:address, FALSE, :reason)",
        unlock="DELETE FROM login_users WHERE mail = :address AND NOT open",
    )
    lock.check()
    lock.lock(USER, "x")
    lock.lock(USER, "x")
    lock.unlock(USER)
    assert lock.locked() == []
    assert len(users.lock(list="SELECT mail FROM login_users").locked()) == 2


@pytest.mark.parametrize(
    ("which", "said"),
    [("AND 1 = 0", "changes 0 rows for canbo1@"), ("OR 1 = 1", "changes 2 rows for canbo1@")],
)
def test_a_statement_that_does_not_change_one_row_changes_none(users: Users, which: str, said: str) -> None:
    lock = users.lock(lock=f"{users.statements()['lock']} {which}")
    with pytest.raises(EnforcementError, match=f"{said}.*nothing was changed"):
        lock.lock(USER, "x")
    assert users.lock().locked() == []


def test_a_statement_that_the_list_does_not_show_is_taken_back(users: Users) -> None:
    lock = users.lock(lock="UPDATE login_users SET why = :reason WHERE mail = :address")
    with pytest.raises(EnforcementError, match="not in what `list` gives; nothing was changed"):
        lock.lock(USER, "x")
    assert users.lock(list="SELECT mail FROM login_users WHERE why IS NOT NULL").locked() == []


def test_the_check_finds_a_statement_for_everybody_and_changes_nothing(users: Users) -> None:
    everybody = "UPDATE login_users SET open = FALSE WHERE :address = :address"
    with pytest.raises(EnforcementError, match=r"sql\.lock: changes others than :address, as canbo1@"):
        users.lock(lock=everybody).check()
    assert users.lock().locked() == []


@pytest.mark.parametrize("key", ["lock", "unlock", "list"])
def test_the_check_finds_a_statement_that_does_not_work(users: Users, key: str) -> None:
    with pytest.raises(EnforcementError, match=rf"sql\.{key}: the database says: .*nowhere"):
        users.lock(**{key: "DELETE FROM nowhere WHERE mail = :address"}).check()


def test_an_unknown_parameter_is_said(users: Users) -> None:
    with pytest.raises(EnforcementError, match=r"sql\.lock: .*'day'"):
        users.lock(lock="UPDATE login_users SET why = :day WHERE mail = :address").check()


def test_a_database_that_is_down_is_said_without_the_password(tmp_path: Path, postgresql: Postgresql) -> None:
    users = Users(tmp_path, postgresql.url, postgresql.run)
    for url in ("postgresql://office@127.0.0.1:1/staf", "sqlite:///none.sqlite"):
        with pytest.raises(EnforcementError, match=r"sql\.url: the database says") as raised:
            users.lock(url=url).check()
        assert PASSWORD not in str(raised.value)
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.e2e
def test_what_is_open_in_dovecot_ends_where_doveadm_is_named(bed: Bed, tmp_path: Path) -> None:
    users = sqlite_users(tmp_path)
    keys = {"url": "sqlite:///users.sqlite"} | users.statements()
    table = {"doveadm": bed.dovecot.doveadm, "lock": {"sql": keys}}
    lock, _ = enforcement.open(EnforcementSettings.model_validate(table), tmp_path)
    lock.check()
    phone = imaplib.IMAP4("127.0.0.1", bed.dovecot.ports.imap, timeout=20)
    phone.login(USER, bed.users[USER])
    assert Doveadm(bed.dovecot.doveadm).sessions(USER)
    lock.lock(USER, "x")
    assert Doveadm(bed.dovecot.doveadm).sessions(USER) == []
    with pytest.raises(imaplib.IMAP4.abort):
        phone.noop()
    assert (lock.name, lock.locked()) == ("sql", [USER])
    lock.unlock(USER)
    assert lock.locked() == []
