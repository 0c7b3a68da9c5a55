# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that owners removed, as Dovecot's mail_log plugin shows it: the deleted told from the moved.

Only `expunge` takes mail out of a folder; `delete` marks it. Moved mail is copied first, and then expunged
where it was: each copy stands for one mail that is still there. So copies are remembered from one batch of
lines to the next, until that expunge is read, or for mailaudit.store.deletion_tables.LASTS.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from mailaudit import mastersessions
from mailaudit.logs.functions import Expression
from mailaudit.store import local_time
from mailaudit.store.deletion_rows import CopiedMail, Deletion, Removals
from mailaudit.usage.lines import mailbox_of, microseconds
from mailaudit.violations.folders import KEPT, Use, use_of
from mailpolicy.officetime import office_day

MAIL_LOG = "mail-log"
COPY, EXPUNGE = "copy", "expunge"
POP3 = "pop3"
SERVICES = ("imap", POP3)
"""What owners use. What doveadm removes, or a folder's age (`autoexpunge`), no owner does."""


class How(StrEnum):
    """What became of the mail."""

    DELETED = "deleted"  # it is gone
    TRASHED = "trashed"  # it lies in the trash
    FETCHED = "fetched"  # taken off the server over POP3: its owner may have it


class Line(NamedTuple):
    """A line of mail_log; `mail` is the Message-ID, or what else the mail is known by in its mailbox."""

    time: int
    source_id: int
    position: int
    mailbox: str
    mail: str
    folder: str
    action: str
    service: str
    message_id: str | None


def lines(events: Expression, sessions: Expression) -> Expression:
    """Return the columns of Line, in order; `sessions` are master users' (mailaudit.mastersessions.OPEN)."""
    its = events.filter(
        events.kind == MAIL_LOG,
        events.action.isin((COPY, EXPUNGE)),
        events.service.isin(SERVICES),
        events.user.notnull(),
        events.folder.notnull(),
    )
    its = mastersessions.without(its.filter(~its.user.contains(mastersessions.MASTER)), sessions)
    mail = its.message_id.nullif("").coalesce("size " + its["size"].cast("string"))
    its = its.mutate(mail=mail, mailbox=mailbox_of(its.user), source_id=its.source)
    rows = its.filter(its.mail.notnull()).order_by("time", "source", "position")
    return rows.mutate(time=microseconds(rows.time)).select(*Line._fields)


def removals(rows: Iterable[tuple[Any, ...]], copied: Iterable[CopiedMail]) -> Removals:
    """Tell deletions from moves in Lines, as `lines` returns them; `copied` was remembered before them."""
    before = set(copied)
    copies: dict[tuple[str, str], dict[str, CopiedMail]] = defaultdict(dict)
    for one in before:
        copies[one.mailbox, one.mail][one.folder] = one
    found: dict[tuple[str, ...], Deletion] = {}
    for line in map(Line._make, rows):
        its = copies[line.mailbox, line.mail]
        if line.action == COPY:
            its[line.folder] = CopiedMail(line.mailbox, line.mail, line.folder, *line[:3])
        elif how := _removed(line, its):
            _count(found, line, how)
    after = {one for folders in copies.values() for one in folders.values()}
    return Removals(list(found.values()), sorted(after - before), sorted(before - after))


def _removed(line: Line, copies: dict[str, CopiedMail]) -> How | None:
    """What became of an expunged mail, None if it is kept elsewhere or need not be kept; uses up its copy."""
    if copies.pop(line.folder, None):
        return None  # only a copy went, and what it was made of stays
    there = [one for one in copies.values() if one.time <= line.time]
    there.sort(key=lambda one: (use_of(one.folder) is Use.TRASH, -one.time, one.folder))
    if there:
        del copies[there[0].folder]
    if use_of(line.folder) not in KEPT:
        return None
    if there:
        return How.TRASHED if use_of(there[0].folder) is Use.TRASH else None
    return How.FETCHED if line.service == POP3 else How.DELETED


def _count(found: dict[tuple[str, ...], Deletion], line: Line, how: How) -> None:
    day = office_day(local_time(line.time)).isoformat()
    key = (day, line.mailbox, str(use_of(line.folder)), str(how))
    new = Deletion(*key, 1, *line[:3], line.message_id or None)
    found[key] = found[key]._replace(messages=found[key].messages + 1) if key in found else new
