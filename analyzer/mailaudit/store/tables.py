# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's tables. Times are whole microseconds since 1970-01-01T00:00:00Z; days are ISO dates.

Days are the office's (mailpolicy.officetime), but for those of facts files, which are UTC's.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table
from sqlalchemy import Text as _Text

METADATA = MetaData()
Text = _Text().with_variant(_Text(collation="C"), "postgresql")
"""Text that every database sorts alike, by its bytes."""

SOURCES = Table(
    "sources",
    METADATA,
    Column("id", Integer, primary_key=True),
    # What a log is known by, whatever its name: its first line (a digest), first bytes and last bytes read.
    Column("first_line", Text, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    Column("offset", BigInteger, nullable=False),  # bytes read so far, decompressed
    Column("path", Text, nullable=False),  # where it was last found
    Column("first_time", BigInteger),  # None: no line with a time yet
    Column("last_time", BigInteger),
    Column("garbled", BigInteger, nullable=False),  # lines with bytes that are no text, or too long
    Column("home", Text, nullable=False, server_default=""),  # of who read it last; "": the store's own
    Index("sources_by_first_line", "first_line"),
)
"""Every log ever read and how far: the checkpoints."""

SOURCE_NUMBER = Table("source_number", METADATA, Column("last", Integer, nullable=False))
"""One row: the last number given to a log, whether or not it was stored."""

HOMES = Table(
    "homes",
    METADATA,
    Column("id", Text, primary_key=True),  # as in the file HOME/id
    Column("host", Text, nullable=False),
    Column("folder", Text, nullable=False),
)
"""The home folders that share the store; none if it lies in its only home."""

FACTS_FILES = Table(
    "facts_files",
    METADATA,
    Column("path", Text, primary_key=True),  # below the folder facts/
    Column("day", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("home", Text, nullable=False, server_default=""),
)
"""The Parquet files that count. One that is not listed here was left by a run that was killed."""

COUNTS = Table(
    "counts",
    METADATA,
    Column("source_id", Integer, primary_key=True),
    Column("program", Text, primary_key=True),
    Column("producer", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("lines", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Every line read is counted here once, those that nobody could parse included."""

LAST_SEEN = Table(
    "last_seen",
    METADATA,
    Column("mailbox", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("event", Text, primary_key=True),  # login, or the end of a session
    Column("time", BigInteger, nullable=False),
    Column("address", Text),
    Column("session", Text),
    Column("source_id", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Each mailbox's last login and last end of a session, by service, with the line that proves it."""

ACTIVITY_DAYS = Table(
    "activity_days",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("logins", BigInteger, nullable=False),
    Column("session_ends", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""How often each mailbox was used by its owner, day by day."""

MASTER_SESSIONS = Table(
    "master_sessions",
    METADATA,
    Column("session", Text, primary_key=True),
    Column("time", BigInteger, nullable=False),  # of the login that began it
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The sessions that master users began in others' place, and whose end no line that was read shows."""

LINE_DIGESTS = Table(
    "line_digests",
    METADATA,
    Column("hour", Integer, primary_key=True, autoincrement=False),  # since 1970, of the lines
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # where their stretch begins
    Column("digests", LargeBinary, nullable=False),  # eight bytes for each, in this machine's order
)
"""By what each line is known again in another log (mailaudit.logs.digest)."""
