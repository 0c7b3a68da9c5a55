# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of a report counted again from raw log lines and the directory's CSV, in plain Python."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

ANSWER_WITHIN = timedelta(days=7)
PUBLIC = ("gmail.com",)
_LINE = re.compile(r"(\S+) mail (\S+?)(?:\[\d+\])?: (.*)\n")


@dataclass
class Message:
    """One message in the queue."""

    login: str = ""
    sender: str = ""
    size: int = 0
    queued: datetime | None = None


@dataclass
class Plain:
    """Counters by mailbox, of the days from `first` to `last`."""

    domain: str
    first: date
    last: date
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    days: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    logins: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    findings: list[dict[str, str]] = field(default_factory=list)
    came: list[tuple[str, str, datetime]] = field(default_factory=list)
    written: list[tuple[str, str, datetime]] = field(default_factory=list)

    def read(self, log: Iterable[str]) -> "Plain":
        """Count every line."""
        messages: dict[str, Message] = defaultdict(Message)
        for line in log:
            if found := _LINE.fullmatch(line):
                time = datetime.fromisoformat(found[1])
                if found[2] == "dovecot":
                    self._dovecot(time, found[3])
                elif found[2] == "mailgate":
                    self._verdict(time, json.loads(found[3]))
                else:
                    queue_id, _, text = found[3].partition(": ")
                    self._postfix(time, found[2], messages[queue_id], text)
        return self

    def holds(self, time: datetime) -> bool:
        return self.first <= time.date() <= self.last

    def _dovecot(self, time: datetime, text: str) -> None:
        login = re.match(r"imap-login: Login: user=<(.*?)>", text)
        ended = re.match(r"imap\((.*?)\).*Disconnected", text)
        if (login or ended) and self.holds(time):
            who = (login or ended)[1]  # type: ignore[index]
            self.counts[who]["logins" if login else "sessions"] += 1
            self.days[who].add(time.date())
            if login:
                self.logins[time.date()].add(who)

    def _verdict(self, time: datetime, verdict: dict[str, object]) -> None:
        if self.holds(time):
            found = verdict["findings"]
            assert isinstance(found, list)
            self.findings += [one | {"login": verdict["login"]} for one in found]

    def _postfix(self, time: datetime, program: str, message: Message, text: str) -> None:
        if login := re.search(r"sasl_username=(\S+)", text):
            message.login = login[1]
            if self.holds(time):
                self.counts[login[1]]["logins"] += 1
                self.days[login[1]].add(time.date())
        if queued := re.match(r"from=<(.*?)>, size=(\d+)", text):
            message.sender, message.size, message.queued = queued[1], int(queued[2]), time
            if message.login and self.holds(time):
                self.counts[message.login]["sent"] += 1
                self.counts[message.login]["sent_bytes"] += message.size
        if (to := re.match(r"to=<(.*?)>", text)) and "status=sent" in text:
            self._delivered(time, program.rpartition("/")[2], message, to[1])

    def _delivered(self, time: datetime, agent: str, message: Message, to: str) -> None:
        if message.login:
            self.written.append((message.login, to, message.queued or time))
            if self.holds(message.queued or time):
                self._count(message.login, "recipients", to)
        if agent == "lmtp":
            if message.sender != to:
                self.came.append((to, message.sender, time))
            if self.holds(time):
                self.counts[to]["received_bytes"] += message.size
                self._count(to, "received", message.sender)

    def _count(self, who: str, what: str, other: str) -> None:
        domain = other.partition("@")[2]
        self.counts[who][what] += 1
        self.counts[who][f"{what}_outside"] += domain != self.domain
        self.counts[who][f"{what}_public"] += domain in PUBLIC

    def total(self, what: str) -> int:
        return sum(counter[what] for counter in self.counts.values())

    def answers(self, box: str) -> tuple[int, int, list[timedelta]]:
        """How many messages came to a mailbox, how many were answered within a week, and how soon."""
        waits = []
        came = [(writer, time) for to, writer, time in self.came if to == box and self.holds(time)]
        for writer, time in came:
            later = [at - time for who, to, at in self.written if (who, to) == (box, writer) and at >= time]
            waits += [min(later)] if later and min(later) <= ANSWER_WITHIN else []
        return len(came), len(waits), waits


def rows(file: Path) -> list[dict[str, str]]:
    """The directory's rows."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
