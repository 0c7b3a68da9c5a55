# SPDX-License-Identifier: GPL-3.0-or-later
"""A message is followed over its queues to every mailbox it reached."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.maillog import START, line
from audit.office import Office
from audit.test_violations import FORWARDS, in_mailbox, message, sent, verdict
from mailaudit.cli import app

LAB = Path(__file__).parents[3] / "shared" / "corpora" / "logs" / "lab"


def trace(office: Office, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--home", str(office.home), "trace", *arguments])
    return done.exit_code, done.output


def tree(office: Office, *arguments: str) -> Any:
    return json.loads(trace(office, *arguments, "--json")[1])


def ids(stays: Any) -> Any:
    return {stay["queue_id"]: ids(stay["went_on_to"]) for stay in stays}


@pytest.mark.parametrize("what", ["<m@example.com>", "m@example.com", "A1B2C3", "B1B2C3", "me@gmail.com"])
@pytest.mark.parametrize("how", ["an alias behind a filter", "a forward file", "Sieve"])
def test_whatever_is_known_of_a_message_leads_to_its_whole_way(office: Office, how: str, what: str) -> None:
    office.ingest(office.write("mail.log", FORWARDS[how]))
    assert ids(tree(office, what)) == {"A1B2C3": {"B1B2C3": {}}}


def test_a_tree_says_where_it_went_and_what_the_gate_said(office: Office) -> None:
    found = {"code": "auto-forward", "mode": "observe", "action": "redirect"}
    gate = verdict([found], ["me@gmail.com"], action="accept")
    office.ingest(office.write("mail.log", FORWARDS["Sieve"]), office.write("gate.log", [gate]))
    said = trace(office, "A1B2C3")[1]
    for words in (
        "<m@example.com> from <a@example.com>, 365 bytes",
        "A1B2C3 on mail, from mx.example.com[198.51.100.7]",
        "to canbo1@example.org: sent 2.0.0, mail[private/lmtp]",
        "Sieve forwarded it to me@gmail.com",
        "B1B2C3 on mail, from a program of this host",
        "gate: accept (auto-forward)",
        "to Me@gmail.com: sent 2.0.0, mx.example.com[192.0.2.9]:25",
    ):
        assert words in said


def test_an_identifier_that_was_used_twice_is_two_messages(office: Office) -> None:
    first = message("A1B2C3", in_mailbox("canbo1@example.org"))
    second = [
        each.replace("m@example", "n@example")
        for each in message("A1B2C3", in_mailbox("b@example.org"), at=900)
    ]
    office.ingest(office.write("mail.log", [*first, *second]))
    assert [stay["message_id"] for stay in tree(office, "A1B2C3")] == ["<m@example.com>", "<n@example.com>"]
    assert [stay["message_id"] for stay in tree(office, "<n@example.com>")] == ["<n@example.com>"]


def test_a_message_that_waited_for_days_is_followed_to_its_end(office: Office) -> None:
    log = message("A1B2C3", sent("b@example.com", status="deferred"))[:-1]
    later = START + timedelta(days=3)
    log.append(line(later, "postfix/smtp[7]", f"A1B2C3: {sent('b@example.com').split(' ', 1)[1]}"))
    office.ingest(office.write("mail.log", log))
    [stay] = tree(office, "A1B2C3")
    assert [one["status"] for one in stay["deliveries"]] == ["deferred", "sent"]
    assert "still in the queue" in trace(office, "A1B2C3")[1]


def test_days_bound_the_search_and_nothing_found_ends_with_1(office: Office) -> None:
    office.ingest(office.write("mail.log", FORWARDS["an alias"]))
    assert trace(office, "A1B2C3", "--from", "2026-09-02")[0] == 1
    assert trace(office, "A1B2C3", "--to", "2026-09-01")[0] == 0
    assert trace(office, "nobody@example.org")[0] == 1


def test_of_an_address_the_latest_messages_are_shown(office: Office) -> None:
    log = [
        each.replace("m@example", f"m{n}@example")
        for n in range(30)
        for each in message(f"A1B2{n:02}", in_mailbox("canbo1@example.org"), at=n * 60)
    ]
    office.ingest(office.write("mail.log", log))
    found = tree(office, "Canbo1@example.org")
    assert [stay["queue_id"] for stay in found] == [f"A1B2{n:02}" for n in range(10, 30)]
    assert "10 earlier ones are not shown" in trace(office, "canbo1@example.org")[1]


@pytest.mark.skipif(not LAB.is_dir(), reason=f"the logs of the laboratory are not here: {LAB}")
def test_the_ways_of_a_real_postfix_and_dovecot_are_found(office: Office) -> None:
    office.ingest(LAB / "mail.log", LAB / "dovecot.log")
    assert ids(tree(office, "<t1@ext.test>")) == {"7229D2266BB": {"8CCA62266C3": {}}}
    assert ids(tree(office, "<t2@ext.test>")) == {"45A6C2266CA": {"4F89C2266CD": {"544DD2266CB": {}}}}
    assert ids(tree(office, "06B9D22673D")) == {"06B9D22673D": {"092F822673F": {}}}
    assert ids(tree(office, "2DFF922671A")) == {"8B077226791": {"2DFF922671A": {}}}
