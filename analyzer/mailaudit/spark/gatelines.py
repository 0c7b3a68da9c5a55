# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the gate's JSON on Spark's workers as DuckDB reads it: with DuckDB.

What is valid JSON, which of two keys of a name counts and how a number or a time may be written is each
reader's own. Only texts that begin with a brace come here.
"""

from functools import cache
from typing import Any

import duckdb
import pandas as pd  # type: ignore[import-untyped]
import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas import functions

VALID, TEXT, TIME, INTEGER = "duckdb_json_valid", "duckdb_json_text", "duckdb_time", "duckdb_integer"

_udf: Any = functions.pandas_udf  # its types know pandas' by hints alone


def add_functions(session: SparkSession) -> None:
    """Make VALID(text), TEXT(text, path), TIME(text) and INTEGER(text) known; TIME gives microseconds."""
    session.udf.register(VALID, _udf(_valid, "boolean"))
    session.udf.register(TEXT, _udf(_text, "string"))
    session.udf.register(TIME, _udf(_time, "bigint"))
    session.udf.register(INTEGER, _udf(_integer, "bigint"))


def _valid(texts: pd.Series) -> pd.Series:
    return _asked("json_valid(t)", texts)


def _text(texts: pd.Series, paths: pd.Series) -> pd.Series:
    path = "" if paths.empty else paths.iloc[0].replace("'", "''")
    return _asked(f"CASE WHEN json_valid(t) THEN json_extract_string(t, '{path}') END", texts)


def _time(texts: pd.Series) -> pd.Series:
    return _asked("epoch_us(TRY_CAST(t AS TIMESTAMPTZ))", texts).astype("Int64")


def _integer(texts: pd.Series) -> pd.Series:
    return _asked("TRY_CAST(t AS BIGINT)", texts).astype("Int64")


def _asked(expression: str, texts: pd.Series) -> pd.Series:
    """An expression's value for each text, null for null."""
    there = texts[texts.notna()]
    answers = pd.Series([None] * len(texts), index=texts.index, dtype="object")
    if len(there):
        asked = pa.table({"t": pa.array(there.tolist(), pa.string())})
        found = _duckdb().from_arrow(asked).project(f"{expression} AS v").fetchall()
        answers.loc[there.index] = [value for (value,) in found]
    return answers


@cache
def _duckdb() -> Any:
    return duckdb.connect(config={"threads": 1})
