# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON that a person can read, one value a line, faster than the `json` module lays it out."""

import json
from json.encoder import encode_basestring as quoted
from typing import Any

STEP = "  "


def indented(values: Any, margin: str = "") -> str:
    """Return what `json.dumps(values, ensure_ascii=False, indent=2)` does, of values whose keys are texts."""
    inner = margin + STEP
    if isinstance(values, dict) and values:
        items = [
            f"{inner}{quoted(name)}: {quoted(value) if type(value) is str else indented(value, inner)}"
            for name, value in values.items()
        ]
        return "{\n" + ",\n".join(items) + f"\n{margin}}}"
    if isinstance(values, list | tuple) and values:
        return "[\n" + ",\n".join([inner + indented(value, inner) for value in values]) + f"\n{margin}]"
    return "null" if values is None else json.dumps(values, ensure_ascii=False)
