# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's tables about messages; the columns are those of mailaudit.store.usage_rows."""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table

from mailaudit.store.tables import METADATA, Text

USAGE_DAYS = Table(
    "usage_days",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("sent", BigInteger, nullable=False),
    Column("sent_bytes", BigInteger, nullable=False),
    Column("recipients", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("received_bytes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What each mailbox sent and received, day by day."""

USAGE_DOMAINS = Table(
    "usage_domains",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("recipients", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""How much of it went to another domain than the mailbox's own, or came from there."""

USAGE_HOURS = Table(
    "usage_hours",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("domain", Text, primary_key=True),
    Column("logins", BigInteger, nullable=False),
    Column("sent", BigInteger, nullable=False),
    Column("sent_bytes", BigInteger, nullable=False),
    Column("recipients", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("received_bytes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The same by hour of the day, for all mailboxes of a domain together, with their logins."""

FORWARDS = Table(
    "forwards",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("how", Text, primary_key=True),
    Column("delivered", SmallInteger, primary_key=True, autoincrement=False),
    Column("messages", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("message_id", Text),
    sqlite_with_rowid=False,
)
"""Mail that went on by itself to another domain, with the first line of each day that shows it."""

OPEN_LINES = Table(
    "open_lines",
    METADATA,
    Column("host", Text, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("user", Text),
    Column("address", Text),
    Column("sender", Text),
    Column("size", BigInteger),
    Column("recipient", Text),
    Column("orig_recipient", Text),
    Column("message_id", Text),
    Column("reached", Text),
    sqlite_with_rowid=False,
)
"""The lines about messages that were not yet out of the queue when reading stopped."""

COVERAGE_HOURS = Table(
    "coverage_hours",
    METADATA,
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("host", Text, primary_key=True),
    Column("hour", Text, primary_key=True),  # as in 2026-11-21T23, UTC
    Column("lines", BigInteger, nullable=False),
    Column("logins_seen", BigInteger, nullable=False),  # lines of Dovecot that were understood
    sqlite_with_rowid=False,
)
"""How many lines each host wrote in each hour, by the log they stand in; an hour without any has no row."""

UTC_DAYS = Table("utc_days", METADATA, Column("until", BigInteger, nullable=False))
"""Up to which line's time totals are by UTC's days, as an older version made them; no row if none are."""

FINDINGS = Table(
    "findings",
    METADATA,
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("certainty", Text, nullable=False, server_default="certain"),
    Index("findings_by_time", "time"),
    sqlite_with_rowid=False,
)
"""What the gate found against a duty, one row for each finding of its verdicts."""
