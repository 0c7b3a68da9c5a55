# SPDX-License-Identifier: GPL-3.0-or-later
"""How many lines each host wrote in each hour."""

from mailaudit.logs.functions import Expression

SAYS_NOTHING = ("unparsed", "repeated", "debug")
"""Dovecot's kinds of lines that do not show that a login would have been understood."""


def by_hour(events: Expression) -> Expression:
    """Return rows as mailaudit.store.usage_rows.CoverageHour, from events (the columns FACTS)."""
    rows = events.mutate(
        host=events.host.coalesce(""),
        hour=events.time.truncate("h"),
        understood=(events.producer == "dovecot") & ~events.kind.isin(SAYS_NOTHING),
    )
    groups = rows.group_by("source", "host", "hour")
    counted = groups.aggregate(lines=rows.count(), logins_seen=rows.understood.sum())
    return counted.select(
        "source", "host", hour=counted.hour.strftime("%Y-%m-%dT%H"), lines="lines", logins_seen="logins_seen"
    ).order_by("source", "host", "hour")
