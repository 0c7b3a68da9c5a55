# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain messages are folded by columns: to the same totals as by the queries for messages of any kind."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.foldings import both_ways
from audit.mailtraffic import Traffic

START = datetime.fromisoformat("2026-09-01T16:59:30")  # the office's midnight is half a minute off
HOSTS = ["mail", "mx", "MAIL"]
IDS = ["4F5C64474F", "06B9D22673D", "9BC762263EA", "3ABCDEF1"]
ADDRESSES = [
    *("canbo1@example.org", "CanBo1@Example.ORG", "canbo1+tin@example.org", "canbo2@example.org"),
    *("a@gmail.com", "A@gmail.com", "b+c@example.com", "root", "", "Ứng@Example.ORG"),
]
CLIENTS = ["mx.example.net[198.51.100.7]", "localhost[127.0.0.1]", "unknown[10.1.2.3]"]
RELAYS = ["mx.example.com[192.0.2.9]:25", "127.0.0.1[127.0.0.1]:10024", "localhost[::1]:10024", "mail[x]"]
APART = [0, 1, 5, 59, 60, 61, 3600, 86400, 86401, 7 * 86400, 7 * 86400 + 1]

ids, addresses = st.sampled_from(IDS), st.sampled_from(ADDRESSES)
message_ids = st.sampled_from(["<1@example.org>", "<2@example.org>", "<>"])
Line = tuple[str, str]
"""A program and what it says."""


@st.composite
def beginning(draw: Any, queue_id: str) -> Line:
    """A message comes in: from a stranger, from somebody logged in, or from a program."""
    client, sender = draw(st.sampled_from(CLIENTS)), draw(addresses)
    login = f"client={client}, sasl_method=PLAIN, sasl_username={sender or 'x'}"
    submitted = f"uid=5000 from=<{sender}>"
    ways = {
        "postfix/smtpd": f"client={client}",
        "postfix/submission/smtpd": login,
        "postfix/pickup": submitted + draw(st.sampled_from(["", f" orig_id={draw(ids)}"])),
    }
    program = draw(st.sampled_from([*list(ways) * 2, "postfix/submission/smtpd"]))
    return program, f"{queue_id}: {ways[program]}"


@st.composite
def delivery(draw: Any, queue_id: str) -> Line:
    """It is handed on: to a mailbox, another host, a filter or a forward."""
    agent = draw(st.sampled_from(["lmtp", "lmtp", "smtp", "smtp", "local", "virtual", "pipe", "error"]))
    to, first_for = draw(addresses), draw(st.sampled_from(["", "", "", *ADDRESSES]))
    alias = f", orig_to=<{first_for}>" if first_for else ""
    relay = draw(st.sampled_from(RELAYS))
    reply = draw(
        st.sampled_from(["250 ok", "250 2.0.0 Ok: queued as 0ABCDEF"])
        | st.builds("250 2.0.0 Ok: queued as {}".format, ids)
        | st.builds("forwarded as {}".format, ids)
    )
    status = draw(st.sampled_from(["sent"] * 6 + ["deferred", "bounced"]))
    outcome = f"delay=1, delays=0/0/0/1, dsn=2.0.0, status={status} ({reply})"
    return f"postfix/{agent}", f"{queue_id}: to=<{to}>{alias}, relay={relay}, {outcome}"


@st.composite
def message(draw: Any) -> list[Line]:
    """The lines of a message, mostly all."""
    queue_id = draw(ids)
    queued = f"{queue_id}: from=<{draw(addresses)}>, size={draw(st.integers(1, 99))}, nrcpt=1 (queue active)"
    lines = [
        draw(beginning(queue_id)),
        ("postfix/cleanup", f"{queue_id}: message-id={draw(message_ids)}"),
        ("postfix/qmgr", queued),
        *draw(st.lists(delivery(queue_id), max_size=3)),
        ("postfix/qmgr", f"{queue_id}: removed"),
    ]
    if draw(st.integers(0, 3)) == 0:
        del lines[draw(st.integers(0, len(lines) - 1))]
    return lines


@st.composite
def of_dovecot(draw: Any) -> list[Line]:
    """What Sieve handed on, or what Dovecot's submission service relayed."""
    who = draw(st.sampled_from(["canbo1@example.org", "canbo2@example.org"]))
    to = draw(addresses.filter(bool))
    sieve = f"sieve: msgid={draw(message_ids)}: redirect action: forwarded to <{to}>"
    relayed = f"from=<{who}>, size=9, id=x, nrcpt=1, reply=`250 2.0.0 Ok: queued as {draw(ids)}'"
    return [
        draw(
            st.sampled_from(
                [
                    ("dovecot", f"lmtp({who})<7><s>: {sieve}"),
                    ("dovecot", f"submission({who})<7><s>: Successfully relayed message: {relayed}"),
                ]
            )
        )
    ]


@st.composite
def a_log(draw: Any) -> list[str]:
    """Messages of some hosts, their lines now and then out of order or twice."""
    now, lines = START, []
    for said in draw(st.lists(message() | message() | message() | of_dovecot(), min_size=1, max_size=6)):
        now += timedelta(seconds=draw(st.sampled_from(APART)))
        host = draw(st.sampled_from([*HOSTS[:1] * 3, *HOSTS]))
        time = now
        for program, text in said:
            time += timedelta(seconds=draw(st.sampled_from([0] * 12 + APART)))
            lines.append((time, f"{host} {program}[7]: {text}"))
    if draw(st.booleans()):
        lines.sort(key=lambda line: line[0])
    for number in draw(st.lists(st.integers(0, len(lines) - 1), max_size=2)):
        lines.insert(draw(st.integers(0, len(lines))), lines[number])
    return [f"{time:%b} {time.day:2} {time:%H:%M:%S} {text}" for time, text in lines]


@settings(max_examples=25, deadline=None)
@given(lines=a_log(), cuts=st.sets(st.integers(1, 20), max_size=2))
def test_whatever_a_log_says_both_ways_store_the_same(lines: list[str], cuts: set[int]) -> None:
    for mine, by_queries in both_ways(lines, {cut for cut in cuts if cut < len(lines)}):
        assert mine == by_queries


def test_a_long_log_of_everything_is_stored_the_same_in_batches() -> None:
    lines = [line.rstrip("\n") for line in Traffic(11).messages(120)]
    for mine, by_queries in both_ways(lines, range(100, len(lines), 100)):
        assert mine == by_queries
