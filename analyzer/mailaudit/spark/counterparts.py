# SPDX-License-Identifier: GPL-3.0-or-later
"""What DuckDB has in these expressions and Spark has not, or has otherwise: for each its counterpart."""

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import ibis.expr.operations as ops
from pyspark.sql import SparkSession

from mailaudit.logs.functions import Expression, engine_function
from mailaudit.spark import gatelines
from mailaudit.spark.patterns import java_pattern, java_replacement

_WHITE = r"'\t\n\u000B\f\r '"
FUNCTIONS = (
    # Functions that logs.functions.engine_function names. The session's time zone is UTC.
    "epoch_us(t TIMESTAMP_NTZ) RETURNS BIGINT RETURN unix_micros(CAST(t AS TIMESTAMP))",
    # Ibis lets DuckDB strip white space, and Spark blanks alone.
    f"strip_white(t STRING) RETURNS STRING RETURN trim(BOTH {_WHITE} FROM t)",
    f"rstrip_white(t STRING) RETURNS STRING RETURN trim(TRAILING {_WHITE} FROM t)",
)

_is_json = engine_function(gatelines.VALID, ("string",), "boolean")
_json_text = engine_function(gatelines.TEXT, ("string", "string"), "string")
_time = engine_function(gatelines.TIME, ("string",), "int64")
_integer = engine_function(gatelines.INTEGER, ("string",), "int64")
_timestamp = engine_function("timestamp_micros", ("int64",), "timestamp('UTC')")
_STRIPS = {
    ops.Strip: engine_function("strip_white", ("string",), "string"),
    ops.RStrip: engine_function("rstrip_white", ("string",), "string"),
}


def add_functions(session: SparkSession) -> None:
    """Give a session the functions that DuckDB has and Spark has not, written in its SQL."""
    gatelines.add_functions(session)
    for function in FUNCTIONS:
        session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")


def for_spark(expression: Expression) -> Expression:
    """Return an expression with the patterns and functions that Spark has."""
    return expression.op().replace(_counterpart).to_expr()


def _counterpart(node: ops.Node, arguments: dict[str, Any] | None) -> ops.Node:
    """A node of an expression, whose arguments have been seen to, as Spark has it."""
    if arguments:
        node = node.__recreate__(arguments)
    if isinstance(node, ops.ScalarUDF) and (function := _FUNCTIONS.get(node.__func_name__)):
        return function(*node.args)
    if isinstance(node, ops.TryCast) and node.to.is_timestamp():
        return _timestamp(_time(node.arg.to_expr())).op()
    if isinstance(node, ops.TryCast) and node.to.is_integer():
        return _as_integer(node.arg.to_expr()).op()
    if isinstance(node, ops.RegexSearch | ops.RegexExtract | ops.RegexReplace):
        changed = {**dict(zip(node.argnames, node.args, strict=True)), "pattern": _literal(node.pattern)}
        if isinstance(node, ops.RegexReplace):
            changed["replacement"] = ops.Literal(java_replacement(node.replacement.value), "string")
        return node.__recreate__(changed)
    if strip := _STRIPS.get(type(node)):
        return strip(node.arg.to_expr()).op()
    return node


def _captured(text: ops.Node, pattern: ops.Literal, names: ops.Literal) -> ops.Node:
    """A struct of a pattern's groups: Spark gives one group at a time. A group of nothing costs nothing."""
    groups = {}
    for number, name in enumerate(names.value, start=1):
        is_padding = pattern.value.rstrip("$").removesuffix("()" * (len(names.value) - number + 1)) != (
            pattern.value.rstrip("$")
        )
        groups[name] = "" if is_padding else ops.RegexExtract(text, _literal(pattern), number).to_expr()
    return ibis.struct(groups).op()


def _as_integer(text: Expression) -> Expression:
    """Digits are an integer to all; of 1e2 or 7.5, which only JSON can hold, DuckDB has its own mind."""
    plain = text.re_search("^[0-9]{1,18}$")
    return ibis.cases((plain, text.cast("int64")), else_=_integer(plain.ifelse(ibis.null("string"), text)))


def _braced(text: ops.Node) -> Expression:
    """A text that begins with a brace; null in place of any other, which costs nothing to hand to Python."""
    return ibis.cases((text.to_expr().startswith("{"), text.to_expr()))


_FUNCTIONS: Mapping[str, Callable[..., ops.Node]] = {
    "regexp_extract": _captured,
    "json_valid": lambda text: _is_json(_braced(text)).op(),
    "json_extract_string": lambda text, path: _json_text(_braced(text), path.to_expr()).op(),
}


def _literal(pattern: ops.Literal) -> ops.Literal:
    return ops.Literal(java_pattern(pattern.value), "string")
