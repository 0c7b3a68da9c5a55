# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that may last still: a phone logs in once, and stays for months."""

from collections.abc import Iterable

import sqlalchemy as sa

from mailaudit.activity import LOGIN
from mailaudit.store import Store
from mailaudit.store.rows import Seen
from mailaudit.store.tables import LAST_SEEN

LASTING = "imap"
"""The service whose sessions last; the others' are over within minutes."""


def ends_are_logged(store: Store) -> bool:
    """Whether the logs show the end of any such session. If not, nothing is known of how long they last."""
    ends = LAST_SEEN.c.service == LASTING, LAST_SEEN.c.event != LOGIN
    return bool(store.rows(sa.select(LAST_SEEN.c.mailbox).where(*ends).limit(1)))


def open_sessions(seen: Iterable[Seen]) -> set[str]:
    """Return the names whose last IMAP login began a session that no line shows the end of."""
    lasting = [row for row in seen if row.service == LASTING]
    ends = {row.mailbox: row for row in lasting if row.event != LOGIN}
    logins = (row for row in lasting if row.event == LOGIN and row.session)
    return {login.mailbox for login in logins if _lasts(login, ends.get(login.mailbox))}


def _lasts(login: Seen, end: Seen | None) -> bool:
    return end is None or (end.session != login.session and end.time < login.time)
