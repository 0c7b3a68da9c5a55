# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what the lines that no table knows look like: a few of the commonest shapes of each program."""

from collections import Counter
from typing import NamedTuple

import ibis

from mailaudit.engine import Engine
from mailaudit.logs.parse import FACTS
from mailaudit.store import Store
from mailaudit.store.rows import UNPARSED
from mailpolicy.printable import printable

EACH = 5  # shapes of a program that are shown
LONGEST = 200  # characters of a line that are shown
_MOST_SHAPES = 1000
_SHAPE = 60  # characters by which lines are told apart
_VARIES = r"<[^>]*>|\[[^\]]*\]|\([^)]*\)|\"[^\"]*\"|'[^']*'|[^ ]*@[^ ]*|[0-9A-Fa-f]{6,}|\d+"


class Sample(NamedTuple):
    """One line of a shape, without its time, host and program, and how many others look like it.

    It is printable, and cut at LONGEST characters. Passwords were taken out when it was read.
    """

    program: str
    lines: int
    text: str


def samples(store: Store) -> list[Sample]:
    """Return EACH of the commonest shapes of unparsed lines of each program, the commonest first."""
    files = [store.facts / file for file in sorted(store.facts_files())]
    if not files:
        return []
    engine = Engine(store.home)
    engine.read("facts", files)
    events = ibis.table(ibis.schema(FACTS), name="facts")
    unknown = events.filter(events.kind == UNPARSED, events.program.notnull(), events.text.notnull())
    shape = unknown.text.re_replace(_VARIES, "*").substr(0, _SHAPE)
    groups = unknown.group_by("program", shape=shape)
    found = groups.aggregate(lines=unknown.count(), text=unknown.text.min())
    found = found.order_by(found.lines.desc(), "program", "text").limit(_MOST_SHAPES)
    rows = engine.rows(engine.query(found.select("program", "lines", "text")))
    shown: Counter[str] = Counter()
    return [
        Sample(program, lines, printable(text[:LONGEST]))
        for program, lines, text in rows
        if shown.update([program]) or shown[program] <= EACH
    ]
