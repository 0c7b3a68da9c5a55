# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes expressions: DuckDB, through Ibis. Nothing else knows which engine it is."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from threading import Lock
from typing import Any, NewType

import ibis
import pyarrow as pa

from mailaudit import arrow
from mailaudit.logs.functions import Expression
from mailaudit.working import look_at

Query = NewType("Query", str)
"""An expression in the engine's own language."""
_ONE_AT_A_TIME = Lock()

arrow.set_up()


def compiled(expression: Expression) -> Query:
    """Put an expression into words once, to compute it whenever its tables are filled anew."""
    with _ONE_AT_A_TIME:
        return Query(ibis.to_sql(expression, dialect="duckdb", pretty=False))


class Engine:
    """An engine with tables in memory; what does not fit goes to the folder `spill`."""

    def __init__(self, spill: Path) -> None:
        self._backend = ibis.duckdb.connect(temp_directory=str(spill))
        self._backend.raw_sql("SET enable_progress_bar_print = false")  # `working` shows it
        self._backend.raw_sql("SET enable_progress_bar = true")  # else `percent` can't tell
        self._backend.raw_sql("SET disabled_optimizers = 'in_clause'")  # it makes a join of each short list
        self._connection = self._backend.con
        look_at(self)

    def percent(self) -> float:
        """Return how much of the query is done that another thread computes, below 0 if none or unknown."""
        done: float = self._connection.query_progress()
        return done

    def beside(self) -> "Engine":
        """Return the same engine for another thread, with tables of its own. Only this one reads files."""
        other = copy(self)
        other._connection = self._connection.cursor()
        return other

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known by a name, without a copy, instead of one known by it before."""
        self._connection.register(name, table)

    def read(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known by a name."""
        rows = self._backend.con.read_parquet([str(file) for file in files], union_by_name=True)
        rows.create_view(name, replace=True)

    def query(self, expression: Expression) -> Query:
        """Put an expression into words once, to compute it whenever its tables are filled anew."""
        return compiled(expression)

    def keep(self, name: str, query: Query) -> None:
        """Compute a query and keep its rows under a name until another takes it."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}").fetchall()

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Compute a query and return its rows."""
        found: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return found

    def table(self, query: Query) -> pa.Table:
        """Compute a query and return its rows as an Arrow table, in order."""
        return self._connection.sql(query).to_arrow_table()
