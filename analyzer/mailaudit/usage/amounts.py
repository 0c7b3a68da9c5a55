# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage of mailboxes in a period, from the store's rollups and the messages that are still open."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from mailaudit.store import Store
from mailaudit.store.tables import ACTIVITY_DAYS
from mailaudit.store.usage_rows import Folded
from mailaudit.store.usage_tables import USAGE_DAYS, USAGE_DOMAINS, USAGE_HOURS
from mailaudit.usage.period import Period
from mailpolicy.lists.publicmail import PublicMail
from mailpolicy.site import Site


@dataclass(slots=True)
class Amounts:
    """What was done; `outside` is what went to or came from domains that are not official, `public` the part
    of it that public mail providers have.

    `days_active` are the days on which a mailbox was used; of several, they are added up.
    """

    logins: int = 0
    sessions: int = 0
    days_active: int = 0
    sent: int = 0
    sent_bytes: int = 0
    recipients: int = 0
    recipients_outside: int = 0
    recipients_public: int = 0
    received: int = 0
    received_bytes: int = 0
    received_outside: int = 0
    received_public: int = 0

    def add(self, other: "Amounts") -> None:
        """Add what others did; field by field, for it is called for every mailbox of every month."""
        self.logins += other.logins
        self.sessions += other.sessions
        self.days_active += other.days_active
        self.sent += other.sent
        self.sent_bytes += other.sent_bytes
        self.recipients += other.recipients
        self.recipients_outside += other.recipients_outside
        self.recipients_public += other.recipients_public
        self.received += other.received
        self.received_bytes += other.received_bytes
        self.received_outside += other.received_outside
        self.received_public += other.received_public


class By(StrEnum):
    """What the rollups can be added up by. An hour is one of the office's day, from 0 to 23."""

    MAILBOX = "mailbox"
    DAY = "day"
    HOUR = "hour"


def amounts(store: Store, still_open: Folded, period: Period, site: Site, by: By) -> dict[Any, Amounts]:
    """Return the amounts of an office's mailboxes, and of the names that were logged without a domain.

    By hour neither sessions, days nor who is outside are known.
    """
    found: dict[Any, Amounts] = defaultdict(Amounts)
    ours = _Ours(period, frozenset(site.domains))
    if by is not By.HOUR:
        ours = replace(ours, public=_public(store, still_open, ours, site.public_mail))
    tables = (USAGE_HOURS,) if by is By.HOUR else (USAGE_DAYS, USAGE_DOMAINS, ACTIVITY_DAYS)
    for table in tables:
        for key, *sums in store.rows(_query(table, by, ours)):
            found[key].add(Amounts(**dict(zip(_NAMES[table], sums, strict=True))))
    for table, rows in (
        (USAGE_DAYS, still_open.days),
        (USAGE_DOMAINS, still_open.domains),
        (USAGE_HOURS, still_open.hours),
    ):
        for row in rows if table in tables else ():
            values = row._asdict()
            if ours.hold(values):
                sums = [values[name] for name in _COLUMNS[table]]
                if table is USAGE_DOMAINS:
                    sums += sums if values["domain"] in ours.public else [0, 0]
                found[values[by]].add(Amounts(**dict(zip(_NAMES[table], sums, strict=True))))
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Ours:
    """Which rows are meant: of the office's mailboxes, in a period."""

    period: Period
    domains: frozenset[str]
    public: frozenset[str] = frozenset()

    def condition(self, table: sa.Table) -> sa.ColumnElement[bool]:
        if table is USAGE_HOURS:
            theirs: sa.ColumnElement[bool] = table.c.domain.in_({*self.domains, ""})
        else:
            endings = [
                table.c.mailbox.like("%@" + domain.replace("_", "\\_"), escape="\\")
                for domain in self.domains
            ]
            theirs = sa.or_(*endings, sa.not_(table.c.mailbox.like("%@%")))
        if table is USAGE_DOMAINS:
            theirs = theirs & table.c.domain.not_in(self.domains)
        return theirs & self.period.within(table.c.day)

    def hold(self, values: Mapping[str, Any]) -> bool:
        own = values["mailbox"].rpartition("@")[2] if "mailbox" in values else values["domain"]
        theirs = own in self.domains or own == values.get("mailbox", "")
        is_foreign = "mailbox" not in values or values.get("domain") not in self.domains
        return theirs and is_foreign and self.period.holds(values["day"])


def _public(store: Store, still_open: Folded, ours: _Ours, public: PublicMail) -> frozenset[str]:
    """The domains of the period that are public mail providers'."""
    domain = USAGE_DOMAINS.c.domain
    rows = store.rows(sa.select(domain).where(ours.period.within(USAGE_DOMAINS.c.day)).distinct())
    seen = {str(name) for [name] in rows} | {row.domain for row in still_open.domains}
    return frozenset(name for name in seen if public.matches(name))


_COLUMNS = {
    USAGE_DAYS: ("sent", "sent_bytes", "recipients", "received", "received_bytes"),
    USAGE_DOMAINS: ("recipients", "received"),
    USAGE_HOURS: ("logins", "sent", "sent_bytes", "recipients", "received", "received_bytes"),
    ACTIVITY_DAYS: ("logins", "session_ends"),
}
_NAMES = {
    **_COLUMNS,
    USAGE_DOMAINS: ("recipients_outside", "received_outside", "recipients_public", "received_public"),
    ACTIVITY_DAYS: ("logins", "sessions", "days_active"),
}


def _query(table: sa.Table, by: By, ours: _Ours) -> "sa.Select[Any]":
    key = table.c[by]
    sums: list[sa.ColumnElement[Any]] = [
        sa.cast(sa.func.sum(table.c[name]), sa.BigInteger) for name in _COLUMNS[table]
    ]
    if table is USAGE_DOMAINS:
        is_public = table.c.domain.in_(ours.public)
        sums += [
            sa.cast(sa.func.sum(sa.case((is_public, table.c[name]), else_=0)), sa.BigInteger)
            for name in _COLUMNS[table]
        ]
    if table is ACTIVITY_DAYS:  # of a mailbox the days, of a day the mailboxes
        sums.append(sa.func.count(sa.distinct(table.c.day if by is By.MAILBOX else table.c.mailbox)))
    return sa.select(key, *sums).where(ours.condition(table)).group_by(key)


def together(amounts: Iterable[Amounts]) -> Amounts:
    """Return their sum."""
    total = Amounts()
    for one in amounts:
        total.add(one)
    return total


def share(part: int, whole: int) -> float | None:
    """Return a share from 0 to 1, None of nothing."""
    return part / whole if whole else None


def grouped(
    amounts: Mapping[str, Amounts], group_of: Mapping[str, str], otherwise: str
) -> dict[str, Amounts]:
    """Return the sums of groups; a mailbox that is in no group goes to `otherwise`."""
    groups: dict[str, list[Amounts]] = {}
    for mailbox, one in amounts.items():
        groups.setdefault(group_of.get(mailbox, otherwise), []).append(one)
    return {name: together(ones) for name, ones in sorted(groups.items())}
