# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a message plain: examples that are, and for each condition one that is not."""

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from audit.foldings import batches, both_ways, folded, open_after
from mailaudit.store.usage_rows import OpenLine
from mailaudit.usage.kept import open_lines_table
from mailaudit.usage.marks import marks_of
from mailaudit.usage.plain import Plain, plain
from mailaudit.usage.queue import queue

ID, OTHER = "4F5C64474F", "9BC762263EA"
LATER = "Nov 30 09:00:00 mail kernel: tick"
ON_MX = LATER.replace(" mail ", " mx ")


def said(text: str, program: str = "smtpd", by: str = ID) -> str:
    return f"Nov 20 09:00:00 mail postfix/{program}[7]: {by}: {text}"


def delivered(to: str, agent: str, reply: str = "250 ok", relay: str = "mail[x]", by: str = ID) -> str:
    outcome = f"delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent ({reply})"
    return said(f"{to}, relay={relay}, {outcome}", agent, by)


LOGIN = said("client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username=canbo1@example.org")
CLIENT = said("client=mx.example.net[198.51.100.7]")
NAMED = said("message-id=<1@example.org>", "cleanup")
QUEUED = said("from=<canbo1@example.org>, size=900, nrcpt=1 (queue active)", "qmgr")
PICKUP = said("uid=0 from=<root>", "pickup")
HERE, OUTSIDE = delivered("to=<canbo2@example.org>", "lmtp"), delivered("to=<a@gmail.com>", "smtp")
ALIAS = delivered("to=<canbo2@example.org>, orig_to=<all@example.org>", "lmtp")
FILTER = "127.0.0.1[127.0.0.1]:10024"
HOP = delivered("to=<a@gmail.com>", "smtp", f"250 2.0.0 Ok: queued as {OTHER}", FILTER)
REMOVED = said("removed", "qmgr")
SUBMITTED = [LOGIN, NAMED, QUEUED, HERE, OUTSIDE, REMOVED]
CAME = [CLIENT, NAMED, QUEUED, HERE, REMOVED]


def sorted_out(lines: Sequence[str], open_: Sequence[OpenLine] = ()) -> dict[str, str]:
    """Whether the message of each identifier is `done`, `going on`, or not plain."""
    [by_kind] = batches(lines, ())
    found = queue(by_kind, open_lines_table([*open_]))
    kinds: Plain = plain(found, marks_of(by_kind.values()))
    states = np.where(kinds.done, "done", np.where(kinds.going_on, "going on", "not plain"))
    return dict(zip(found.names.to_pylist(), states.tolist(), strict=True))


def check_both(lines: Sequence[str], cuts: Iterable[int] = ()) -> None:
    for mine, by_queries in both_ways(lines, cuts):
        assert mine == by_queries


PLAIN = {
    "sent by somebody who logged in, here and elsewhere": SUBMITTED,
    "from a stranger to a mailbox": CAME,
    "to an alias of a mailbox": [CLIENT, NAMED, QUEUED, ALIAS, REMOVED],
    "a bounce, which Postfix began itself": [NAMED, QUEUED, HERE, REMOVED],
    "handed on to another host, and to no mailbox here": [CLIENT, NAMED, QUEUED, OUTSIDE, REMOVED],
    "through a filter that says nothing else of whom it was for": [LOGIN, NAMED, QUEUED, HOP, REMOVED],
    "from a program of the host": [PICKUP, NAMED, QUEUED, HERE, OUTSIDE, REMOVED],
    "waiting in the queue, and taken up again": [LOGIN, NAMED, QUEUED, QUEUED, OUTSIDE, REMOVED],
    "to several, once each": [LOGIN, NAMED, QUEUED, HERE, HERE.replace("canbo2", "canbo3"), OUTSIDE, REMOVED],
    "to the same one twice": [LOGIN, NAMED, QUEUED, OUTSIDE, OUTSIDE.replace("<a@", "<A@"), REMOVED],
    "its lines in another order": [REMOVED, OUTSIDE, QUEUED, NAMED, LOGIN],
}


@pytest.mark.parametrize("lines", PLAIN.values(), ids=PLAIN.keys())
def test_a_message_is_plain(lines: list[str]) -> None:
    assert sorted_out([*lines, LATER])[ID] == "done"


def test_a_plain_message_goes_on_until_a_minute_after_it_was_removed() -> None:
    for clock, state in (("09:00:59", "going on"), ("09:01:00", "done")):
        lines = [*SUBMITTED, f"Nov 20 {clock} mail kernel: tick"]
        assert sorted_out(lines)[ID] == state
        check_both(lines)


def test_another_hosts_clock_says_nothing_of_a_message() -> None:
    lines = [*SUBMITTED, ON_MX]
    assert sorted_out(lines)[ID] == "going on"
    check_both(lines)


def test_what_a_program_wrote_and_was_not_queued_goes_on_for_a_day() -> None:
    for clock, state in (("21 08:59:59", "going on"), ("21 09:00:00", "not plain")):
        lines = [PICKUP, NAMED, f"Nov {clock} mail kernel: tick"]
        assert sorted_out(lines)[ID] == state
        check_both(lines)


def test_what_never_left_the_queue_goes_on_for_seven_days() -> None:
    for clock, state in (("27 08:59:59", "going on"), ("27 09:00:00", "done")):
        lines = [LOGIN, NAMED, QUEUED, f"Nov {clock} mail kernel: tick"]
        assert sorted_out(lines)[ID] == state
        check_both(lines)


