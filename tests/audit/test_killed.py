# SPDX-License-Identifier: GPL-3.0-or-later
"""An ingest that is killed, and then run again, counts everything once."""

import gzip
import lzma
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit.maillog import day_of_work
from audit.office import Office
from mailaudit import facts, ingest
from mailaudit.logs import lines
from mailaudit.store import Store

LOG = day_of_work(people=5, lines=4000)
PACKERS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "xz": lzma.compress}
BATCH = 64 << 10  # of a log of about half a megabyte, so that there are several batches
FORK = multiprocessing.get_context("fork")


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _ingest_until_killed(office: Office, path: Path, where: tuple[Any, str, str], calls: int) -> None:
    """Ingest, and die at the `calls`th call of a function: `before` it or `after` it."""
    owner, name, when = where
    real, left = getattr(owner, name), [calls]

    def counted(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == "before":
            _die()
        result = real(*args, **kwargs)
        if left[0] == 0:
            _die()
        return result

    setattr(owner, name, counted)
    ingest.BATCH = lines.BLOCK = BATCH
    office.ingest(path)


MOMENTS = [
    (facts, "write", "before"),
    (facts, "_write_day", "after"),
    (facts, "write", "after"),
    (Store, "commit", "after"),
]


CASES = [
    *(("sqlite", packer, calls) for packer, calls in (("plain", 1), ("gzip", 2), ("xz", 3), ("plain", 4))),
    ("postgresql", "gzip", 2),
]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose ingest nobody killed."""
    office = Office.at(tmp_path_factory.mktemp("clean"))
    office.ingest(office.write("mail.log", LOG))
    return office


@pytest.mark.parametrize(("office", "packer", "calls"), CASES, indirect=["office"])
@pytest.mark.parametrize("where", MOMENTS, ids=lambda where: f"{where[2]} {where[1]}")
def test_a_killed_ingest_that_is_run_again_counts_everything_once(
    office: Office, clean: Office, where: tuple[Any, str, str], packer: str, calls: int
) -> None:
    path = office.write("mail.log", PACKERS[packer]("".join(LOG).encode()))
    process = FORK.Process(target=_ingest_until_killed, args=(office, path, where, calls))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    office.ingest(path)
    assert office.kinds() == clean.kinds()
    assert _seen(office) == _seen(clean)
    listed = office.store.facts_files()
    assert {
        str(file.relative_to(office.store.facts)) for file in office.store.facts.rglob("*.parquet")
    } == listed
    assert _events(office) == len(LOG)


def _seen(office: Office) -> dict[str, tuple[object, ...]]:
    """Who was seen when, and where that stands; each office's log has a path of its own."""
    return {
        who: (one.time, one.service, one.address, one.event, one.evidence.position, one.evidence.line)
        for who, one in office.seen().items()
    }


def _events(office: Office) -> int:
    return sum(pq.read_metadata(file).num_rows for file in office.store.facts.glob("day=*/*.parquet"))
