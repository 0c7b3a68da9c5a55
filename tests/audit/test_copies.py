# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that stand in two logs are counted once."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.maillog import START, day_of_work, line, login
from audit.office import Office
from audit.readlog import analysis
from mailaudit.analysis import Span
from mailaudit.ingest import Run
from mailaudit.logs.sorting import Sorter
from mailaudit.outcome import Outcome
from mailaudit.store.rows import Batch
from mailaudit.store.usage_tables import FINDINGS
from mailaudit.storing import Storing
from mailpolicy.progress import Progress

LOG = day_of_work(people=5, lines=200)


def told(outcomes: list[Outcome]) -> list[tuple[int, int]]:
    """New lines and copies of each log."""
    return [(outcome.lines, outcome.copies) for outcome in outcomes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has read the whole log and nothing else."""
    office = Office.at(tmp_path_factory.mktemp("whole"))
    office.ingest(office.write("mail.log", LOG))
    return office


@pytest.mark.parametrize(
    "parts",
    [
        [(0, 200), (50, 150)],
        [(50, 150), (0, 200)],
        [(0, 120), (80, 200)],
        [(80, 200), (0, 120)],
        [(0, 100), (100, 200), (0, 200)],
        [(0, 200), (199, 200), (0, 1)],
        [(150, 200), (0, 50), (40, 160)],
    ],
    ids=str,
)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
def test_overlapping_logs_count_once(
    office: Office, whole: Office, parts: list[tuple[int, int]], at_once: bool
) -> None:
    paths = [office.write(f"{number}.log", LOG[begin:end]) for number, (begin, end) in enumerate(parts)]
    if at_once:
        office.ingest(*paths)
    else:
        for path in paths:
            office.ingest(path)
    assert office.kinds() == whole.kinds()
    assert office.store.coverage() == whole.store.coverage()


def test_two_logs_put_together_bring_only_what_is_new(office: Office, whole: Office) -> None:
    office.ingest(office.write("b.log", LOG[100:150]))
    outcomes = office.ingest(office.write("cat.log", LOG[100:150] + LOG[:100] + LOG[150:]))
    assert told(outcomes) == [(150, 0)]
    outcomes = office.ingest(office.write("again.gz", LOG[20:] + LOG[:20]))
    assert told(outcomes) == [(0, 200)]
    assert office.kinds() == whole.kinds()


def test_what_syslog_writes_into_a_second_file_counts_once(office: Office, whole: Office) -> None:
    office.write("mail.log", LOG)
    office.write("mail.warn", LOG[3::7])
    other = [line(START + timedelta(seconds=1 + 40 * number), "cron[1]", "x") for number in range(80)]
    office.write("syslog", sorted(LOG + other, key=lambda each: each[:15]))
    office.ingest(office.logs)
    kinds = office.kinds()
    assert kinds.pop("unparsed") == 80
    assert kinds == whole.kinds()


def test_hosts_mixed_in_one_log_are_told_apart(office: Office) -> None:
    hosts = {host: [one.replace(" mail ", f" {host} ", 1) for one in LOG] for host in ("mx1", "mx2")}
    mixed = [one for pair in zip(*hosts.values(), strict=True) for one in pair]
    outcomes = office.ingest(office.write("mx1.log", hosts["mx1"]), office.write("central.log", mixed))
    assert told(outcomes) == [(200, 0), (200, 200)]
    assert told(office.ingest(office.write("mx2.log", hosts["mx2"]))) == [(0, 200)]


def test_a_log_that_comes_a_week_late_counts_once(office: Office, whole: Office) -> None:
    office.ingest(office.write("mail.log", LOG[120:]))
    later = START + timedelta(days=7)
    office.ingest(office.write("next.log", [login(later, "z@example.org")]))
    assert told(office.ingest(office.write("late.gz", LOG[:150]))) == [(120, 30)]
    assert office.kinds() == whole.kinds() + Counter(login=1)


def test_one_time_written_in_two_ways_is_one_line(office: Office) -> None:
    def iso(one: str) -> str:
        moment = datetime.strptime(f"2026 {one[:15]}", "%Y %b %d %H:%M:%S").astimezone().astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.second:03}000Z{one[15:]}"

    office.ingest(office.write("mail.log", LOG))
    assert told(office.ingest(office.write("iso.log", map(iso, LOG)))) == [(0, 200)]


def test_a_rotation_within_a_second_costs_no_line(office: Office) -> None:
    same = [line(START, "postfix/smtpd[7]", "connect from unknown[192.0.2.1]")] * 3
    before = login(START - timedelta(minutes=1), "a@example.org")
    older, newer = office.write("a", [before, *same]), office.write("b", [*same, *LOG[3:]])
    assert [outcome.copies for outcome in office.ingest(older, newer)] == [0, 0]
    assert office.kinds()["connect"] == 6


def test_lines_that_are_alike_are_counted_as_often_as_the_log_has_them_that_has_most(office: Office) -> None:
    same = line(START + timedelta(minutes=10), "postfix/smtpd[7]", "connect from unknown[192.0.2.1]")
    for name, times in (("a", 2), ("b", 3), ("c", 1)):
        office.ingest(office.write(name, [LOG[0], *[same] * times, *LOG[60:]]))
    assert office.kinds()["connect"] == 3


def test_a_copy_that_grows_brings_only_what_is_new(office: Office, whole: Office) -> None:
    office.ingest(office.write("mail.log", LOG[:100]))
    path = office.logs / "copy.log"
    for end in (60, 90, 130, 200):
        office.ingest(office.write(path.name, LOG[30:end]))
    assert office.kinds() == whole.kinds()


@pytest.mark.parametrize("at_once", [True, False])
def test_lines_without_a_time_count_once_where_others_about_them_tell_when_they_were_written(
    office: Office, at_once: bool
) -> None:
    log = [part for each in LOG for part in (each, "at x.c:1\n", f"at y.c:{len(each) % 3}\n")]
    paths = [office.write("a", log[:500]), office.write("b", log[99:]), office.write("c", log[401:402])]
    for some in [paths] if at_once else [[path] for path in paths]:
        office.ingest(*some)
    assert office.kinds()["unreadable"] == 400 + 1  # of the third log nothing says when it was written
    assert sum(office.kinds().values()) == len(log) + 1


def verdict(number: int) -> str:
    moment = f"2026-11-21T16:{number // 60:02}:{number % 60:02}.{number:06}Z"
    found = [
        {"code": "subject-required", "article": "8", "mode": "observe", "action": "reject", "detail": "x"}
    ]
    said = {"timestamp": moment, "event": "verdict", "queue_id": f"4F5C6{number:05X}", "findings": found}
    return f"{json.dumps(said)}\n"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("parts", [[(0, 90), (30, 120)], [(30, 60), (0, 120)], [(0, 120), (1, 120), (5, 6)]])
def test_the_gate_s_verdicts_count_once(office: Office, parts: list[tuple[int, int]], at_once: bool) -> None:
    """They have no time before them, but their own."""
    log = [verdict(number) for number in range(120)]
    paths = [
        office.write(f"{number}.log", log[begin:end] + ["{}\n"] * (number == 1))
        for number, (begin, end) in enumerate(parts)
    ]
    paths.append(office.write("mail.log", day_of_work(3, 30, datetime(2026, 11, 21, 23, 0), 5)))  # noqa: DTZ001
    outcomes = [
        each for some in ([paths] if at_once else [[path] for path in paths]) for each in office.ingest(*some)
    ]
    assert sum(outcome.copies for outcome in outcomes) == sum(end - begin for begin, end in parts) - 120
    assert office.kinds()["verdict"] == 120
    assert len(office.store.rows(sa.select(FINDINGS))) == 120


@pytest.mark.parametrize(
    "said", ["2026-02-30T10:00:00Z", "2026-11-21T25:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z"]
)
def test_a_time_that_never_was_is_none(office: Office, said: str) -> None:
    lines = [f'{{"timestamp": "{said}", "event": "verdict"}}\n', verdict(1)]
    office.ingest(office.write("gate.log", lines))
    assert sum(office.kinds().values()) == 2


class Counting(Storing):
    """Counts new lines instead of analysing them."""

    new = 0

    def _analyse(self, batch: Batch, lines: list[pa.RecordBatch], said: list[Sorter] | None) -> list[Span]:
        self.new += sum(map(len, lines))
        return []


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_in_whatever_pieces_and_order_all_is_counted_once(random: Random) -> None:
    with TemporaryDirectory() as folder:
        office = Office.at(Path(folder))
        there: set[int] = set()
        new = 0
        for number in range(random.randint(2, 5)):
            begin, end = sorted(random.sample(range(0, 201, 50), 2))
            rows = {begin, end - 1, *random.sample(range(begin, end), random.randint(1, 40))}
            there |= rows
            data = "".join(LOG[row] for row in sorted(rows)).encode()
            run = Run(office.store, Progress(), None, None)
            run._storing = counting = Counting(office.store, analysis())
            run.read(office.write(str(number), gzip.compress(data) if random.random() < 0.5 else data))
            run.store_batch()
            new += counting.new
        assert new == len(there)
