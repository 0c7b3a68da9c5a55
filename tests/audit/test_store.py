# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import mailaudit.store
from audit.maillog import START, day_of_work, delivery, line, login
from audit.office import Office, each_store
from mailaudit.store import database
from mailaudit.store.migrate import MIGRATIONS, NEWEST, NewerStoreError
from mailaudit.store.rows import Batch, Count, Source
from mailaudit.store.tables import METADATA
from mailpolicy.clocks.coverage import LARGEST_GAP


def engine(office: Office) -> sa.Engine:
    return database.postgresql(office.url) if office.url else database.sqlite(office.home / "store.sqlite")


def naive(time: datetime) -> datetime:
    """As this machine's clock shows it."""
    return time.astimezone().replace(tzinfo=None)


@each_store
def test_the_migrations_make_the_tables_that_the_code_knows(office: Office) -> None:
    assert office.store.sources() == []
    with engine(office).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_newest_migration_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


@each_store
def test_a_store_of_a_newer_version_is_left_alone(office: Office) -> None:
    assert office.store.sources() == []
    with engine(office).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerStoreError, match="made by a newer mailaudit"):
        mailaudit.store.open(office.home, office.url)


@each_store
def test_a_batch_that_cannot_be_stored_whole_is_not_stored_at_all(office: Office) -> None:
    batch = Batch(sources=[Source(1, "x", b"", b"", 0, "x")], counts=[Count(1, "a", "b", None, 1)])  # type: ignore[arg-type]
    store = office.store
    with pytest.raises(sa.exc.IntegrityError):
        store.commit(batch)
    assert (store.sources(), store.counts()) == ([], [])


def test_a_log_covers_the_time_from_its_first_line_to_its_last(office: Office) -> None:
    office.ingest(office.write("mail.log", [login(START, "a"), login(START + timedelta(days=90), "a")]))
    [interval] = office.store.coverage()
    assert (naive(interval.start), naive(interval.end)) == (
        START,
        START + timedelta(days=90),
    )


@each_store
def test_logs_that_follow_each_other_are_one_stretch_and_a_missing_one_is_a_gap(office: Office) -> None:
    def day(number: int) -> list[str]:
        return day_of_work(2, 8, START + timedelta(days=number), apart=3600)

    office.ingest(*(office.write(f"{number}.log", day(number)) for number in (1, 0, 2, 4, 5)))
    stretches = [(naive(one.start), naive(one.end)) for one in office.store.coverage()]
    assert stretches == [
        (START, START + timedelta(days=2, hours=7)),
        (START + timedelta(days=4), START + timedelta(days=5, hours=7)),
    ]
    assert timedelta(days=2, hours=-7) > LARGEST_GAP


@pytest.mark.parametrize(
    "lines",
    [
        [delivery(START, "a@example.org"), delivery(START + timedelta(days=9), "a@example.org")],
        [
            line(START, "dovecot", "what Dovecot says"),
            line(START + timedelta(days=9), "dovecot", "in years to come"),
        ],
        [line(START, "amavis[9]", "(9-1) Passed CLEAN")],
    ],
    ids=["Postfix alone", "Dovecot not understood", "another program"],
)
def test_a_log_in_which_no_login_would_be_seen_covers_nothing(office: Office, lines: list[str]) -> None:
    office.ingest(office.write("mail.log", lines))
    assert office.store.coverage() == []
