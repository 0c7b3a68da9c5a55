# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines become typed events: whose line it is, of which kind, and the fields of that kind.

Everything here is an expression for an engine; nothing is computed in Python. A line is first parted as
`time host program[pid]: text`, or as Dovecot writes its own files, `time service: Info: text`, or it is the
gate's JSON. Then each producer's table is asked.
"""

from collections.abc import Iterable, Mapping

import ibis

from mailaudit.logs.dispatch import number_of_kind
from mailaudit.logs.dovecot import DOVECOT
from mailaudit.logs.gate import GATE, PROGRAM, written_at
from mailaudit.logs.kinds import FIELDS, HEAD_FIELDS, Expression, Kind, Producer, capture, without_password
from mailaudit.logs.postfix import POSTFIX

PRODUCERS: tuple[Producer, ...] = (POSTFIX, DOVECOT, GATE)
NUMBERED: Mapping[int, tuple[Producer, Kind]] = dict(
    enumerate((producer, kind) for producer in PRODUCERS for kind in producer.kinds)
)
"""Every kind of line, by the number that parsed lines carry in `kind`."""
UNPARSED, UNREADABLE = -1, -2
"""A log line that no table knows; a line that is none, having no time or no program."""
OTHERS = "other"
"""The producer of lines of programs that have no table."""
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

_SYSLOG = r"^(?P<host>[^ ]+) (?P<program>[A-Za-z0-9_./@+-]+)(?:\[(?P<pid>\d+)\])?: (?P<text>.*)"
_LEVELS = ("Info", "Warning", "Error", "Fatal", "Panic", "Debug")
_OWN_FILE = rf"^[a-z][a-z0-9-]*(?:\([^)]*\))?(?:<[^>]*>)*: (?:{'|'.join(_LEVELS)}): "


def parsed(lines: Expression) -> Expression:
    """Return lines (the columns of mailaudit.logs.lines.LINES) with their producer, head and number of kind."""
    return _numbered(_headed(_parted(lines)))


def events(rows: Expression, numbers: Iterable[int]) -> Expression:
    """Return the events (the columns FACTS) of parsed lines whose number of kind is one of these."""
    return ibis.union(*(_events(rows, number) for number in numbers))


def _parted(lines: Expression) -> Expression:
    """Whatever is no log line has neither program nor text."""
    rest = lines.mutate(after=lines.line.substr(lines.rest), dated=lines.time.notnull())
    tag = capture(rest.after, _SYSLOG, ("host", "program", "pid", "text"))
    json = ~rest.dated & rest.line.startswith("{")
    rows = rest.mutate(tag=tag, json=json)
    untagged = ibis.cases((rows.tag.program == "", rows.after.re_search(_OWN_FILE)), else_=False)
    own = (rows.tag.program.isin(_LEVELS) & rows.tag.host.endswith(":")) | untagged
    rows = rows.mutate(own=rows.dated & own)
    known = rows.dated & ~rows.own
    program = ibis.cases((known, rows.tag.program.nullif("")), (rows.own, "dovecot"), (rows.json, PROGRAM))
    return rows.select(
        "source",
        "position",
        time=rows.json.ifelse(written_at(rows.line), rows.time),
        host=known.ifelse(rows.tag.host.nullif(""), ibis.null("string")),
        program=program,
        pid=known.ifelse(rows.tag.pid.nullif("").try_cast("int64"), ibis.null("int64")),
        text=ibis.cases((known, rows.tag.text), (rows.own, rows.after), (rows.json, rows.line)),
    )


def _headed(rows: Expression) -> Expression:
    """Each producer takes off what its lines begin with."""
    whose = ibis.cases(
        *((producer.writes(rows.program), producer.name) for producer in PRODUCERS), else_=OTHERS
    )
    rows = rows.mutate(producer=whose)
    mine = {producer.name: rows.producer == producer.name for producer in PRODUCERS}
    rows = rows.mutate(
        **{f"{p.name}_split": ibis.cases((mine[p.name], p.split(rows.text))) for p in PRODUCERS}
    )
    heads = {p.name: p.head(rows[f"{p.name}_split"], rows.text) for p in PRODUCERS}
    columns = {
        name: ibis.cases(
            *((rows.producer == producer, head[name]) for producer, head in heads.items() if name in head),
            else_=rows.text if name == "text" else ibis.null("string"),
        )
        for name in HEAD_FIELDS
    }
    kept = ("source", "position", "time", "host", "program", "pid", "producer")
    return rows.select(*kept, **columns)


def _numbered(rows: Expression) -> Expression:
    """Rows with the number of their kind."""
    tables = {
        producer.name: {n: kind for n, (p, kind) in NUMBERED.items() if p is producer}
        for producer in PRODUCERS
    }
    numbered = number_of_kind(rows, tables, UNPARSED)
    no_log_line = numbered.time.isnull() | numbered.program.isnull()
    return numbered.mutate(kind=no_log_line.ifelse(UNREADABLE, numbered.kind).cast("int16"))


def _events(rows: Expression, number: int) -> Expression:
    own = rows.filter(rows.kind == number)
    values = {name: own[name] for name in FACTS if name in own.columns and name != "kind"}
    if number in NUMBERED:
        kind = NUMBERED[number][1]
        values |= {"kind": ibis.literal(kind.name), **_own_values(own, kind)}
    else:
        text = without_password(own.text.substr(0, UNPARSED_TEXT))
        values |= {"kind": ibis.literal("unparsed"), "text": text}
    return own.select(**{name: values.get(name, ibis.null(type_)) for name, type_ in FACTS.items()})


def _own_values(rows: Expression, kind: Kind) -> dict[str, Expression]:
    """A kind's own fields go before those of its head, which is not a text then."""
    values = {name: value for name, value in kind.values(rows).items() if name in FIELDS}
    return {"text": ibis.null("string"), **values}
