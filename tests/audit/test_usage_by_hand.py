# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number of `mailaudit usage` again, counted in plain Python from the lines of the log alone."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.maillog import login, session_end
from audit.mailtraffic import PEOPLE, Traffic
from audit.office import Office, each_store
from audit.officehours import ours
from mailaudit.cli import app

UNITS = {"canbo0": "So A", "canbo1": "So A", "canbo2": "So B", "canbo3": ""}
STRANGER, NO_UNIT = "(not in the directory)", "(no unit)"
AMOUNTS = (
    *("logins", "sessions", "sent", "sent_bytes", "recipients", "recipients_outside", "recipients_public"),
    *("received", "received_bytes", "received_outside", "received_public"),
)
Counts = dict[tuple[str, int, str], Counter[str]]
"""By the office's day, hour and mailbox."""


def a_log(seed: int) -> list[str]:
    """Messages of every kind, over some days, with people who read theirs in between."""
    traffic, chance = Traffic(seed), random.Random(seed)  # noqa: S311  no secret
    lines = [(time, f"{text}\n") for time, text in zip(*_dated(traffic.messages(200)), strict=True)]
    for number in range(80):
        time = lines[chance.randrange(len(lines))][0]
        who = chance.choice([*PEOPLE[:4], "CanBo4@example.org", "ke-la@example.org"])
        lines.append((time, login(time, who, session=f"x{number}")))
        end = time + timedelta(minutes=chance.choice([5, 300, 900]))
        lines.append((end, session_end(end, who, session=f"x{number}")))
    return [text if text.endswith("\n") else f"{text}\n" for _, text in sorted(lines, key=lambda one: one[0])]


def _dated(log: list[str]) -> tuple[list[datetime], list[str]]:
    return [moment(line) for line in log], [line.rstrip("\n") for line in log]


