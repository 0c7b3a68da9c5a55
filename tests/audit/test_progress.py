# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command shows how far it is, or takes under two seconds; of a query it shows what the engine says."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
import typer

import mailaudit.cli
import mailgate.cli
import mailpolicy.cli
from audit.maillog import START, day_of_work
from audit.office import Office
from audit.readlog import analysis
from mailaudit.analyze.rollups import on_this_machine
from mailaudit.ingest import ingest
from mailpolicy.progress import Progress

ONE = "it is about one mailbox"
SHIPPED = "it reads the few regulations that are shipped, or one file"
STORED = "it reads a small table of the store, which has a row for each mailbox or less"
SERVER = "it is a server, which says when it begins"

SHOWS = {
    "mailaudit ingest": "reading",
    "mailaudit analyze": "reading",
    "mailaudit unparsed": "working",
    "mailaudit usage": "working",
    "mailaudit habits": "working",
    "mailaudit acknowledgement": "working",
    "mailaudit signs": "working",
    "mailaudit trace": "working",
    "mailaudit violations": "working",
    "mailaudit directory check": "working",
    "mailaudit publish": "working",
    "mailaudit sweep plan": "counting",
    "mailaudit sweep apply": "counting",
    "mailaudit sweep undo": "counting",
    "mailaudit mailbox restore": "working",
    "mailaudit notices send": "counting",
    "mailaudit report": "counting",
    "mailaudit metrics": "working",
    "mailgate replay": "reading",
    "mailgate test": "counting",
}
"""What each long command calls to show how far it is."""

SOON_DONE = {
    "mailaudit follow": "it ends when it is told to; the metrics say how far behind it is",
    "mailaudit summary": STORED,
    "mailaudit last-login": STORED,
    "mailaudit coverage": STORED,
    "mailaudit sweep show": SHIPPED,
    "mailaudit mailbox show": ONE,
    "mailaudit mailbox confirm": ONE,
    "mailaudit mailbox excuse": ONE,
    "mailaudit mailbox unlock": ONE,
    "mailaudit mailbox serious": ONE,
    "mailaudit mailbox revoke": ONE,
    "mailaudit notices list": STORED,
    "mailaudit notices again": "it changes one letter",
    "mailaudit notices preview": "it writes a dozen letters",
    "mailaudit calendar": SHIPPED,
    "mailgate serve": SERVER,
    "mailgate check": "it judges one message",
    "mailgate explain": SHIPPED,
    "mailpolicy list": SHIPPED,
    "mailpolicy show": SHIPPED,
    "mailpolicy table": SHIPPED,
    "mailpolicy validate": SHIPPED,
    "mailpolicy test": "`mailgate test` does it, and shows it",
}
"""Why each other command needs nothing like that."""

PROGRAMS = {
    "mailaudit": mailaudit.cli.app,
    "mailgate": mailgate.cli.app,
    "mailpolicy": mailpolicy.cli.app,
}


def commands() -> dict[str, Callable[..., Any]]:
    """All commands of the three programs, by the words they are called with."""
    return dict(
        found for name, app in PROGRAMS.items() for found in _below(name, typer.main.get_command(app))
    )


def _below(name: str, command: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """A group has commands of its own; a command's function is wrapped by typer."""
    if hasattr(command, "commands"):
        for word in list(command.commands):
            yield from _below(f"{name} {word}", command.commands[word])
    else:
        yield name, command.callback.__wrapped__


def called(function: Callable[..., Any]) -> set[str]:
    """The names that a function, and those of its module that it calls, ask for."""
    assert isinstance(function, FunctionType)
    names = set[str]()
    waiting: list[Any] = [function.__code__]
    while waiting:
        code = waiting.pop()
        fresh = set(code.co_names) - names
        names |= fresh
        waiting += [part for part in code.co_consts if isinstance(part, CodeType)]
        own = (function.__globals__.get(name) for name in fresh)
        waiting += [
            one.__code__
            for one in own
            if isinstance(one, FunctionType) and one.__module__ == function.__module__
        ]
    return names


def test_every_command_either_shows_how_far_it_is_or_has_a_reason_not_to() -> None:
    assert SHOWS.keys().isdisjoint(SOON_DONE)
    assert commands().keys() == SHOWS.keys() | SOON_DONE.keys()


@pytest.mark.parametrize("name", SHOWS)
def test_a_long_command_calls_what_shows_it(name: str) -> None:
    assert SHOWS[name] in called(commands()[name])


@pytest.mark.parametrize("how", ["ingest", "analyze"])
def test_of_packed_logs_is_told_how_much_was_read_of_them_as_they_are(how: str, tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.write("mail.log", day_of_work(5, 2000))
    office.write("mail.log.1.gz", day_of_work(5, 3000, START.replace(month=8)))
    logs = sorted(office.logs.iterdir())
    totals, parts = list[int](), list[int]()
    told = Progress(totals.append, parts.append)
    if how == "ingest":
        ingest(office.store, logs, told, analysis())
    else:
        on_this_machine(logs, told)
    assert totals == [sum(log.stat().st_size for log in logs)]
    assert sum(parts) == totals[0]


QUERY = """
import sys
from pathlib import Path
import ibis, pyarrow as pa, pyarrow.parquet as pq
from mailaudit.engine import Engine
from mailaudit.working import working
from mailpolicy import progress

progress.SOON, progress.BETWEEN_LINES, progress.BETWEEN_LOOKS = {soon}, {soon}, 0.02
home = Path(sys.argv[1])
pq.write_table(pa.table({{"number": pa.array(range(3_000_000), pa.int64())}}), home / "facts.parquet")
with working("numbers"):
    engine = Engine(home)
    engine.read("numbers", [home / "facts.parquet"])
    table = ibis.table({{"number": "int64"}}, name="numbers")
    odd = table.aggregate(found=(table.number.cast("string") + "x").hash().nunique())
    print(engine.rows(engine.query(odd)))
"""


def run_query(folder: Path, soon: float) -> tuple[str, str]:
    program = [sys.executable, "-c", QUERY.format(soon=soon), str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def test_of_a_long_query_is_shown_how_much_the_engine_has_done(tmp_path: Path) -> None:
    out, seen = run_query(tmp_path, soon=0.05)
    assert out == "[(3000000,)]\n"
    assert all(line.startswith("numbers: ") for line in seen.splitlines())
    assert " % done, " in seen


def test_of_a_short_query_nothing_is_shown(tmp_path: Path) -> None:
    assert run_query(tmp_path, soon=600) == ("[(3000000,)]\n", "")
