# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs that others wrote, as lines of a log: their placeholders filled, their notes and wrappings off."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

LOGS = Path(__file__).parents[3] / "shared" / "corpora" / "logs"
_NO_LOGS = ("LICENSE", "COPYING", "milter.log", "sink.log")
_DATA = re.compile(r"^data: (.*)", re.MULTILINE)
_TIME = r"(?:[A-Z][a-z]{2} +\d+ [\d:]{8}|\d{4}-\d\d-\d\dT[^ ]+|\d{4}-\d\d-\d\d [\d:]{8}) "
_OURS = re.compile(
    _TIME
    + r"(?:[^ (]+ (?:postfix[^ :\[]*|[^ :\[]*/(?:smtpd?|cleanup|qmgr|postfix-script)|dovecot)(?:\[\d+\])?: "
    r"|[a-z0-9-]+(?:\([^)]*\))?(?:<[^>]*>)*: (?:Info|Warning|Error|Fatal|Debug): )"
)


def lines_of(folder: Path) -> Iterator[str]:
    """The lines of the logs in a folder."""
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name not in _NO_LOGS:
            text = file.read_text("utf-8", "surrogateescape")
            yield from [_grok(file, text)] if file.suffix == ".yaml" else _lines(text)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            yield line.replace("%(day)s", "Nov 21")


def _grok(file: Path, text: str) -> str:
    """One line's text without its tag, as YAML: plain, or in quotes of either kind."""
    said = _DATA.search(text)
    assert said, file
    data = said[1].strip()
    if data.startswith('"'):
        data = json.loads(data)
    elif data.startswith("'"):
        data = data[1:-1].replace("''", "'")
    return f"Nov 21 23:52:46 mail postfix/{file.name.partition('_00')[0].replace('_', '-')}[7]: {data}"


def is_ours(line: str) -> bool:
    """Whether Postfix or Dovecot wrote it, as a pattern for whole lines tells."""
    return _OURS.match(line) is not None
