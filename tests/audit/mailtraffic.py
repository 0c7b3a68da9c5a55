# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a mail log with every way a message can take, and counts it again, plainly, line by line."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from audit.maillog import START, stamp

OURS = "example.org"
PEOPLE = [f"canbo{number}@{OURS}" for number in range(6)]
STRANGERS = ["a@example.com", "b@example.net", "c@gmail.com"]
IDS = [f"{number:010X}" for number in range(60)]
"""So few that short identifiers are used again and again."""
FILTER = "127.0.0.1[127.0.0.1]:10024"


@dataclass
class Traffic:
    """Messages on one host, begun one after the other; their lines lie among each other's."""

    seed: int
    host: str = "mail"
    lines: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311  no secret
        self._now = START
        self._number = 0
        self._until: dict[str, datetime] = {}

    def messages(self, count: int) -> list[str]:
        """Write so many messages, and return the log."""
        for number in range(count):
            self._number = number
            self._now += timedelta(seconds=self._random.choice([7, 40, 400, 2000]))
            ways = [self.submitted, self.inbound, self.filtered, self.sieved, self.forwarded, self.refused]
            self._random.choice(ways)()
        ordered = sorted(self.lines, key=lambda line: line[0])
        return [f"{stamp(time)} {self.host} {text}\n" for time, text in ordered]

    def submitted(self) -> None:
        """By somebody logged in, to several; one of them may have to wait for an hour."""
        who, queue_id = self._random.choice(PEOPLE), self._id()
        login = f"client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username={who.upper()}"
        self._say(0, "submission/smtpd", queue_id, login)
        to = self._random.sample([*PEOPLE, *STRANGERS], self._random.randint(1, 4))
        self._queue(queue_id, who, to, waits=self._random.random() < 0.2)

    def inbound(self) -> None:
        """From a stranger to a mailbox, or to an alias of a mailbox or of a stranger."""
        queue_id = self._id()
        self._say(0, "smtpd", queue_id, "client=mx.example.net[198.51.100.7]")
        alias = self._random.choice(["", f", orig_to=<vanthu@{OURS}>"])
        to = self._random.choice(PEOPLE if not alias else [*PEOPLE, *STRANGERS])
        self._queue(queue_id, self._random.choice(["", *STRANGERS]), [to], alias)

    def filtered(self) -> None:
        """By somebody logged in, through a content filter that hands it back under another identifier."""
        who, queue_id, back = self._random.choice(PEOPLE), self._id(), self._id()
        login = f"client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username={who}"
        self._say(0, "submission/smtpd", queue_id, login)
        to = self._random.choice([*PEOPLE, *STRANGERS])
        self._say(0, "cleanup", queue_id, f"message-id=<{self._number}@{OURS}>")
        self._say(0, "qmgr", queue_id, f"from=<{who}>, size={self._size()}, nrcpt=1 (queue active)")
        self._say(1, "smtpd", back, "client=localhost[127.0.0.1]")
        self._queue(back, who, [to], after=1)
        said = f"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {back}"
        self._say(2, "smtp", queue_id, f"to=<{to}>, relay={FILTER}, delay=2, dsn=2.0.0, status=sent ({said})")
        self._say(2, "qmgr", queue_id, "removed")

    def sieved(self) -> None:
        """From a stranger to a mailbox whose Sieve script sends it on."""
        queue_id, copy, who = self._id(), self._id(), self._random.choice(PEOPLE)
        self._say(0, "smtpd", queue_id, "client=mx.example.net[198.51.100.7]")
        sender = self._random.choice([*STRANGERS, *PEOPLE])
        self._queue(queue_id, sender, [who])
        self._say(1, "pickup", copy, f"uid=5000 from=<{sender}>")
        self._queue(copy, sender, ["me@gmail.com"], after=1)
        sieve = f"sieve: msgid=<{self._number}@{OURS}>: redirect action: forwarded to <me@gmail.com>"
        self._write(1, f"dovecot: lmtp({who})<7><s>: {sieve}")

    def forwarded(self) -> None:
        """To a local user whose .forward file sends it on."""
        queue_id, copy, who = self._id(), self._id(), self._random.choice(PEOPLE)
        self._say(0, "smtpd", queue_id, "client=mx.example.net[198.51.100.7]")
        self._say(0, "cleanup", queue_id, f"message-id=<{self._number}@{OURS}>")
        self._say(0, "qmgr", queue_id, f"from=<a@example.com>, size={self._size()}, nrcpt=1 (queue active)")
        self._queue(copy, "a@example.com", ["me@gmail.com"], f", orig_to=<{who}>")
        said = f"status=sent (forwarded as {copy})"
        self._say(1, "local", queue_id, f"to=<{who}>, relay=local, delay=1, dsn=2.0.0, {said}")
        self._say(1, "qmgr", queue_id, "removed")

    def refused(self) -> None:
        """By somebody logged in, and refused before it is queued: its identifier is soon used again."""
        login = f"client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username={PEOPLE[0]}"
        self._say(0, "submission/smtpd", self._id(), login)

    def _queue(
        self,
        queue_id: str,
        sender: str,
        to: list[str],
        alias: str = "",
        *,
        after: int = 0,
        waits: bool = False,
    ) -> None:
        self._say(after, "cleanup", queue_id, f"message-id=<{self._number}@{OURS}>")
        size = self._size()
        self._say(after, "qmgr", queue_id, f"from=<{sender}>, size={size}, nrcpt={len(to)} (queue active)")
        for number, recipient in enumerate(to):
            late = after + (3600 if waits and number == 0 else 1)
            if late > 3600:
                text = "dsn=4.2.0, status=deferred (try again)"
                self._say(1, "smtp", queue_id, f"to=<{recipient}>, relay=mx[192.0.2.9]:25, delay=1, {text}")
                self._say(late, "qmgr", queue_id, f"from=<{sender}>, size={size}, nrcpt=1 (queue active)")
            ours = recipient.endswith(OURS)
            agent, relay = (
                ("lmtp", "mail[private/lmtp]") if ours else ("smtp", "mx.example.com[192.0.2.9]:25")
            )
            outcome = self._random.choice(
                ["dsn=2.0.0, status=sent (250 ok)"] * 5 + ["dsn=5.1.1, status=bounced (no)"]
            )
            self._say(late, agent, queue_id, f"to=<{recipient}>{alias}, relay={relay}, delay=1, {outcome}")
        self._say(after + (3600 if waits else 1), "qmgr", queue_id, "removed")

    def _say(self, after: int, program: str, queue_id: str, text: str) -> None:
        self._write(after, f"postfix/{program}[7]: {queue_id}: {text}")

    def _write(self, after: int, text: str) -> None:
        self.lines.append((self._now + timedelta(seconds=after), text))

    def _id(self) -> str:
        """An identifier that no message has now: the one that was free for longest."""
        free = [one for one in IDS if self._until.get(one, START) < self._now]
        taken = min(free, key=lambda one: self._until.get(one, START - timedelta(days=1)))
        self._until[taken] = self._now + timedelta(seconds=3700)
        return taken

    def _size(self) -> int:
        return self._random.randint(500, 90_000)


