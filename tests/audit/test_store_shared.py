# SPDX-License-Identifier: GPL-3.0-or-later
"""Several hosts' analyzers write to one store in PostgreSQL, at once and killed; everything counts once."""

import multiprocessing
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import mailaudit.store
from audit.maillog import START, day_of_work
from audit.office import Office
from audit.readlog import analysis
from mailaudit import ingest
from mailaudit.logs import lines
from mailaudit.store import Store, StoreError, database
from mailaudit.store.rows import Batch
from mailaudit.store.tables import ACTIVITY_DAYS, COUNTS, LAST_SEEN, SOURCES
from mailpolicy.progress import Progress

HOSTS = 4
LINES = 1000
BATCH = 32 << 10  # of logs of an eighth of a megabyte each
FORK = multiprocessing.get_context("fork")


def host(folder: Path, number: int, url: str | None) -> Office:
    """An analyzer with a log in which all hosts' people come, each host at other seconds."""
    (folder / f"host{number}").mkdir(parents=True)
    office = Office.at(folder / f"host{number}", url)
    office.write("mail.log", day_of_work(7, LINES, START + timedelta(seconds=number), apart=HOSTS + 3))
    return office


def ingest_in_batches(office: Office, die_at_commit: int = 0) -> None:
    """Ingest, and be killed inside a transaction, when all of it has been sent but is not yet committed."""
    ingest.BATCH = lines.BLOCK = BATCH
    left = [die_at_commit]

    def count_down(_connection: sa.Connection) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store = office.store
    sa.event.listen(store._engine, "commit", count_down)
    ingest.ingest(store, [office.logs], Progress(), analysis())


def totals(url: str) -> tuple[object, ...]:
    """What a store holds, without the numbers that logs were given."""
    path = SOURCES.c.path
    with database.postgresql(url).connect() as connection:
        counts = connection.execute(sa.select(COUNTS, path).join(SOURCES, SOURCES.c.id == COUNTS.c.source_id))
        seen = connection.execute(
            sa.select(LAST_SEEN, path).join(SOURCES, SOURCES.c.id == LAST_SEEN.c.source_id)
        )
        days = connection.execute(sa.select(ACTIVITY_DAYS).order_by("day", "mailbox", "service")).all()
        rows = [
            sorted((*row[1:-1], Path(row.path).parts[-3:]) for row in counts),
            sorted((*row[:6], *row[7:-1], Path(row.path).parts[-3:]) for row in seen),
            days,
        ]
    return tuple(rows)


def test_hosts_that_write_at_once_one_of_them_killed_give_the_totals_of_one_after_the_other(
    tmp_path: Path, store_url: str, another_store_url: str
) -> None:
    hosts = [host(tmp_path / "at once", number, store_url) for number in range(HOSTS)]
    processes = [
        FORK.Process(target=ingest_in_batches, args=(office, 4 if number == 1 else 0))
        for number, office in enumerate(hosts)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, -signal.SIGKILL, 0, 0]
    [killed] = [source for source in hosts[1].store.sources() if "host1" in source.path]
    assert 0 < killed.offset < (hosts[1].logs / "mail.log").stat().st_size
    hosts[1].ingest(hosts[1].logs)

    for number in range(HOSTS):
        host(tmp_path / "in turn", number, another_store_url).ingest(tmp_path / f"in turn/host{number}/logs")
    assert totals(store_url) == totals(another_store_url)
    assert [_facts(office) for office in hosts] == [LINES] * HOSTS


def _facts(office: Office) -> int:
    import pyarrow.parquet as pq

    files = {str(file.relative_to(office.store.facts)) for file in office.store.facts.glob("day=*/*.parquet")}
    assert files == office.store.facts_files()
    return sum(pq.read_metadata(office.store.facts / file).num_rows for file in files)


def test_a_log_that_one_host_has_read_has_nothing_new_on_another(tmp_path: Path, store_url: str) -> None:
    one, other = (host(tmp_path, number, store_url) for number in (0, 1))
    one.ingest(one.logs)
    copy = other.write("copy.log", (one.logs / "mail.log").read_bytes())
    before = one.kinds()
    assert other.ingest(copy)[0].notes == ["nothing new"]
    assert one.kinds() == before


