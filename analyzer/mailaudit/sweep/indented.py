# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON that a person can read, one value a line, faster than the `json` module lays it out."""

import json
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring as quoted
from typing import Any

NEW_LINE = "\n"
STEP = "  "


def indented(values: Any, line: str = NEW_LINE) -> str:
    """Return what `json.dumps(values, ensure_ascii=False, indent=2)` does, of values whose keys are texts.

    `line` is what a line of its own begins with: the end of the last one, and the margin.
    """
    if isinstance(values, str):
        return quoted(values)
    if values is None:
        return "null"
    if not values or not isinstance(values, dict | list | tuple):
        return json.dumps(values)
    deeper = line + STEP
    if isinstance(values, dict):
        items = [
            f"{quoted(name)}: {quoted(value) if type(value) is str else indented(value, deeper)}"
            for name, value in values.items()
        ]
        return f"{{{deeper}{f',{deeper}'.join(items)}{line}}}"
    return f"[{deeper}{f',{deeper}'.join([indented(value, deeper) for value in values])}{line}]"


def pieces(values: Mapping[str, Any]) -> Iterator[str]:
    """Return the same of an object with one value or more, each element of its lists by itself.

    The text of a plan may be too long to be put together only to be written.
    """
    line = NEW_LINE + STEP
    before = "{" + line
    for name, value in values.items():
        yield f"{before}{quoted(name)}: "
        before = "," + line
        if isinstance(value, list) and value:
            yield from _elements(value, line)
        else:
            yield indented(value, line)
    yield NEW_LINE + "}"


def _elements(values: list[Any], line: str) -> Iterator[str]:
    deeper = line + STEP
    yield f"[{deeper}{indented(values[0], deeper)}"
    for value in values[1:]:
        yield f",{deeper}{indented(value, deeper)}"
    yield f"{line}]"
