# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking habits as a table on a screen, as JSON, and as sheets."""

from typing import Any

import typer

from mailaudit.coverage import grounds
from mailaudit.habits.habits import Checked, Habits
from mailaudit.sheets import Cell, Column, Form, Sheet
from mailaudit.table import show_table
from mailpolicy.office.checking import asked_per_day, windows

NOT_HERE = "not in this home's logs"
NEVER = "no login of its own; whoever is in charge may open it by his own"


def show(habits: Habits) -> None:
    """Print each mailbox's habit, and what it rests on."""
    header = ("mailbox", "unit", "days", "asked", "kept", "share", "whole days", *windows(habits.terms), "")
    show_table("", header, [_cells(one, habits) for one in habits.checked])
    for line in (_measure(habits), *grounds.lines(habits.grounds)):
        typer.echo(line)
    left, judged = len(habits.left_out), len(habits.days)
    typer.echo(f"Working days judged: {judged}; left out, since logs do not cover them whole: {left}")


def as_json(habits: Habits) -> dict[str, Any]:
    """Return it for a program to read."""
    return {
        **grounds.as_json(habits.grounds),
        "article": habits.duty.article,
        "has_figure": habits.is_figure,
        "asked_per_day": asked_per_day(habits.terms),
        "windows": {name: [f"{a:%H:%M}", f"{b:%H:%M}"] for name, (a, b) in windows(habits.terms).items()},
        "working_days": [day.isoformat() for day in habits.days],
        "left_out": [day.isoformat() for day in habits.left_out],
        "mailboxes": [_json(one) for one in habits.checked],
    }


def sheets(habits: Habits) -> list[Sheet]:
    """Return a sheet of mailboxes, and what it rests on."""
    names = [Column(name, Form.NUMBER) for name in windows(habits.terms)]
    columns = (
        *(Column("mailbox"), Column("unit"), Column("days", Form.NUMBER), Column("asked", Form.NUMBER)),
        *(Column("kept", Form.NUMBER), Column("share", Form.SHARE), Column("whole_days", Form.NUMBER)),
        *(*names, Column("remark")),
    )
    return [
        Sheet("habits", columns, [_row(one, habits) for one in habits.checked]),
        grounds.sheet(habits.grounds),
    ]


def _row(one: Checked, habits: Habits) -> list[Cell]:
    box, habit = one.mailbox, one.habit
    if habit is None:
        return [box.address, one.unit, *[None] * (5 + len(windows(habits.terms))), NOT_HERE]
    counted = (habit.days, habit.asked, habit.kept, habit.share, habit.whole_days)
    return [box.address, one.unit, *counted, *habit.by_window.values(), _remark(one)]


def _cells(one: Checked, habits: Habits) -> tuple[str, ...]:
    share = one.habit.share if one.habit else None
    cells = ["" if cell is None else str(cell) for cell in _row(one, habits)]
    cells[5] = "" if share is None else f"{share:.0%}"
    return tuple(cells)


def _json(one: Checked) -> dict[str, Any]:
    box, habit = one.mailbox, one.habit
    said: dict[str, Any] = {"mailbox": box.address, "kind": str(box.kind), "unit": one.unit}
    if habit is not None:
        said |= {
            name: getattr(habit, name) for name in ("days", "asked", "kept", "share", "whole_days", "uses")
        }
        said["by_window"] = dict(habit.by_window)
    return said | {"remark": _remark(one)}


def _remark(one: Checked) -> str:
    if one.habit is None:
        return NOT_HERE
    return "" if one.habit.uses else NEVER


def _measure(habits: Habits) -> str:
    spans = ", ".join(f"{name} {a:%H:%M}-{b:%H:%M}" for name, (a, b) in windows(habits.terms).items())
    if habits.is_figure:
        return f"Asked by {habits.duty.article}: {asked_per_day(habits.terms)} a working day ({spans})."
    return f"{habits.duty.article} says no number; counted is once a working day. Nothing follows from it."
