# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's tables about what was done with mailboxes: their record, and what a sweep is at."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from mailaudit.store.tables import METADATA, Text

RECORD = Table(
    "record",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("mailbox", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("day", Text, nullable=False),  # the office's own
    Column("code", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Text),
    Column("warned_of", Text),
    Column("archive", Text, nullable=False),
    Column("key", Text, unique=True),  # of the step that was carried out; None: what people did or said
    Index("record_by_mailbox", "mailbox"),
)
"""Entries of mailboxes' lives (mailpolicy.clocks.record.Entry). Triggers refuse to change or remove one."""

SWEEP_INTENTS = Table(
    "sweep_intents",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("mailbox", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("plan", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("archive", Text),  # JSON of the archive that was verified; None: none yet
)
"""Steps that a sweep has begun and not recorded yet; after a kill they tell where it was."""

SWEEP_RUNS = Table(
    "sweep_runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("mailboxes", Integer, nullable=False),
)
"""Each time a plan was applied, and how many mailboxes the directory had."""

LISTED = Table(
    "listed",
    METADATA,
    Column("mailbox", Text, primary_key=True),
    Column("day", Text, nullable=False),  # "": it was there when the first plan was applied
    sqlite_with_rowid=False,
)
"""Since when each mailbox has been in the directory, as far as sweeps know: a renamed one is a new one."""

UNIT_HEADS = Table(
    "unit_heads",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("head", Text, nullable=False),
    Column("since", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The heads of units where two published directories named different ones, and since when."""

STORE_IDENTITY = Table("store_identity", METADATA, Column("id", Text, primary_key=True))
"""One row: what tells this store from every other."""
