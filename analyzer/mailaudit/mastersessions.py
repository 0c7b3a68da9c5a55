# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that a master user began in another's place: nothing in them is a use by the mailbox's owner.

Only a login names the master; the end of his session looks like the owner's. So his sessions are remembered
from one batch of lines to the next, until their end is read, or for LASTS. They are known by their identifier
alone, on whatever host: behind a proxy only the proxy's login may name the master.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

import ibis
import pyarrow as pa

from mailaudit.logs.functions import Expression
from mailaudit.store.master_sessions import LASTS
from mailaudit.store.rows import MasterSession, MasterSessions
from mailaudit.usage.columns import table_of
from mailaudit.usage.lines import microseconds

OPEN = {"session": "string", "time": "int64", "source": "int32", "position": "int64"}
"""The columns of such sessions: the login's time, in microseconds, and where it stands."""
MASTER = "*"
"""Stands in a login name before the master user (auth_master_user_separator)."""


def is_by_master(events: Expression) -> Expression:
    """Whether each login, or end of a session, names a master user."""
    return events.user.contains(MASTER) | _is_another(events.auth_user.lower(), events.user.lower())


def begun(events: Expression, logins: Collection[str]) -> Expression:
    """Return the sessions (the columns OPEN) that master users begin; `logins` are the kinds of logins."""
    its = events.filter(events.kind.isin(logins), events.user.notnull(), events.session.notnull())
    its = its.filter(is_by_master(its))
    return its.select("session", "source", "position", time=microseconds(its.time)).select(*OPEN)


def without(events: Expression, sessions: Expression) -> Expression:
    """Return the events that belong to none of these sessions (the columns OPEN)."""
    known = sessions.group_by("session").aggregate(began=sessions.time.max())
    rows = events.left_join(known, "session")
    is_over = microseconds(rows.time) > rows.began + LASTS // timedelta(microseconds=1)
    return rows.filter(rows.began.isnull() | is_over).drop("began", "session_right")


def ended(events: Expression, sessions: Expression, ends: Collection[str]) -> Expression:
    """Return `session` of those whose end is among events; `ends` are the kinds of ends."""
    its = events.filter(events.kind.isin(ends), events.session.notnull())
    return sessions.semi_join(its, "session").select("session").distinct()


def as_table(sessions: Iterable[MasterSession]) -> pa.Table:
    """Return stored sessions as an engine takes them."""
    return table_of(sessions, OPEN)


def changes(begun: Iterable[tuple[Any, ...]], ended: Iterable[tuple[str]]) -> MasterSessions:
    """Return what is to be stored: the sessions (the columns OPEN) that were begun, but not those ended."""
    over = {session for (session,) in ended}
    sessions = (MasterSession(*row) for row in begun)
    return MasterSessions([one for one in sessions if one.session not in over], sorted(over))


def _is_another(auth_user: Expression, user: Expression) -> Expression:
    """Whether who proved himself is named and is not the user, with his domain or without."""
    same = (auth_user == user) | user.startswith(auth_user + "@") | auth_user.startswith(user + "@")
    return ibis.cases((auth_user.notnull(), ~same), else_=False)
