# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading TOML and checking its tables against pydantic models; every mistake is said in our own words."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from mailpolicy.problems import BadFile, Problem, Problems, UnreadableFile

Model = TypeVar("Model", bound=BaseModel)
Table = Mapping[str, Any]
Schema = Mapping[str, Any]

KINDS: tuple[tuple[type, str], ...] = (  # bool before int: in Python a bool is an int
    (bool, "a boolean"),
    (str, "a string"),
    (int, "an integer"),
    (float, "a number with a fraction"),
    (dict, "a table"),
    (list, "an array"),
)
SCHEMA_KINDS = {
    "boolean": "true or false",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "object": "a table",
}
TOML_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises UnreadableFile if it can't be opened, BadFile if it isn't UTF-8 or TOML."""
    file = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        wrong = f"can't be read ({error.strerror or error})"
        raise UnreadableFile([Problem(file, "file", wrong, "a readable TOML file")]) from error
    try:
        return tomllib.loads(data.decode("utf-8-sig"))  # editors on Windows put a mark in front
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise BadFile([Problem(file, f"line {line}", wrong, "text saved as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadFile([_syntax_problem(file, str(error))]) from error


def _syntax_problem(file: str, message: str) -> Problem:
    found = TOML_POSITION.search(message)
    where = f"line {found[1]}, column {found[2]}" if found and found[1] else "end of file"
    return Problem(file, where, f"not TOML ({TOML_POSITION.sub('', message)})", "TOML 1.0")


def wrong_value(wrong: str, expected: str) -> PydanticCustomError:
    """Return what a validator raises so that its own words reach the reader."""
    escaped = {"wrong": wrong, "expected": expected}
    return PydanticCustomError("wrong_value", "{wrong}; expected {expected}", escaped)


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
        known = _schema_at(model, loc[:-1]).get("properties", {})
        problems.unknown(where, str(loc[-1]), known)
    elif details["type"] == "missing":
        problems.add(where, "missing", _expected(_schema_at(model, loc), explain=True))
    elif details["type"] == "wrong_value":
        problems.add(where, details["ctx"]["wrong"], details["ctx"]["expected"])
    else:
        schema = _schema_at(model, loc)
        problems.add(where, _wrong(details), _expected(schema))


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
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "this table"
    if isinstance(value, list | tuple):
        return f"an array of {len(value)}"
    return str(value)


def _schema_at(model: type[BaseModel], loc: Sequence[str | int]) -> Schema:
    """Return the JSON schema of the value at `loc`, {} where the way leads out of it."""
    root = model.model_json_schema(by_alias=True)
    schema = _resolved(root, root)
    for step in loc:
        if isinstance(step, int):
            below = schema.get("items", {})
        else:
            below = schema.get("properties", {}).get(step, schema.get("additionalProperties", {}))
        schema = _resolved(below, root) if isinstance(below, Mapping) else {}
    return schema


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follow a reference, and of "this or nothing" take this."""
    if "anyOf" in schema:
        choice: Schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
        return {**_resolved(choice, root), **{k: v for k, v in schema.items() if k == "description"}}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        own = {k: v for k, v in schema.items() if k != "$ref"}
        return {**root["$defs"][name], **own}
    return schema


def _expected(schema: Schema, *, explain: bool = False) -> str:
    """Say in words what a schema accepts; `explain` adds the field's own description."""
    words = _words(schema)
    if not (explain and "description" in schema):
        return words
    return f"{words} ({' '.join(schema['description'].split()).rstrip('.')})"


def _words(schema: Schema) -> str:
    if "expected" in schema:
        return str(schema["expected"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f'"{choice}"' for choice in schema.get("enum", [schema.get("const")]))
    if schema.get("format") == "date":
        return "a date, as in 2024-12-20"
    if schema.get("type") == "array":
        return f"an array, each item {_words(schema.get('items', {}))}"
    words = SCHEMA_KINDS.get(str(schema.get("type")), "another value")
    if schema.get("minLength"):
        words += " that is not empty"
    return words + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    if high is not None:
        return f" of at most {high}"
    above = schema.get("exclusiveMinimum")
    return f" above {above}" if above is not None else ""
