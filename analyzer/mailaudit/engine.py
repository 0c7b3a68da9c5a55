# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes expressions: DuckDB, through Ibis. Nothing else knows which engine it is."""

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from mailaudit.logs.kinds import Expression


class Engine:
    """An engine with tables in memory; what does not fit goes to the folder `spill`."""

    def __init__(self, spill: Path) -> None:
        self._backend = ibis.duckdb.connect(temp_directory=str(spill), preserve_insertion_order=False)

    def load(self, name: str, table: pa.Table) -> Expression:
        """Make an Arrow table known under a name; it is not copied. One known by that name before is gone."""
        self._backend.con.register(name, table)
        return self._backend.table(name)

    def keep(self, name: str, expression: Expression) -> Expression:
        """Compute an expression once and keep it under a name until another takes it."""
        self._backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {self._backend.compile(expression)}")
        return self._backend.table(name)

    def rows(self, expression: Expression) -> list[tuple[Any, ...]]:
        """Compute an expression and return its rows."""
        found: list[tuple[Any, ...]] = self._backend.raw_sql(self._backend.compile(expression)).fetchall()
        return found

    def table(self, expression: Expression) -> pa.Table:
        """Compute an expression and return it as an Arrow table."""
        return self._backend.con.sql(self._backend.compile(expression)).to_arrow_table()

    def drop(self, *names: str) -> None:
        """Forget loaded tables."""
        for name in names:
            self._backend.con.unregister(name)
