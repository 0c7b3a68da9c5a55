# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions that Ibis has no name for, or that many tables need."""

from collections.abc import Callable
from typing import Any

import ibis

from mailaudit.logs.fields import FIELDS, STRING

Expression = Any
"""An Ibis expression; Ibis ships no types."""

SECRET = "(?i)(password: ).*"  # noqa: S105  a pattern, no password
SAID = ("reason", "text")
"""Fields in a program's own words, in which a password can stand."""
_PARAMETERS: dict[int, Callable[..., None]] = {
    1: lambda a: None,
    2: lambda a, b: None,
    3: lambda a, b, c: None,
}


def engine_function(name: str, takes: tuple[str, ...], gives: Any) -> Callable[..., Expression]:
    """Return a function that the engine has and Ibis has no name for, by the types it takes and gives."""
    parameters = _PARAMETERS[len(takes)]
    function: Callable[..., Expression] = ibis.udf.scalar.builtin(
        parameters, name=name, signature=(takes, gives)
    )
    return function


def capture(text: Expression, pattern: str, names: tuple[str, ...]) -> Expression:
    """Return a struct of the pattern's groups, in order; those that matched nothing are empty strings."""
    groups = ibis.expr.datatypes.Struct(dict.fromkeys(names, STRING))
    regexp_extract = engine_function("regexp_extract", (STRING, STRING, "array<string>"), groups)
    return regexp_extract(text, pattern, list(names))


def typed(text: Expression, name: str) -> Expression:
    """Return text as the type of the field `name`: null if empty, and without the password it may quote."""
    present = text.nullif("")
    if FIELDS[name].type != STRING:
        return present.try_cast(FIELDS[name].type)
    return without_password(present) if name in SAID else present


def without_password(text: Expression) -> Expression:
    """Return text without what follows the word password: Dovecot can be told to log those that fail."""
    return text.re_search(SECRET).ifelse(text.re_replace(SECRET, r"\1***"), text)
