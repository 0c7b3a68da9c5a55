# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill in the bed's configuration templates: `@NAME@` stands for a value."""

import re
from collections.abc import Mapping
from pathlib import Path

_PLACE = re.compile(r"@([A-Z_]+)@")
_HERE = Path(__file__).parent


def fill(template: str, values: Mapping[str, object]) -> str:
    """The text of the template file with every `@NAME@` replaced; KeyError for a name without a value."""
    text = (_HERE / template).read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: str(values[place[1]]), text)
