# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail deleted from mailboxes whose mail is to be kept, as the logs show it (row 20)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mailaudit.store import local_time
from mailaudit.store.deletion_rows import Deletion
from mailaudit.violations.folders import Use
from mailaudit.violations.removals import How
from mailpolicy.clocks.life import SHARED
from mailpolicy.directory import Kind
from mailpolicy.ledger import Outcome, Violation
from mailpolicy.parameters import NoDeletion
from mailpolicy.site import Site
from mailpolicy.verdict import Mode

NO_DELETION = "no-deletion"
MAIL = {Use.INBOX: "mail in its INBOX", Use.SENT: "mail it had sent", Use.FILED: "mail it had filed"}
DONE = {
    How.DELETED: "was deleted",
    How.TRASHED: "was put into the trash",
    How.FETCHED: "was taken off the server over POP3",
}


def deleted(
    rows: Iterable[Deletion], site: Site, kinds: Mapping[str, Kind], places: Mapping[int, str]
) -> Iterator[Violation]:
    """Yield what the regulation has kept and somebody deleted; `kinds` tells whose each mailbox is.

    Certain is only what the text forbids and no exception of it may cover: mail that came in may have been
    spam, which no log shows, but what the mailbox has sent was none.
    """
    duty = site.duty(NO_DELETION)
    if duty is None or site.mode(NO_DELETION) is Mode.OFF:
        return
    terms = cast(NoDeletion, duty.parameters)
    meant = SHARED if terms.mailboxes == "agency" else (Kind.PERSON,)
    for row in rows:
        if kinds.get(row.mailbox) not in meant:
            continue
        yield Violation(
            duty.code,
            duty.article,
            row.mailbox,
            local_time(row.time),
            f"{MAIL[Use(row.folder)]} {DONE[How(row.how)]}",
            Outcome.DELETED,
            "log",
            places.get(row.source_id, ""),
            row.position,
            messages=row.messages,
            certain=terms.deleting_forbidden and (not terms.except_for or row.folder == Use.SENT),
            message_id=row.message_id or "",
        )
