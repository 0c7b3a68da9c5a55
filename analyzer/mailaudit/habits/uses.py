# SPDX-License-Identifier: GPL-3.0-or-later
"""When mailboxes were open: logins, and the time from a login to the end of its session.

A session is found again by its identifier. One whose end no log shows counts for a day, the end of one whose
beginning none shows for a moment. Only ways to read mail count: who sends by a mailbox has not looked in.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import ibis

from mailaudit import officedays
from mailaudit.activity import LOGIN
from mailaudit.factsengine import NAMES, facts_engine, facts_of, keep
from mailaudit.logs.functions import Expression
from mailaudit.logs.parse import FACTS
from mailaudit.rollup import END_KINDS, LOGIN_KINDS, master_sessions, uses_among
from mailaudit.store import Store
from mailaudit.usage.lines import mailbox_of
from mailaudit.usage.period import Period
from mailpolicy.office.checking import Use

READING = ("imap", "pop3")
"""Dovecot's services that mail is read by; a webmail is a client of theirs."""
WITHOUT_END = timedelta(days=1)
BEYOND = timedelta(days=7)
"""So long before and after a period the other end of a session is looked for."""


def uses(store: Store, period: Period, names: Mapping[str, str]) -> Iterator[tuple[str, Use]]:
    """Yield uses that touch a period, with their mailbox; `names` says whose a login name is.

    They are those that this home's logs show. Raises StoreError.
    """
    files = facts_of(store, period, BEYOND)
    if not files or not names:
        return
    engine = facts_engine(store, files, names.items())
    theirs = keep(engine, "theirs", _theirs(ibis.table(FACTS, name="facts"), ibis.table(NAMES, name="names")))
    found = stretches(uses_among(theirs, master_sessions(theirs)), ibis.table(NAMES, name="names"))
    touches = (found.begin < officedays.end_of(period.last)) & (found.end >= officedays.begin(period.first))
    rows = found.filter(touches).order_by("mailbox", "begin", "end")
    query = rows.select("mailbox", begin=officedays.local(rows.begin), end=officedays.local(rows.end))
    for mailbox, begin, end in engine.rows(engine.query(query)):
        yield mailbox, Use(begin, end)


def _theirs(events: Expression, names: Expression) -> Expression:
    """The events that name one of them: few, so what follows is quick."""
    of_sessions = events.kind.isin(LOGIN_KINDS | END_KINDS)
    events = events.filter(of_sessions, events.producer == "dovecot", events.user.notnull())
    meant = mailbox_of(events.user.split("*")[0]).isin(names.name)
    return events.filter(meant)


def stretches(uses: Expression, names: Expression) -> Expression:
    """Return `mailbox`, `begin` and `end` of each use, in UTC."""
    uses = uses.filter(uses.service.isin(READING))
    uses = uses.join(names, uses.mailbox == names.name).drop("mailbox").rename(mailbox="mailbox_right")
    in_session = ibis.window(
        group_by=["mailbox", "service", "session"], order_by=["time", "source", "position"]
    )
    event, time = uses.event, uses.time
    uses = uses.mutate(
        before=event.lag().over(in_session),
        after=event.lead().over(in_session),
        next=time.lead().over(in_session),
    )
    is_login, known = uses.event == LOGIN, uses.session.notnull()
    ended = is_login & known & (uses.after != LOGIN)
    end = ibis.cases(
        (ended.fill_null(False), uses.next),
        (is_login & known, uses.time + ibis.interval(hours=int(WITHOUT_END / timedelta(hours=1)))),
        else_=uses.time,
    )
    alone = is_login | ~known | (uses.before != LOGIN).fill_null(True)
    return uses.filter(alone).select("mailbox", begin=uses.time, end=end)
