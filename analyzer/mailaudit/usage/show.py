# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage as a table and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import typer

from mailaudit.coverage.gaps import Coverage
from mailaudit.coverage.show import as_json as coverage_as_json
from mailaudit.coverage.show import in_short
from mailaudit.table import show_table
from mailaudit.usage.amounts import Amounts, By, share, together
from mailaudit.usage.period import Period

HEADER = (
    "logins",
    "sessions",
    "days active",
    "sent",
    "bytes sent",
    "recipients",
    "outside",
    "received",
    "bytes received",
    "outside",
)


@dataclass(frozen=True, slots=True)
class Usage:
    """A table of usage: its rows by name, the period it is about, and the hours that logs were read for.

    `peers`, where they were counted, are the different addresses that a row's mailboxes wrote to or got mail
    from.
    """

    by: str
    period: Period
    rows: Mapping[str, Amounts]
    covered: Sequence[Coverage]
    peers: Mapping[str, int] | None = None


def show(usage: Usage) -> None:
    """Print the table, its sum, and what it rests on."""
    peers = ("peers",) if usage.peers is not None else ()
    rows = [(name, *_cells(one, usage), *_peers(usage, name)) for name, one in usage.rows.items()]
    total = together(usage.rows.values())
    last = ("total", *_cells(total, usage), *("" for _ in peers))
    header = (usage.by, *HEADER, *peers)
    show_table("", header, [*rows, last])
    typer.echo(f"{usage.period.first} to {usage.period.last}; days are the office's (UTC+7).")
    typer.echo("Messages still on their way included.")
    for line in in_short(usage.covered):
        typer.echo(line)


def as_json(usage: Usage) -> dict[str, Any]:
    """Return the table for a program to read."""
    return {
        "by": usage.by,
        "from": usage.period.first.isoformat(),
        "to": usage.period.last.isoformat(),
        "zone": "+07:00",
        "rows": [
            {
                usage.by: name,
                **_said(one, usage),
                **({"peers": usage.peers.get(name, 0)} if usage.peers is not None else {}),
            }
            for name, one in usage.rows.items()
        ],
        "total": _said(together(usage.rows.values()), usage),
        "coverage": coverage_as_json(usage.covered),
    }


def _said(one: Amounts, usage: Usage) -> dict[str, Any]:
    known = asdict(one)
    return {name: None if name in _unknown(usage) else value for name, value in known.items()}


def _unknown(usage: Usage) -> tuple[str, ...]:
    return (
        ("sessions", "days_active", "recipients_outside", "received_outside") if usage.by == By.HOUR else ()
    )


def _cells(one: Amounts, usage: Usage) -> tuple[str, ...]:
    values = _said(one, usage)
    shares = {
        "recipients_outside": share(one.recipients_outside, one.recipients),
        "received_outside": share(one.received_outside, one.received),
    }
    return tuple(
        "" if value is None else _percent(shares[name]) if name in shares else f"{value:,}"
        for name, value in values.items()
    )


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.0%}"


def _peers(usage: Usage, name: str) -> tuple[str, ...]:
    return () if usage.peers is None else (f"{usage.peers.get(name, 0):,}",)
