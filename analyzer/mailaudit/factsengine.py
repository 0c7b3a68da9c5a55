# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine over the facts of a period: what rollups do not hold is worked out when somebody asks."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import sqlalchemy as sa

from mailaudit import officedays
from mailaudit.engine import Engine
from mailaudit.logs.functions import Expression
from mailaudit.store import Store
from mailaudit.store.tables import FACTS_FILES
from mailaudit.usage.period import Period

NAMES = {"name": "string", "mailbox": "string"}


def facts_of(store: Store, period: Period, around: timedelta = timedelta(0)) -> list[Path]:
    """Return this home's facts files of an office's days, and of so long before and after them."""
    first, last = officedays.facts_days(period.first - around, period.last + around)
    query = sa.select(FACTS_FILES.c.day, FACTS_FILES.c.path).where(FACTS_FILES.c.home == store.identifier)
    return [store.facts / path for day, path in store.rows(query) if first <= date.fromisoformat(day) <= last]


def facts_engine(store: Store, files: list[Path], names: Collection[tuple[str, str]]) -> Engine:
    """Return an engine with the files' events as `facts`, and pairs of a name and its mailbox as `names`."""
    engine = Engine(store.home)
    engine.read("facts", files)
    schema = ibis.schema(NAMES).to_pyarrow()
    engine.load("names", pa.table(dict(zip(NAMES, zip(*names, strict=True), strict=True)), schema))
    return engine


def keep(engine: Engine, name: str, expression: Expression) -> Expression:
    """Compute an expression once, and return it as the table that holds what came of it."""
    engine.keep(name, engine.query(expression))
    return ibis.table(expression.schema(), name=name)