def moment(line: str) -> datetime:
    return datetime.strptime(f"2026 {line[:15]}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007  of this machine's clock


def is_outside(address: str) -> bool:
    return "@" in address and not address.endswith("@example.org")


def count(log: list[str]) -> Counts:
    """Read line after line; what is known of a message is forgotten when it is removed."""
    found: Counts = defaultdict(Counter)
    messages: dict[str, dict[str, Any]] = {}
    for line in log:
        time = ours(moment(line))

        def at(who: str, when: datetime = time) -> Counter[str]:
            return found[str(when.date()), when.hour, who.lower()]

        if seen := re.search(r"-login: Login: user=<(.*?)>", line):
            at(seen[1])["logins"] += 1
        elif seen := re.search(r"imap\((.*?)\)<7><.*>: Disconnected", line):
            at(seen[1])["sessions"] += 1
        elif seen := re.search(r"postfix/(\S+)\[7\]: (\w{10}): (.*)", line):
            _of_message(messages, at, (seen[1], seen[2], seen[3]), time)
    return found


def _of_message(
    messages: dict[str, dict[str, Any]],
    at: Callable[..., Counter[str]],
    said: tuple[str, str, str],
    time: datetime,
) -> None:
    program, queue_id, text = said
    if text.startswith(("client=", "uid=")) or queue_id not in messages:
        messages[queue_id] = {}
    message = messages[queue_id]
    if "sasl_username=" in text:
        message["by"] = text.partition("sasl_username=")[2]
        at(message["by"])["logins"] += 1
    if text.startswith("from=<") and "size" not in message:
        message |= {
            "size": int(re.findall(r"size=(\d+)", text)[0]),
            "from": text[6:].partition(">")[0],
            "at": time,
        }
        if "by" in message:
            at(message["by"]).update({"sent": 1, "sent_bytes": message["size"]})
    if "status=sent" in text:
        to = re.findall(r"to=<(.*?)>", text)
        if "by" in message:
            reached = {
                "recipients": 1,
                "recipients_outside": is_outside(to[-1]),
                "recipients_public": "@gmail.com" in to[-1],
            }
            at(message["by"], message["at"]).update(reached)
        if program == "lmtp":
            writer = message["from"]
            came = {"received": 1, "received_bytes": message["size"], "received_outside": is_outside(writer)}
            at(to[0]).update(came | {"received_public": "@gmail.com" in writer})
    if text == "removed":
        del messages[queue_id]


def added(counts: Counts, key: Callable[[str, int, str], str]) -> dict[str, dict[str, int]]:
    """The sums by a key, with the days on which each mailbox was used."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    used: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (day, hour, who), counter in counts.items():
        name = key(day, hour, who)
        sums[name].update(counter)
        if counter["logins"] or counter["sessions"]:
            used[name].add((day, who))
    return {
        name: {amount: counter[amount] for amount in AMOUNTS} | {"days_active": len(used[name])}
        for name, counter in sums.items()
    }


def unit_of(who: str) -> str:
    name = who.partition("@")[0]
    return (UNITS[name] or NO_UNIT) if name in UNITS else STRANGER


KEYS: dict[str, Callable[[str, int, str], str]] = {
    "mailbox": lambda _day, _hour, who: who,
    "unit": lambda _day, _hour, who: unit_of(who),
    "day": lambda day, _hour, _who: day,
    "hour": lambda _day, hour, _who: str(hour),
}


def told(office: Office, *arguments: str) -> Any:
    site, boxes = office.logs / "site.toml", office.logs / "boxes.csv"
    site.write_text('regulation = "hcm"\ndomains = ["example.org"]\n')
    boxes.write_text(
        "\n".join(["address,unit", *(f"{n}@example.org,{unit}" for n, unit in UNITS.items()), ""])
    )
    store = ["--store", office.url] if office.url else []
    files = ["--site", str(site), "--directory", str(boxes), "--json"]
    done = CliRunner().invoke(app, ["--home", str(office.home), *store, "usage", *files, *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def rows(table: Any, by: str) -> Iterator[tuple[str, dict[str, int]]]:
    for row in table["rows"]:
        yield row[by], {name: row[name] for name in (*AMOUNTS, "days_active") if row[name] is not None}


@each_store
def test_every_number_is_that_of_a_count_by_hand(office: Office) -> None:
    log = a_log(5)
    for end in (len(log) // 2, len(log)):
        office.ingest(office.write("mail.log", log[:end]))
    counts = count(log)
    for by, key in KEYS.items():
        table = told(office, "--by", by)
        expected = added(counts, key)
        for name, amounts in rows(table, by):
            assert amounts == {amount: expected[name][amount] for amount in amounts}, (by, name)
        missing = expected.keys() - dict(rows(table, by))
        assert not any(any(expected[name].values()) for name in missing)
        total = added(counts, lambda *_: "all")["all"]
        assert {name: table["total"][name] for name in AMOUNTS if table["total"][name] is not None} == {
            name: total[name] for name in AMOUNTS if table["total"][name] is not None
        }
    assert min(total.values()) > 0


@pytest.mark.parametrize("seed", range(2))
def test_a_period_s_numbers_are_those_of_its_own_days(office: Office, seed: int) -> None:
    log = a_log(seed)
    office.ingest(office.write("mail.log", log))
    counts = count(log)
    days = sorted({day for day, _, _ in counts})[1:-1]
    inside = {key: counter for key, counter in counts.items() if days[0] <= key[0] <= days[-1]}
    table = told(office, "--by", "unit", "--from", days[0], "--to", days[-1])
    expected = added(inside, KEYS["unit"])
    assert dict(rows(table, "unit")) == expected
    assert {name for name, _ in rows(table, "unit")} == {"So A", "So B", NO_UNIT, STRANGER}


def test_both_databases_tell_the_same(office: Office, store_url: str) -> None:
    log = office.write("mail.log", a_log(3))
    office.ingest(log)
    other = Office(office.logs, office.home.parent / "other", store_url)
    other.ingest(log)
    for by in KEYS:
        peers = ["--peers"] if by in ("mailbox", "unit") else []
        assert told(office, "--by", by, *peers) == told(other, "--by", by, *peers)