def test_of_two_analyzers_that_read_the_same_lines_at_once_one_stores_them(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new log, and then what was added to one that both know."""
    one, other = (host(tmp_path, number, store_url) for number in (0, 1))
    log = (one.logs / "mail.log").read_bytes()
    real = Store.commit

    for half in (log[: log.index(b"\n", len(log) // 2) + 1], log):
        for office in (one, other):
            office.write("mail.log", half)

        def overtaken(store: Store, batch: Batch) -> None:
            monkeypatch.setattr(Store, "commit", real)
            other.ingest(other.logs)
            real(store, batch)

        monkeypatch.setattr(Store, "commit", overtaken)
        with pytest.raises(StoreError, match="another analyzer has read the same lines"):
            one.ingest(one.logs)
        assert one.ingest(one.logs)[0].notes == ["nothing new"]
    assert sum(one.kinds().values()) == LINES
    assert _facts(one) == 0
    assert _facts(other) == LINES


def test_evidence_on_another_host_names_it(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (host(tmp_path, number, store_url) for number in (0, 1))
    monkeypatch.setattr("socket.gethostname", lambda: "mail1")
    one.ingest(one.logs)
    path = str(one.logs / "mail.log")
    assert {activity.evidence.file for activity in one.seen().values()} == {path}
    monkeypatch.setattr("socket.gethostname", lambda: "mail2")
    assert {activity.evidence.file for activity in other.seen().values()} == {f"mail1:{path}"}


def test_a_home_that_was_moved_is_the_same_home(tmp_path: Path, store_url: str) -> None:
    office = host(tmp_path, 0, store_url)
    office.ingest(office.logs)
    listed = office.store.facts_files()
    moved = Office(office.logs, office.home.rename(tmp_path / "moved"), store_url)
    assert moved.ingest(moved.logs)[0].notes == ["nothing new"]
    assert moved.store.facts_files() == listed
    assert _facts(moved) == LINES


def test_facts_that_another_store_lists_are_not_removed(
    tmp_path: Path, store_url: str, another_store_url: str
) -> None:
    shared, own = host(tmp_path, 0, store_url), host(tmp_path, 1, store_url)
    shared.ingest(shared.logs)
    own.url = None
    own.ingest(own.logs)
    with pytest.raises(StoreError, match="listed in another store"):
        mailaudit.store.open(shared.home, another_store_url, create=True)
    with pytest.raises(StoreError, match="listed in a shared store; name that with --store"):
        mailaudit.store.open(shared.home, create=True)
    with pytest.raises(StoreError, match="has a store of its own"):
        mailaudit.store.open(own.home, store_url, create=True)
    assert [_facts(shared), _facts(own)] == [LINES, LINES]


def test_many_rows_and_few_are_merged_alike(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = [host(tmp_path, number, url) for number, url in enumerate((store_url, None))]
    for office in offices:
        for few in (0, 10_000):
            monkeypatch.setattr("mailaudit.store.writing.FEW", few)
            log = day_of_work(9, 400, START + timedelta(hours=few), apart=600)
            office.ingest(office.write(f"{few}.log", log))
    assert offices[0].kinds() == offices[1].kinds()
    assert [seen[:4] for seen in offices[0].store.last_seen()] == [
        seen[:4] for seen in offices[1].store.last_seen()
    ]


def ingest_slowly(office: Office, compared: Any, go_on: Any) -> None:
    """Ingest, and wait once between comparing lines with other logs' and storing them."""
    real = Store.commit

    def late(store: Store, batch: Batch) -> None:
        if not compared.is_set():
            compared.set()
            assert go_on.wait(120)
        real(store, batch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "commit", late)
        ingest.ingest(office.store, [office.logs], Progress(), analysis())


@pytest.mark.parametrize("overlap", [(0, 300), (100, 300), (299, 300)], ids=str)
def test_of_two_analyzers_at_once_whose_logs_overlap_each_stores_what_the_other_has_not(
    tmp_path: Path, store_url: str, another_store_url: str, overlap: tuple[int, int]
) -> None:
    """Neither sees the other's lines when it compares: both are in the middle of it."""
    begin, end = overlap
    log = day_of_work(7, 500)
    offices = [host(tmp_path / "at once", number, store_url) for number in range(2)]
    offices[0].write("mail.log", log[:end])
    offices[1].write("mail.log", [*day_of_work(1, 1, START - timedelta(seconds=1)), *log[begin:]])
    events = [(FORK.Event(), FORK.Event()) for _ in offices]
    for office in offices:
        assert office.store.sources() == []
    processes = [
        FORK.Process(target=ingest_slowly, args=(office, *its))
        for office, its in zip(offices, events, strict=True)
    ]
    for process in processes:
        process.start()
    for compared, _ in events:
        assert compared.wait(120)
    for process, (_, go_on) in zip(processes, events, strict=True):
        go_on.set()
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert sum(offices[0].kinds().values()) == 501
    assert sum(map(_facts, offices)) == 501

    alone = host(tmp_path / "in turn", 0, another_store_url)
    alone.write("mail.log", [*day_of_work(1, 1, START - timedelta(seconds=1)), *log])
    alone.ingest(alone.logs)
    assert uses(store_url) == uses(another_store_url)


def uses(url: str) -> list[tuple[object, ...]]:
    with database.postgresql(url).connect() as connection:
        rows = connection.execute(sa.select(ACTIVITY_DAYS).order_by("day", "mailbox", "service"))
        return [tuple(row) for row in rows]
