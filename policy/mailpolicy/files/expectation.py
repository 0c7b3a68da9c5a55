# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pydantic model accepts at a place, in words; fields may bring their own as "expected"."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]

KINDS = {
    "boolean": "true or false",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "object": "a table",
}


def accepted(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """Say what the model accepts at this place, as in "an integer from 1 to 64"."""
    return _words(*_schema_at(model, loc))


def explained(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """Say what the model accepts at this place, with the field's own description."""
    schema, root = _schema_at(model, loc)
    if "description" not in schema:
        return _words(schema, root)
    return f"{_words(schema, root)} ({' '.join(schema['description'].split()).rstrip('.')})"


def names_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Return the keys that the table at this place may have."""
    schema, _ = _schema_at(model, loc)
    return list(schema.get("properties", {}))


def _schema_at(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[Schema, Schema]:
    """Return the JSON schema of the value at `loc`, {} where there is none, and the model's whole schema."""
    root = model.model_json_schema(by_alias=True)
    schema = _resolved(root, root)
    for step in loc:
        if isinstance(step, int):
            below = schema.get("items", {})
        else:
            below = schema.get("properties", {}).get(step, schema.get("additionalProperties", {}))
        schema = _resolved(below, root) if isinstance(below, Mapping) else {}
    return schema, root


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follow a reference, and of "this or nothing" take this; a description beside it stays."""
    if "anyOf" in schema:
        below: Schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
    elif "$ref" in schema:
        below = root["$defs"][str(schema["$ref"]).rpartition("/")[2]]
    else:
        return schema
    return {**_resolved(below, root), **{key: schema[key] for key in ("description",) if key in schema}}


def _words(schema: Schema, root: Schema) -> str:
    if "expected" in schema:
        return str(schema["expected"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f'"{choice}"' for choice in schema.get("enum", [schema.get("const")]))
    if schema.get("format") == "date":
        return "a date, as in 2024-12-20"
    if schema.get("type") == "array":
        return f"an array, each item {_words(_resolved(schema.get('items', {}), root), root)}"
    return KINDS.get(str(schema.get("type")), "another value") + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high, above = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if low is not None and high is not None:
        return f" from {low} to {high}"
    bounds = (("at least", low), ("above", above), ("at most", high))
    return "".join(f", {words} {bound:g}" for words, bound in bounds if bound is not None)
