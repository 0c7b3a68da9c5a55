# SPDX-License-Identifier: GPL-3.0-or-later
"""What lines begin with: time, host and program, and then what a producer's own texts begin with.

A line is `time host program[pid]: text`, or `<22>1 time host program pid msgid - text` (RFC 5424), or
`time service: Info: text` as Dovecot writes its own files, or the gate's JSON. Whatever is none of these
has no program.
"""

from collections.abc import Mapping, Sequence

import ibis

from mailaudit.logs.functions import Expression, capture
from mailaudit.logs.gate import PROGRAM, written_at
from mailaudit.logs.kinds import HEAD_FIELDS, Producer

OTHERS = "other"
"""The producer of lines of programs that have no table."""

# No host has a parenthesis: in Dovecot's own log one holds a user's name, which may look like all the rest.
_SYSLOG = r"^([^ (]+) ([A-Za-z0-9_./@+-]+)(?:\[(\d+)\])?: (.*)"
_IS_RFC5424 = r"^(?:<\d{1,3}>)?1 "
_STRUCTURED = (
    r'(?:-|(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+)'  # RFC 5424, 6.3: a quoted value may hold anything
)
_RFC5424 = rf"^([^ ]+) ([A-Za-z0-9_./@+-]+) (?:-|(\d+)) [^ ]+ {_STRUCTURED}(?: \x{{FEFF}}?(.*))?\n?$"
_LEVELS = ("Info", "Warning", "Error", "Fatal", "Panic", "Debug")
_OWN_FILE = rf"^[a-z][a-z0-9-]*(?:\(.*\))?(?:<[^>]*>)*: (?:{'|'.join(_LEVELS)}): "


def parted(lines: Expression) -> Expression:
    """Return lines (the columns LINES) as source, position, time, host, program, pid and text."""
    rows = lines.mutate(after=_in_one_line(lines.line.substr(lines.rest)), dated=lines.time.notnull())
    parts = ("host", "program", "pid", "text")
    tag = ibis.cases(
        (_is_rfc5424(rows), capture(rows.after, _RFC5424, parts)),
        else_=capture(rows.after, _SYSLOG, parts),
    )
    rows = rows.mutate(tag=tag, json=~rows.dated & rows.line.startswith("{"))
    rows = rows.mutate(own=rows.dated & _is_own_file(rows))
    known = rows.dated & ~rows.own
    null = ibis.null("string")
    return rows.select(
        "source",
        "position",
        time=rows.json.ifelse(written_at(rows.line), rows.time),
        host=known.ifelse(rows.tag.host.nullif(""), null),
        program=ibis.cases((known, rows.tag.program.nullif("")), (rows.own, "dovecot"), (rows.json, PROGRAM)),
        pid=known.ifelse(rows.tag.pid.nullif("").try_cast("int64"), ibis.null("int64")),
        text=ibis.cases((known, rows.tag.text), (rows.own, rows.after), (rows.json, _in_one_line(rows.line))),
    )


def _is_rfc5424(rows: Expression) -> Expression:
    """Only a line that says so: what comes after the time could be a text of another style."""
    return rows.line.substr(0, 1).isin(["<", "1"]) & rows.line.re_search(_IS_RFC5424)


def _in_one_line(text: Expression) -> Expression:
    """A line as it was read may have its newline still."""
    return text.endswith("\n").ifelse(text.substr(0, text.length() - 1), text)


def _is_own_file(rows: Expression) -> Expression:
    """`imap-login: Info: text` looks like host, program and text; `lmtp(7, user): Info: text` does not."""
    untagged = ibis.cases((rows.tag.program == "", rows.after.re_search(_OWN_FILE)), else_=False)
    return (rows.tag.program.isin(_LEVELS) & rows.tag.host.endswith(":")) | untagged


def headed(rows: Expression, producers: Sequence[Producer]) -> Expression:
    """Return parted lines with their producer, and with what it takes off its texts in HEAD_FIELDS."""
    whose = ibis.cases(*((_is_of(rows.program, each), each.name) for each in producers), else_=OTHERS)
    rows = rows.mutate(producer=whose)
    splits = {
        f"{each.name}_split": ibis.cases((rows.producer == each.name, each.split(rows.text)))
        for each in producers
    }
    rows = rows.mutate(**splits)
    heads = {each.name: each.head(rows[f"{each.name}_split"], rows) for each in producers}
    head = _column("head", rows, heads)
    columns = {name: _column(name, rows, heads) for name in HEAD_FIELDS}
    text = head.isnull().ifelse(rows.text, rows.text.substr(head.length()))
    return rows.select(
        "source", "position", "time", "host", "program", "pid", "producer", text=text, **columns
    )


def head_of(rows: Expression, producer: Producer) -> Expression:
    """Return what a producer takes off its texts, `head`, and HEAD_FIELDS, of rows with such texts."""
    rows = rows.mutate(split=producer.split(rows.text))
    columns = producer.head(rows.split, rows)
    null = ibis.null("string")
    return rows.select(
        columns["head"].name("head"), **{name: columns.get(name, null) for name in HEAD_FIELDS}
    )


def _is_of(program: Expression, producer: Producer) -> Expression:
    return program.re_search(f"^(?:{producer.programs})$")


def _column(name: str, rows: Expression, heads: Mapping[str, Mapping[str, Expression]]) -> Expression:
    own = [(rows.producer == producer, head[name]) for producer, head in heads.items() if name in head]
    return ibis.cases(*own, else_=ibis.null("string"))
