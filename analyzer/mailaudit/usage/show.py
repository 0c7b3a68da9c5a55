# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage as a table on a screen, as JSON, and as sheets."""

from dataclasses import asdict
from typing import Any

import typer

from mailaudit.coverage import grounds
from mailaudit.sheets import Cell, Column, Form, Sheet
from mailaudit.table import show_table
from mailaudit.usage.amounts import Amounts, share
from mailaudit.usage.gather import Rows, Usage

NOT_BY_HOUR = (
    *("sessions", "days_active", "recipients_outside", "recipients_public"),
    *("received_outside", "received_public"),
)
TITLES = {
    "logins": "logins",
    "sessions": "sessions",
    "days_active": "days active",
    "sent": "sent",
    "sent_bytes": "bytes sent",
    "recipients": "recipients",
    "recipients_outside": "outside",
    "recipients_public": "public",
    "received": "received",
    "received_bytes": "bytes received",
    "received_outside": "outside",
    "received_public": "public",
}
WHOLE = {name: name.partition("_")[0] for name in TITLES if name.endswith(("_outside", "_public"))}
"""Of what an amount is shown as a share."""


def show(usage: Usage) -> None:
    """Print the table, its sum, and what it rests on."""
    peers = ("peers",) if usage.peers is not None else ()
    rows = [(name, *_cells(one, usage), *_peers(usage, name)) for name, one in usage.rows.items()]
    last = ("total", *_cells(usage.total, usage), *("" for _ in peers))
    show_table("", (usage.by, *TITLES.values(), *peers), [*rows, last])
    for line in grounds.lines(usage.grounds):
        typer.echo(line)
    typer.echo("Messages still on their way included.")


def as_json(usage: Usage) -> dict[str, Any]:
    """Return the table for a program to read."""
    rows = [
        {str(usage.by): name, **_said(one, usage), **_json_peers(usage, name)}
        for name, one in usage.rows.items()
    ]
    said = {"by": usage.by, **grounds.as_json(usage.grounds)}
    covered = {"coverage": said.pop("coverage")}
    return {**said, "rows": rows, "total": _said(usage.total, usage), **covered}


def sheets(usage: Usage) -> list[Sheet]:
    """Return the table with its sum, amounts and shares apart, and what it rests on."""
    rows = [
        (name, *_numbers(one, usage), *_json_peers(usage, name).values()) for name, one in usage.rows.items()
    ]
    total = ("total", *_numbers(usage.total, usage), *([None] if usage.peers is not None else []))
    return [Sheet("usage", _columns(usage), [*rows, total]), grounds.sheet(usage.grounds)]


def csv_sheet(usage: Usage) -> Sheet:
    """Return the table without its sum; each row says its period and which days of it are not covered."""
    table, _ = sheets(usage)
    return grounds.on_each_row(Sheet(table.name, table.columns, table.rows[:-1]), usage.grounds)


def _columns(usage: Usage) -> list[Column]:
    columns = [Column(str(usage.by))]
    for name in TITLES:
        columns.append(Column(name, Form.NUMBER))
        if name in WHOLE:
            columns.append(Column(f"{name}_share", Form.SHARE))
    return [*columns, *([Column("peers", Form.NUMBER)] if usage.peers is not None else [])]


def _numbers(one: Amounts, usage: Usage) -> list[Cell]:
    cells: list[Cell] = []
    for name, value in _said(one, usage).items():
        cells.append(value)
        if name in WHOLE:
            cells.append(None if value is None else share(value, getattr(one, WHOLE[name])))
    return cells


def _said(one: Amounts, usage: Usage) -> dict[str, int | None]:
    known = asdict(one)
    return {name: None if usage.by is Rows.HOUR and name in NOT_BY_HOUR else known[name] for name in TITLES}


def _cells(one: Amounts, usage: Usage) -> tuple[str, ...]:
    return tuple(
        ""
        if value is None
        else _percent(share(value, getattr(one, WHOLE[name])))
        if name in WHOLE
        else f"{value:,}"
        for name, value in _said(one, usage).items()
    )


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.0%}"


def _peers(usage: Usage, name: str) -> tuple[str, ...]:
    return () if usage.peers is None else (f"{usage.peers.get(name, 0):,}",)


def _json_peers(usage: Usage, name: str) -> dict[str, int]:
    return {} if usage.peers is None else {"peers": usage.peers.get(name, 0)}
