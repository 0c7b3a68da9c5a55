# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in SQL: what databases hold beside text, what they refuse, and what is never said."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bed.postgresql import PASSWORD, Postgresql
from mailaudit.directory import source
from mailaudit.directory.listing import Listing
from mailaudit.directory.settings import DirectorySettings
from mailpolicy.directory import Mailbox
from mailpolicy.files.problems import BadFile


def read(folder: Path, url: str, mailboxes: str, **more: str) -> Listing:
    (folder / "password").write_text(PASSWORD)
    table: dict[str, Any] = {"url": url, "mailboxes": mailboxes, "password_file": "password"} | more
    return source.read(DirectorySettings.model_validate({"sql": table}), folder)


def refused(folder: Path, url: str, mailboxes: str, **more: str) -> str:
    with pytest.raises(BadFile) as raised:
        read(folder, url, mailboxes, **more)
    assert PASSWORD not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def staff(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "staff.sqlite") as connection:
        connection.execute("CREATE TABLE people (mail)")
        connection.execute("INSERT INTO people VALUES ('canbo1@example.org')")
    return "sqlite:///staff.sqlite"


def test_dates_times_and_arrays_are_read_as_what_they_are(
    postgresql: Postgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """SELECT 'canbo1@example.org' AS address, DATE '2020-02-03' AS created, NULL AS unit,
        TIMESTAMPTZ '2026-10-01 20:00:00+00' AS password_changed, TIMESTAMP '2026-11-01 23:00:00' AS left_on,
        ARRAY['canbo2@example.org', 'canbo3@example.org'] AS managers"""
    (found,) = read(tmp_path, postgresql.url, query).mailboxes
    assert found == Mailbox(
        "canbo1@example.org",
        created=date(2020, 2, 3),
        managers=("canbo2@example.org", "canbo3@example.org"),
        password_changed=found.password_changed,
        left_on=date(2026, 11, 1),
    )
    assert found.password_changed in (date(2026, 10, 1), date(2026, 10, 2))  # by this machine's zone


def test_colons_and_percent_signs_of_a_query_mean_what_they_mean(
    postgresql: Postgresql, tmp_path: Path
) -> None:
    query = "SELECT 'canbo1@example.org'::text AS address, ' :name 10:30' AS name WHERE 'a%b' LIKE 'a\\%%'"
    assert read(tmp_path, postgresql.url, query).mailboxes == [
        Mailbox("canbo1@example.org", name=":name 10:30")
    ]


@pytest.mark.parametrize("statement", ["DELETE FROM kept RETURNING address", "DROP TABLE kept"])
def test_nothing_is_changed_in_postgresql(postgresql: Postgresql, tmp_path: Path, statement: str) -> None:
    postgresql.run("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 'a@example.org' AS address")
    assert "read-only transaction" in refused(tmp_path, postgresql.url, statement)
    assert len(read(tmp_path, postgresql.url, "SELECT * FROM kept").mailboxes) == 1


def test_nothing_is_changed_in_sqlite(staff: str, tmp_path: Path) -> None:
    assert "readonly database" in refused(tmp_path, staff, "DELETE FROM people RETURNING mail AS address")
    assert "readonly database" in refused(tmp_path, staff, "CREATE TABLE address (a)")
    assert len(read(tmp_path, staff, "SELECT mail AS address FROM people").mailboxes) == 1


def test_a_query_without_rows_or_with_a_misspelt_column_is_a_mistake(staff: str, tmp_path: Path) -> None:
    assert 'no column "address"' in refused(tmp_path, staff, "SELECT mail FROM people")
    misspelt = "SELECT mail AS address, 1 AS excused_untill FROM people"
    assert 'unknown column "excused_untill"; expected "excused_until"' in refused(tmp_path, staff, misspelt)
    assert "no such table: nobody" in refused(tmp_path, staff, "SELECT mail AS address FROM nobody")
    assert "gives nothing" in refused(tmp_path, staff, "SELECT mail AS address FROM people WHERE false")


def test_mistakes_of_both_queries_are_said(staff: str, tmp_path: Path) -> None:
    told = refused(tmp_path, staff, "SELECT 1 AS address", units="SELECT '' AS name").splitlines()
    assert told == [
        f'{staff}, mailboxes: row 1, address: "1"; expected an address, as in canbo1@example.org',
        f"{staff}, units: row 1, name: empty; expected the name of a unit",
    ]


def test_a_row_that_fails_after_others_is_an_error_and_no_smaller_directory(
    postgresql: Postgresql, tmp_path: Path
) -> None:
    query = "SELECT 1 / (5000 - n) || 'a' || n || '@example.org' AS address FROM generate_series(1, 6000) n"
    assert "division by zero" in refused(tmp_path, postgresql.url, query)


def test_a_missing_sqlite_file_is_said_and_not_made(tmp_path: Path) -> None:
    assert "unable to open database file" in refused(tmp_path, "sqlite:///none.sqlite", "SELECT 1 AS address")
    assert not (tmp_path / "none.sqlite").exists()


def test_a_wrong_password_or_server_is_said_without_the_password(
    postgresql: Postgresql, tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("Sai-mat-khau-7\n")
    told = refused(tmp_path, postgresql.url, "SELECT 1", password_file="wrong")
    assert "password authentication failed" in told
    assert "Sai-mat-khau-7" not in told
    assert "refused" in refused(tmp_path, "postgresql://office@127.0.0.1:1/staff", "SELECT 1")
    assert "No such file" in refused(tmp_path, postgresql.url, "SELECT 1", password_file="none")
