# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines sorted by kind give the same events as the same expressions asked about all lines at once."""

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from audit.readlog import TAG, WRITTEN, parse
from audit.test_forgery import HOSTILE
from audit.test_line_kinds import SAMPLES, TAGS
from mailaudit.engine import Engine
from mailaudit.logs.dispatch import UNPARSED
from mailaudit.logs.lines import LINES, Block, cut_lines
from mailaudit.logs.parse import NUMBERED, events, parsed
from mailaudit.logs.stamp import calendar
from mailaudit.logs.tags import read_tags

ODD = [
    f"{TAG}postfix/smtpd: connect from a[192.0.2.7]",
    f"{TAG}postfix/smtpd[]: connect from a[192.0.2.7]",
    f"{TAG}postfix/smtpd[12345678]: connect from a[192.0.2.7]",
    f"{TAG}postfix/smtpd[99999999999999999999]: connect from a[192.0.2.7]",
    f"{TAG}postfix/smtpd[7x]: connect from a[192.0.2.7]",
    f"{TAG}postfix/smtpd[7]:connect from a[192.0.2.7]",
    f"{TAG}nobody said what",
    f"{TAG}Thư mời: họp",
    f"{TAG}webmail: 会议: x",
    "Nov 21 23:52:46 mail: dovecot: imap-login: Login: user=<a@example.org>",
    "Nov 21 23:52:46 imap-login: Info: Login: user=<a@example.org>, rip=192.0.2.7, session=<s>",
    "Nov 21 23:52:46 imap(a@example.org)<7><s>: Info: Disconnected: Logged out in=1 out=2",
    "Nov 21 23:52:46 lmtp(7, a@example.org)<s>: Error: open() failed",
    "<22>1 2026-11-21T23:52:46Z mail postfix/smtpd 7 - - connect from a[192.0.2.7]",
    "<22>Nov 21 23:52:46 mail postfix/smtpd[7]: connect from a[192.0.2.7]",
    "1795305166.5 mail postfix/smtpd[7]: connect from a[192.0.2.7]",
    '{"timestamp": "2026-11-21T16:52:46Z", "event": "alarm", "code": "scanner"}',
    "{no JSON",
    "Nov 21 23:52:46 ",
    "Nov 21 23:52:46",
    "]: ",
    "",
]


def at_once(lines: list[str]) -> list[dict[str, Any]]:
    """The events as the expression for all lines gives them."""
    block = Block("".join(f"{line}\n" for line in lines).encode(), 0)
    engine = Engine(Path("/nonexistent"))
    engine.load("lines", pa.Table.from_batches([cut_lines(block, 1, calendar([], WRITTEN)).batch]))
    rows = parsed(ibis.table(ibis.Schema.from_pyarrow(LINES), name="lines"))
    found = engine.table(engine.query(events(rows, [*NUMBERED, UNPARSED]).order_by("position")))
    return [{name: value for name, value in row.items() if value is not None} for row in found.to_pylist()]


@pytest.mark.parametrize(
    "lines",
    [
        [TAGS[producer] + sample for producer, _, sample, _ in SAMPLES],
        [TAG + line for line, _ in HOSTILE],
        ODD,
    ],
    ids=["samples", "hostile", "odd"],
)
def test_sorted_lines_give_the_same_events(lines: list[str]) -> None:
    assert parse(lines) == at_once(lines)


def test_a_line_cut_short_anywhere_is_what_the_expressions_say() -> None:
    samples = [TAGS[producer] + sample for producer, _, sample, _ in SAMPLES[::8]]
    lines = [line[:end] for line in [*samples, *ODD] for end in range(len(line))]
    assert parse(lines) == at_once(lines)


def test_hosts_and_programs_are_told_apart_however_many_there_are() -> None:
    names = [(f"mail{number % 7000}", f"program{number % 11}") for number in range(20_000)]
    lines = "".join(f"Nov 21 23:52:46 {host} {program}[7]: x\n" for host, program in names)
    tags = read_tags(cut_lines(Block(lines.encode(), 0), 1, calendar([], WRITTEN)).batch)
    assert [tags.pairs[code] for code in tags.codes.tolist()] == names


def test_tags_that_are_read_quickly_are_those_of_ordinary_lines_only() -> None:
    block = Block("".join(f"{line}\n" for line in [*ODD, f"{TAG}dovecot: x"]).encode(), 0)
    tags = read_tags(cut_lines(block, 1, calendar([], WRITTEN)).batch)
    assert [line for line, odd in zip(ODD, tags.odd.tolist(), strict=False) if not odd] == [ODD[0], ODD[8]]
    assert tags.pairs[tags.codes[-1]] == ("mail", "dovecot")
