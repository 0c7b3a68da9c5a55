# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines become typed events: whose line it is, of which kind, and the fields of that kind.

Everything here is an expression for an engine; nothing is computed in Python.
"""

from collections.abc import Collection, Mapping

import ibis

from mailaudit.logs.dispatch import UNPARSED, captured, captured_by, family_of, guess_in
from mailaudit.logs.dovecot import DOVECOT
from mailaudit.logs.fields import FIELDS
from mailaudit.logs.functions import Expression, without_password
from mailaudit.logs.gate import GATE
from mailaudit.logs.head import headed, parted
from mailaudit.logs.kinds import HEAD_FIELDS, Kind, Producer
from mailaudit.logs.postfix import POSTFIX

PRODUCERS: tuple[Producer, ...] = (POSTFIX, DOVECOT, GATE)
NUMBERED: Mapping[int, tuple[Producer, Kind]] = dict(
    enumerate((producer, kind) for producer in PRODUCERS for kind in producer.kinds)
)
"""Every kind of line, by the number in the column `kind` of parsed lines. UNPARSED is none of them."""
UNREADABLE = -2
"""The number of a line that is no log line: it has no time or no program."""
UNPARSED_TEXT = 1000  # characters of an unparsed line that are kept

FACTS: Mapping[str, str] = {
    "time": "timestamp",
    "source": "int32",
    "position": "int64",
    "host": "string",
    "program": "string",
    "pid": "int64",
    "producer": "string",
    "kind": "string",
    "service": "string",
    **{name: field.type for name, field in FIELDS.items()},
}
"""The columns of an event and their types; docs/facts-schema.md says what they mean."""


_TABLES = {each.name: {n: kind for n, (p, kind) in NUMBERED.items() if p is each} for each in PRODUCERS}


def parsed(lines: Expression) -> Expression:
    """Return lines (the columns LINES) with their producer, head, `kind` and what it captured."""
    rows = captured(headed(parted(lines), PRODUCERS), _TABLES)
    no_log_line = rows.time.isnull() | rows.program.isnull()
    without_pattern = [number for number, (_, kind) in NUMBERED.items() if not kind.patterns]
    text_is_asked_for = rows.kind.isin([UNPARSED, *without_pattern])
    return rows.mutate(
        kind=no_log_line.ifelse(UNREADABLE, rows.kind).cast("int16"),
        text=text_is_asked_for.ifelse(rows.text, ibis.null("string")),
    )


def events(rows: Expression, numbers: Collection[int]) -> Expression:
    """Return the events (the columns FACTS) of parsed lines, whose kinds are among these numbers."""
    kinds = {number: NUMBERED[number][1] for number in numbers if number in NUMBERED}
    values: dict[str, list[tuple[Expression, Expression]]] = {name: [] for name in FACTS}
    for number, kind in kinds.items():
        values["kind"].append((rows.kind == number, ibis.literal(kind.name)))
        for name, value in kind.values(rows).items():
            values[name].append((rows.kind == number, value))
    values["text"].append((rows.kind == UNPARSED, _unparsed(rows.text)))
    rest = {name: _otherwise(rows, name) for name in FACTS}
    return rows.filter(rows.kind != UNREADABLE).select(
        **{
            name: ibis.cases(*values[name], else_=rest[name]) if values[name] else rest[name]
            for name in FACTS
        }
    )


def texts_families(texts: Expression, producer: Producer) -> Expression:
    """Return `family`, which kinds each `text` of a producer, without its head, can be of."""
    return family_of(texts, _TABLES[producer.name])


def guesses(texts: Expression, producer: Producer, family: int) -> Expression:
    """Return `guess`, the number of the only kind that each text of a family can be of, or UNPARSED.

    `texts` has the columns `text`, without the head, and `service`.
    """
    return texts.select(guess=guess_in(texts, _TABLES[producer.name], family))


def fields(texts: Expression, number: int) -> Expression:
    """Return whether each `text`, without its head, is of a kind, `proved`, and the fields of that kind."""
    if number == UNPARSED:
        return texts.select(proved=ibis.literal(value=True), text=_unparsed(texts.text))
    kind = NUMBERED[number][1]
    rows = captured_by(texts, kind)
    return rows.select("proved", **kind.values(rows))


def _unparsed(text: Expression) -> Expression:
    return without_password(text.substr(0, UNPARSED_TEXT))


def _otherwise(rows: Expression, name: str) -> Expression:
    """What a column holds where the kind has nothing to say of it."""
    if name == "kind":
        return ibis.literal("unparsed")
    if name in HEAD_FIELDS:
        return rows[name]
    return ibis.null(FACTS[name]) if name in FIELDS else rows[name]
