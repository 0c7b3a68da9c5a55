# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said when a store in PostgreSQL can't be used: why, with exit code 2, and never the password."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.maillog import day_of_work
from audit.office import Office
from bed.postgresql import PASSWORD, USER, Postgresql
from mailaudit.cli import app

SECRET = "Sai-mat-khau-7"


def run(office: Office, url: str, *command: str) -> tuple[int, str]:
    """Exit code and all that was printed, for `ingest` unless another command is named."""
    log = office.write("mail.log", day_of_work(3, 20))
    arguments = ["--home", str(office.home), "--store", url, *(command or ("ingest", str(log)))]
    done = CliRunner().invoke(app, arguments)
    assert SECRET not in done.output
    assert PASSWORD not in done.output
    assert "Traceback" not in done.output
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"postgresql://{USER}:{SECRET}@127.0.0.1:1/staff", "Connection refused"),
        (f"postgresql://{USER}:{SECRET}@127.0.0.1:PORT/staff", "password authentication failed"),
        (f"postgresql://{USER}:{PASSWORD}@127.0.0.1:PORT/none", 'database "none" does not exist'),
        (f"postgresql://{USER}@127.0.0.1:PORT/staff?password={SECRET}", "password authentication failed"),
        (f"postgresql://{USER}@127.0.0.1:PORT/staff?pass%20word={SECRET}", 'missing "="'),
        (f"postgresql://{USER}:{SECRET}@127.0.0.1:abc/staff", "can't be read; expected postgresql://"),
        (f"mysql://{USER}:{SECRET}@127.0.0.1/staff", "can't begin with mysql://; expected postgresql://"),
        (SECRET, "the store's URL can't be read; expected postgresql://"),
    ],
)
def test_a_store_that_cannot_be_reached_is_said_without_the_password(
    office: Office, postgresql: Postgresql, url: str, told: str
) -> None:
    code, output = run(office, url.replace("PORT", str(postgresql.port)))
    assert code == 2
    assert told in output


def test_a_store_that_is_not_there_yet_is_made_by_ingest_alone(office: Office, store_url: str) -> None:
    code, output = run(office, store_url, "summary")
    assert code == 2
    assert "no store here; `mailaudit ingest` makes one" in output
    assert run(office, store_url)[0] == 0
    assert run(office, store_url, "summary")[0] == 0


def test_what_may_only_be_read_is_read_and_not_written(
    office: Office, store_url: str, tmp_path: Path
) -> None:
    run(office, store_url)
    read_only = f"{store_url}%20-cdefault_transaction_read_only%3Don"
    code, output = run(office, read_only)
    assert code == 2
    assert "in a read-only transaction" in output
    code, output = run(office, read_only, "last-login", "canbo1@example.org")
    assert code == 0
    assert "canbo1@example.org" in output


def test_a_role_without_rights_is_told_so(office: Office, store_url: str, postgresql: Postgresql) -> None:
    run(office, store_url)
    schema = store_url.partition("%3D")[2]
    postgresql.run(
        "DROP ROLE IF EXISTS guest",
        f"CREATE ROLE guest LOGIN PASSWORD '{SECRET}'",
        f"GRANT USAGE ON SCHEMA {schema} TO guest",
    )
    code, output = run(office, store_url.replace(f"{USER}:{PASSWORD}", f"guest:{SECRET}"))
    postgresql.run(f"REVOKE USAGE ON SCHEMA {schema} FROM guest", "DROP ROLE guest")
    assert code == 2
    assert "permission denied for table alembic_version" in output


def test_the_url_may_come_from_the_environment_and_the_password_from_libpqs(
    office: Office, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = office.write("mail.log", day_of_work(3, 20))
    monkeypatch.setenv("MAILAUDIT_STORE", store_url.replace(f":{PASSWORD}", ""))
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    done = CliRunner().invoke(app, ["--home", str(office.home), "ingest", str(log)])
    assert done.exit_code == 0, done.output
    assert not (office.home / "store.sqlite").exists()
    shown = CliRunner().invoke(app, ["--help"])
    assert "MAILAUDIT_STORE" in shown.output
    assert store_url.split("?")[1] not in shown.output
