# SPDX-License-Identifier: GPL-3.0-or-later
"""What is put into the store and taken out of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mailaudit.store.deletion_rows import Removals
from mailaudit.store.usage_rows import CoverageHour, Folded, GateFinding

UNPARSED = "unparsed"
"""The kind of a log line that no table knows."""
UNREADABLE = "unreadable"
"""The kind of a line without a time or a program: no log line at all."""


@dataclass(slots=True)
class Source:
    """A log known by its content, and how far it was read. Times are microseconds since the epoch, in UTC."""

    id: int
    first_line: str
    head: bytes
    tail: bytes
    offset: int
    path: str
    first_time: int | None = None
    last_time: int | None = None
    garbled: int = 0
    home: str = ""  # the identifier of the home whose analyzer read it last
    stored_offset: int | None = None  # `offset` as the store has it; None: the log is not in it yet
    alike: int = 0  # of a log not yet in the store, how many there begin with the same line

    @property
    def span(self) -> tuple[int, int] | None:
        """The times of its first and its last line."""
        if self.first_time is None or self.last_time is None:
            return None
        return self.first_time, self.last_time


class FactsFile(NamedTuple):
    """A Parquet file below the folder facts/, the day of its events, and how many they are."""

    path: str
    day: str
    events: int


class Count(NamedTuple):
    """How many lines of a source one program wrote of one kind."""

    source_id: int
    program: str
    producer: str
    kind: str
    lines: int


class Seen(NamedTuple):
    """A login or the end of a session: the last of its mailbox, service and event, with its evidence."""

    mailbox: str
    service: str
    event: str
    time: int
    address: str | None
    session: str | None
    source_id: int
    position: int
    line: str


class ActivityDay(NamedTuple):
    """How often a mailbox was used by its owner through one service on one day of the office."""

    day: str
    mailbox: str
    service: str
    logins: int
    session_ends: int


class HourDigests(NamedTuple):
    """The digests of the lines of one hour (since 1970) in a stretch of a source from `position` on."""

    hour: int
    source_id: int
    position: int
    digests: bytes


class Compared(NamedTuple):
    """With what a log's lines of some hours were compared, to know those that other logs have too.

    `read` is how far the logs were read that overlap it, by number, and `rows` what was known of their lines.
    """

    source: Source
    hours: tuple[int, int]
    read: Mapping[int, int]
    rows: Collection[tuple[int, int, int, int]]


class MasterSession(NamedTuple):
    """A session that a master user began in another's place, and where its login stands."""

    session: str
    time: int
    source_id: int
    position: int


@dataclass(slots=True)
class MasterSessions:
    """Master users' sessions that a batch begins and does not end, and the identifiers of those it ends."""

    begun: list[MasterSession] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Everything that a stretch of log lines changes: it is stored whole or not at all."""

    sources: list[Source] = field(default_factory=list)
    files: list[FactsFile] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    last_seen: list[Seen] = field(default_factory=list)
    days: list[ActivityDay] = field(default_factory=list)
    masters: MasterSessions = field(default_factory=MasterSessions)
    digests: list[HourDigests] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    folded: Folded = field(default_factory=Folded)
    covered: list[CoverageHour] = field(default_factory=list)
    findings: list[GateFinding] = field(default_factory=list)
    removals: Removals = field(default_factory=Removals)