_LINE = re.compile(r"(\w{3} +\d+ [\d:]+) (\S+) postfix/(\S+)\[\d+\]: (\w+): (.*)\n")


def recount(log: Iterable[str]) -> dict[str, Counter[str]]:
    """Count what each mailbox sent and received, as one would who reads the log with his finger."""
    found: dict[str, Counter[str]] = {}
    open_: dict[tuple[str, str], dict[str, str]] = {}
    for host, program, queue_id, text in _postfix(log):
        if text.startswith(("client=", "uid=")) or (host, queue_id) not in open_:
            open_[host, queue_id] = {}
        known = open_[host, queue_id]
        if "sasl_username=" in text:
            known["by"] = text.partition("sasl_username=")[2].partition(",")[0].lower()
        if text.startswith("from=<") and "size" not in known:
            known["size"] = re.findall(r"size=(\d+)", text)[0]
            _add(found, known.get("by"), "sent", int(known["size"]))
        if "status=sent" in text:
            if "by" in known:
                found[known["by"]]["recipients"] += 1
            if program == "lmtp":
                _add(found, re.findall(r"to=<(.*?)>", text)[0], "received", int(known["size"]))
        if text == "removed":
            del open_[host, queue_id]
    return found


def correspondents(log: Iterable[str]) -> dict[str, set[str]]:
    """Return whom each mailbox wrote to, and who wrote to it."""
    found: dict[str, set[str]] = {}
    login: dict[str, str] = {}
    sender: dict[str, str] = {}
    for _, program, queue_id, text in _postfix(log):
        if text.startswith(("client=", "uid=")):
            login[queue_id] = text.partition("sasl_username=")[2].lower()
        if text.startswith("from=<"):
            sender[queue_id] = text[6:].partition(">")[0]
        if "status=sent" in text:
            to = re.findall(r"to=<(.*?)>", text)
            if login.get(queue_id):
                found.setdefault(login[queue_id], set()).add(to[-1])
            if program == "lmtp" and sender[queue_id]:
                found.setdefault(to[0], set()).add(sender[queue_id])
        if text == "removed":
            login.pop(queue_id, None)
    return found


def _postfix(log: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    for line in log:
        if match := _LINE.fullmatch(line):
            yield match[2], match[3], match[4], match[5]


def _add(found: dict[str, Counter[str]], who: str | None, what: str, size: int) -> None:
    if who is None:
        return
    counter = found.setdefault(who, Counter())
    counter[what] += 1
    counter[f"{what}_bytes"] += size
