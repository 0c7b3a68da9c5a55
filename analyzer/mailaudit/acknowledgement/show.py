# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to mail as a table on a screen, as JSON, and as sheets."""

from datetime import timedelta
from typing import Any

import typer

from mailaudit.acknowledgement.letters import WITHIN
from mailaudit.acknowledgement.measure import Acknowledgement, Answers, unit_of
from mailaudit.coverage import grounds
from mailaudit.sheets import Cell, Column, Form, Sheet
from mailaudit.table import show_table

HOUR = timedelta(hours=1)


def show(found: Acknowledgement) -> None:
    """Print each mailbox's answers, their sum, and what it rests on."""
    header = ("mailbox", "unit", "came", "outside", "answered", "open", "share", "median hours")
    rows = [(box.address, unit_of(box), *_cells(one)) for box, one in found.mailboxes]
    show_table("", header, [*rows, ("total", "", *_cells(found.total))])
    for line in (_measure(found), *grounds.lines(found.grounds)):
        typer.echo(line)


def as_json(found: Acknowledgement) -> dict[str, Any]:
    """Return it for a program to read."""
    return {
        **grounds.as_json(found.grounds),
        "article": found.duty and found.duty.article,
        "days": WITHIN.days,
        "mailboxes": [
            {"mailbox": box.address, "unit": unit_of(box), **_json(one)} for box, one in found.mailboxes
        ],
        "total": _json(found.total),
    }


def sheets(found: Acknowledgement) -> list[Sheet]:
    """Return a sheet of mailboxes, without a sum, and what it rests on."""
    amounts = [Column(name, Form.NUMBER) for name in ("came", "outside", "answered", "open")]
    last = (Column("share", Form.SHARE), Column("median_hours", Form.HOURS))
    rows = [(box.address, unit_of(box), *_numbers(one)) for box, one in found.mailboxes]
    table = Sheet("acknowledgement", (Column("mailbox"), Column("unit"), *amounts, *last), rows)
    return [table, grounds.sheet(found.grounds)]


def _numbers(one: Answers) -> tuple[Cell, ...]:
    hours = None if one.median is None else one.median / HOUR
    return one.came, one.outside, one.answered, one.open, one.share, hours


def _cells(one: Answers) -> tuple[str, ...]:
    *amounts, share, hours = _numbers(one)
    shown = ("" if share is None else f"{share:.0%}", "" if hours is None else f"{hours:.1f}")
    return (*(f"{amount:,}" for amount in amounts), *shown)


def _json(one: Answers) -> dict[str, Any]:
    median = None if one.median is None else one.median.total_seconds()
    counted = {name: getattr(one, name) for name in ("came", "outside", "answered", "open", "share")}
    return counted | {"median_seconds": median}


def _measure(found: Acknowledgement) -> str:
    asks = f"{found.duty.article} asks for an answer" if found.duty else "No article asks for an answer"
    return (
        f"{asks}; counted is the first mail back to the same address within {WITHIN.days} days. "
        "A sign only: an answer by telephone, on paper or by another system is in no log."
    )
