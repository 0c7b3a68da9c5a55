# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking tables that people wrote against pydantic models; every mistake is said in our own words."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from mailpolicy.files.expectation import accepted, explained, names_at
from mailpolicy.files.problems import Problems

Model = TypeVar("Model", bound=BaseModel)
Table = Mapping[str, Any]

KINDS: tuple[tuple[type, str], ...] = (  # bool before int: in Python a bool is an int
    (bool, "a boolean"),
    (str, "a string"),
    (int, "an integer"),
    (float, "a number with a fraction"),
    (dict, "a table"),
    (list, "an array"),
)


def wrong_value(wrong: str, expected: str) -> PydanticCustomError:
    """Return what a validator raises so that its own words reach the reader."""
    words = {"wrong": wrong, "expected": expected}
    return PydanticCustomError("wrong_value", "{wrong}; expected {expected}", words)


def check(
    table: Table, model: type[Model], key: str, problems: Problems, *, partial: bool = False
) -> Model | None:
    """Return the table as the model, or None with its mistakes noted under `key` ("" for the file's top).

    In a `partial` table a missing key is no mistake.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if not (partial and details["type"] == "missing"):
                _note(details, model, key, problems)
        return None


def join(key: str, *steps: str | int) -> str:
    """Extend the way to a key: names by a dot, positions in brackets, counted from 1."""
    for step in steps:
        if isinstance(step, int):
            key += f"[{step + 1}]"
        else:
            key += f".{step}" if key else step
    return key


def _note(details: ErrorDetails, model: type[BaseModel], key: str, problems: Problems) -> None:
    loc = details["loc"]
    where = join(key, *loc) or "file"
    if details["type"] == "extra_forbidden":
        problems.unknown(where, str(loc[-1]), names_at(model, loc[:-1]))
    elif details["type"] == "missing":
        problems.add(where, "missing", explained(model, loc))
    elif details["type"] == "wrong_value":
        problems.add(where, details["ctx"]["wrong"], details["ctx"]["expected"])
    else:
        problems.add(where, _wrong(details), accepted(model, loc))


def _wrong(details: ErrorDetails) -> str:
    value = details["input"]
    if details["type"].endswith(("_type", "_parsing")):
        return f"{_shown(value)} is {kind(value)}"
    if details["type"] in ("value_error", "assertion_error"):
        return f"{_shown(value)}: {details['msg'].partition(', ')[2]}"
    return _shown(value)


def kind(value: object) -> str:
    """Name a TOML value's type, as in "a string"."""
    return next((name for python_type, name in KINDS if isinstance(value, python_type)), "a date or time")


def _shown(value: object) -> str:
    """A value as TOML writes it; tables and arrays in short."""
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "this table"
    if isinstance(value, list | tuple):
        return f"an array of {len(value)}"
    return str(value)
