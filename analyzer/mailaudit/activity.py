# SPDX-License-Identifier: GPL-3.0-or-later
"""When each mailbox was last used by its owner, and how that is known.

`last_activity(store)` gives it for every mailbox that any log has shown in use. Activity is a successful
login over IMAP, POP3, submission or ManageSieve, and the end of a session that lasted longer than
SESSION_LASTED: a phone may log in once and stay for months. A delivery, a failed password, an aborted login
or a master user is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailaudit.store import Store, local_time
from mailaudit.store.rows import Seen

LOGIN = "login"
SESSION_END = "session-end"
DETAIL = (
    r"\+.*?(@[^@]*)?$"  # user+detail@domain: what makes an address of a mailbox (RFC 5233), and its domain
)
SESSION_LASTED = timedelta(days=1)  # a shorter session says no more than the login that began it


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where it stands: the log's path, the line's first byte (of the decompressed log), and the line.

    The path of a log on another host is host:path.
    """

    file: str
    position: int
    line: str


@dataclass(frozen=True, slots=True)
class Activity:
    """The last use of a mailbox. `time` has the machine's local offset; `address` is None if not known."""

    time: datetime
    service: str
    address: str | None
    event: str
    evidence: Evidence


def last_activity(store: Store, mailbox: str | None = None) -> dict[str, Activity]:
    """Return the last activity of each mailbox, or of one. Keys are normalised: lower case, no +detail.

    A name that was logged without a domain is a key without one.
    """
    return latest_of(store.last_seen(mailbox and normalise_mailbox(mailbox)), store.places())


def latest_of(rows: Iterable[Seen], paths: dict[int, str]) -> dict[str, Activity]:
    """Return the last activity of each mailbox among the store's rows; `paths` are its places."""
    by_mailbox: dict[str, list[Seen]] = {}
    for seen in rows:
        by_mailbox.setdefault(seen.mailbox, []).append(seen)
    return {name: _activity(_latest(those), those, paths) for name, those in by_mailbox.items()}


def activities(store: Store, mailbox: str) -> list[Activity]:
    """Return a mailbox's last login and last end of a session by each service, the latest first."""
    paths = store.places()
    rows = sorted(store.last_seen(normalise_mailbox(mailbox)), key=lambda row: row.time, reverse=True)
    return [_activity(row, rows, paths) for row in rows]


def normalise_mailbox(name: str) -> str:
    """Return a login name as mailboxes are counted: in lower case, without the +detail of its local part."""
    plain = name.strip().lower()
    return re.sub(DETAIL, r"\1", plain) if "+" in plain else plain  # most have none, and there are many


def _latest(rows: Sequence[Seen]) -> Seen:
    """The latest login, unless a session that lasted ended still later."""
    if len(rows) == 1:
        return rows[0]
    ordered = sorted(rows, key=lambda row: row.time)
    login = next((row for row in reversed(ordered) if row.event == LOGIN), None)
    last = ordered[-1]
    if login is None or last.time - login.time > SESSION_LASTED / timedelta(microseconds=1):
        return last
    return login


def _activity(seen: Seen, rows: Iterable[Seen], paths: dict[int, str]) -> Activity:
    """A session's end names no address; that of its login does, if it was the last login."""
    address = seen.address or next((row.address for row in rows if row.session == seen.session), None)
    evidence = Evidence(paths[seen.source_id], seen.position, seen.line)
    return Activity(local_time(seen.time), seen.service, address, seen.event, evidence)
