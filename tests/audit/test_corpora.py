# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs that others wrote, where they are at hand: nothing crashes, everything adds up, most is understood.

Run it with -s to see what is parsed of each program, and every line that is not.
"""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from audit.corpora import LOGS, is_ours, lines_of
from audit.office import Office
from audit.readlog import parse
from mailaudit.summary import summarise

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the logs of others are not here: {LOGS}")

FOLDERS = ["crowdsec", "fail2ban", "lab", "lightmeter", "modoboa", "postfix-grok-patterns"]
UNKNOWN = {"fail2ban": 2, "postfix-grok-patterns": 6}  # lines of others' tests, that no program writes so
OURS = ("postfix", "dovecot")
each_folder = pytest.mark.parametrize("folder", FOLDERS)

COUNTED_BY_HAND = {
    "deliveries sent": (
        re.compile(r": to=<[^>]*>,.* status=sent \("),
        lambda event: event["kind"] == "delivery" and event["status"] == "sent",
    ),
    "logins": (
        re.compile(r"-login: (?:Info: )?(?:Login|Logged in): user=<[^>]"),
        lambda event: event["kind"] in ("login", "login-as"),
    ),
    "submissions": (
        re.compile(r": [0-9A-Za-z]+: client=.*, sasl_username="),
        lambda event: event["kind"] == "client-login",
    ),
    "refusals": (
        re.compile(r"\]: [0-9A-Za-z]+: reject: [A-Z]+ from "),
        lambda event: event["kind"] == "reject",
    ),
    "stored by Sieve": (
        re.compile(r"sieve: .*stored mail into mailbox '"),
        lambda event: event["kind"] == "sieve-stored",
    ),
    "sessions with bytes": (
        re.compile(r"(?:imap|managesieve)\([^)]*\).* (?:in|bytes)=\d+(?: out=|/)\d+"),
        lambda event: event["kind"] == "session-end" and "bytes_in" in event,
    ),
}


@cache
def events_of(folder: str) -> list[dict[str, Any]]:
    return parse(lines_of(LOGS / folder))


def test_real_logs_are_read_and_every_line_is_counted(office: Office) -> None:
    outcomes = office.ingest(LOGS)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    summary = summarise(office.store)
    assert summary.lines.total == sum(outcome.lines for outcome in outcomes)
    assert sum(summary.events.values()) + summary.lines.unreadable == summary.lines.total


@each_folder
def test_every_line_of_postfix_and_dovecot_is_understood(folder: str) -> None:
    events = [event for event in events_of(folder) if event["producer"] in OURS]
    lines: Counter[str] = Counter(event["program"] for event in events)
    unknown = [event for event in events if event["kind"] == "unparsed"]
    missed: Counter[str] = Counter(event["program"] for event in unknown)
    for program, count in sorted(lines.items()):
        print(f"{folder:22} {program:40} {count - missed[program]:5} of {count:5} lines")
    for event in unknown:
        print(f"{folder:22} {event['program']:40} unknown: {event['text']}")
    assert len(unknown) == UNKNOWN.get(folder, 0)


@each_folder
def test_as_many_lines_are_postfixs_and_dovecots_as_one_pattern_counts(folder: str) -> None:
    ours = [event for event in events_of(folder) if event["producer"] in OURS]
    assert len(ours) == sum(map(is_ours, lines_of(LOGS / folder)))


@pytest.mark.parametrize("what", COUNTED_BY_HAND)
def test_the_totals_are_those_that_one_pattern_over_whole_lines_counts(what: str) -> None:
    pattern, counts = COUNTED_BY_HAND[what]
    found = {folder: sum(map(counts, events_of(folder))) for folder in FOLDERS}
    assert found == {
        folder: sum(1 for line in lines_of(LOGS / folder) if pattern.search(line)) for folder in FOLDERS
    }
    assert sum(found.values()) > 0


def test_a_lab_with_postfix_and_dovecot_shows_who_was_there(office: Office) -> None:
    office.ingest(LOGS / "lab" / "mail.log", LOGS / "lab" / "dovecot.log")
    assert office.kinds()["unreadable"] == 0
    assert set(office.seen()) == {"user@so.gov.test", "ghost@so.gov.test"}