@pytest.mark.parametrize("cut", range(1, len(SUBMITTED)))
def test_a_plain_message_may_have_been_open_before(cut: int) -> None:
    lines = [*SUBMITTED, LATER]
    [first, *_] = batches(lines, [cut])
    open_ = open_after(folded(first, open_lines_table([])), [])
    assert len(open_) == cut
    assert sorted_out(lines[cut:], open_)[ID] == "done"
    check_both(lines, [cut])


SIEVE = "Nov 20 09:00:00 mail dovecot: lmtp(canbo1@example.org)<7><s>: sieve: msgid=<1@example.org>: "
RELAYED = "Nov 20 09:00:00 mail dovecot: submission(canbo1@example.org)<7><s>: Successfully relayed message: "
NOT_PLAIN = {
    "two beginnings": [LOGIN, CLIENT, NAMED, QUEUED, HERE, REMOVED],
    "two message-ids": [LOGIN, NAMED, NAMED, QUEUED, HERE, REMOVED],
    "queued with two sizes": [LOGIN, NAMED, QUEUED, QUEUED.replace("900", "901"), HERE, REMOVED],
    "queued for two senders": [LOGIN, NAMED, QUEUED, QUEUED.replace("canbo1", ""), HERE, REMOVED],
    "never queued": [LOGIN, NAMED, HERE, REMOVED],
    "removed twice": [LOGIN, NAMED, QUEUED, HERE, REMOVED, REMOVED],
    "put back into the queue": [PICKUP.replace("<root>", f"<root> orig_id={OTHER}"), QUEUED, HERE, REMOVED],
    "lines of two hosts": [*SUBMITTED[:-1], REMOVED.replace(" mail ", " mx "), ON_MX],
    "a line more than a minute after its removal": [
        *(LOGIN, NAMED, QUEUED, REMOVED),
        HERE.replace("09:00:00", "09:01:01"),
    ],
    "lines more than seven days apart": [LOGIN, QUEUED, HERE.replace("20 09", "28 09")],
    "a delivery elsewhere of what was for another address": [
        *(LOGIN, NAMED, QUEUED, REMOVED),
        delivered("to=<a@gmail.com>, orig_to=<all@example.org>", "smtp"),
    ],
    "from a stranger, to a mailbox and elsewhere": [CLIENT, NAMED, QUEUED, HERE, OUTSIDE, REMOVED],
    "what Sieve handed on, by its message-id": [
        *(CLIENT, NAMED, QUEUED, OUTSIDE, REMOVED),
        f"{SIEVE}redirect action: forwarded to <a@gmail.com>",
    ],
    "what Sieve handed on, as a program of the host": [
        *(PICKUP, NAMED, QUEUED, HERE, REMOVED),
        f"{SIEVE}redirect action: forwarded to <a@gmail.com>",
    ],
    "a delivery to nobody": [CLIENT, NAMED, QUEUED, delivered("to=<>", "local"), REMOVED],
    "a forward file sends it on": [
        *(CLIENT, NAMED, QUEUED, REMOVED),
        delivered("to=<canbo2@example.org>", "local", f"forwarded as {OTHER}"),
    ],
    "it goes on under another identifier, which then knows whom it was for": [
        *(LOGIN, NAMED, QUEUED, REMOVED),
        HOP.replace("to=<a@gmail.com>", "to=<a@gmail.com>, orig_to=<all@example.org>"),
    ],
    "it comes back from a filter that says whom it was for": [
        *SUBMITTED,
        delivered(
            "to=<a@gmail.com>, orig_to=<all@example.org>", "smtp", f"250 Ok: queued as {ID}", FILTER, by=OTHER
        ),
    ],
    "it comes of a forward file": [
        *(CLIENT, NAMED, QUEUED, OUTSIDE, REMOVED),
        delivered("to=<canbo2@example.org>", "local", f"forwarded as {ID}", by=OTHER),
    ],
    "Dovecot's submission service handed it in": [
        *(CLIENT, NAMED, QUEUED, OUTSIDE, REMOVED),
        f"{RELAYED}from=<canbo1@example.org>, size=9, id=x, nrcpt=1, reply=`250 Ok: queued as {ID}'",
    ],
}


@pytest.mark.parametrize("lines", NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
def test_a_message_is_not_plain(lines: list[str]) -> None:
    assert sorted_out([*lines, LATER])[ID] == "not plain"


@pytest.mark.parametrize("apart", [1000, 17])
def test_plain_or_not_it_is_stored_the_same_in_any_batches(apart: int) -> None:
    log = [
        line.replace(ID, f"{ID}{number}").replace(OTHER, f"{OTHER}{number}").replace("<1@", f"<{number}@")
        for number, lines in enumerate([*PLAIN.values(), *NOT_PLAIN.values()])
        for line in lines
    ]
    check_both([*log, LATER, ON_MX], range(apart, len(log), apart))


def test_what_is_known_of_an_open_message_from_another_keeps_it_from_being_plain() -> None:
    leads = delivered("to=<canbo2@example.org>", "local", f"forwarded as {ID}", by=OTHER)
    [first] = batches([leads], ())
    open_ = open_after(folded(first, open_lines_table([])), [])
    assert sorted_out([CLIENT, NAMED, QUEUED, OUTSIDE, REMOVED, LATER], open_)[ID] == "not plain"


def test_a_delivery_to_nobody_counts_for_nobody() -> None:
    [by_kind] = batches([*NOT_PLAIN["a delivery to nobody"], LATER], ())
    assert folded(by_kind, open_lines_table([])).days == []
