# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit analyze`: what whole logs say, worked out on this machine or on a Spark cluster."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.logs.source import UnreadableError, files_in
from mailaudit.spark import SparkError
from mailaudit.table import show_table
from mailaudit.working import working
from mailpolicy.progress import reading

SPARK = "spark://"
COULD_NOT = 2


def analyze_command(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Logs, or folders with logs.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print all rows as JSON instead.")] = False,
) -> None:
    """Count the lines of whole logs by kind and say who used which mailbox, without a store.

    Each log is read from its first line to its last, and nothing is remembered. With --engine a Spark cluster
    does the work, a log on each of its cores; what it finds is the same.

    Exit status: 0 done, 2 a log could not be read, or there is no cluster.
    """
    from mailaudit.analyze import rollups  # noqa: PLC0415  its engine takes long to load

    master: str | None = ctx.find_root().params["engine"]
    try:
        logs = [file for path in paths for file in files_in(path.absolute())]
        if master:
            with working("analyze"):
                found = rollups.on_spark(master, logs)
        else:
            with reading() as progress:
                found = rollups.on_this_machine(logs, progress)
    except (UnreadableError, SparkError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if as_json:
        for line in found.as_json():
            typer.echo(line)
        return
    kinds: Counter[tuple[str, str]] = Counter()
    for count in found.counts:
        kinds[count.program, count.kind] += count.lines
    rows = [(program, kind, f"{lines:,}") for (program, kind), lines in sorted(kinds.items())]
    show_table("", ("program", "kind", "lines"), rows)
    mailboxes = {seen.mailbox for seen in found.last_seen}
    typer.echo(f"{kinds.total():,} lines in {len(logs):,} logs; {len(mailboxes):,} mailboxes were used")


def check_engine(value: str | None) -> str | None:
    """Return the master's URL, None for this machine. Raises typer.BadParameter for any other engine."""
    if value is None or value == "duckdb":
        return None
    if not value.startswith(SPARK):
        raise typer.BadParameter(f"{value!r}; expected duckdb, or spark://HOST:PORT")
    return value
