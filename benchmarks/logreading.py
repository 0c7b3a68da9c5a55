# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ingest is measured beside; run as `python -m benchmarks.logreading lines|loop LOG`.

`lines` only cuts the log into lines with their times. `loop` asks a pattern about each line, as a script does
that somebody writes to see who has logged in.
"""

import re
import sys
from pathlib import Path

from mailaudit.logs.lines import Blocks, calendar_of, cut_lines
from mailaudit.logs.source import open_log

_LINE = re.compile(
    r"^(?P<time>\w{3} [ \d]\d \d\d:\d\d:\d\d) (?P<host>\S+) (?P<program>[^:\[ ]+)(?:\[\d+\])?: (?P<text>.*)"
)
_LOGIN = re.compile(r"^(?:\w+-login: Login: user=<([^>]+)>|\w+: client=[^,]+, .*sasl_username=([^,]+))")
_DELIVERY = re.compile(r"^(\w+): to=<([^>]*)>, .*status=(\w+) ")


def lines(path: Path) -> int:
    """Return how many lines a log has."""
    with open_log(path, path.parent) as log:
        years = calendar_of(log, 0)
        return sum(cut_lines(block, 1, years).batch.num_rows for block in Blocks(log, 0))


def loop(path: Path) -> int:
    """Return how many mailboxes a log shows in use or reached by mail."""
    last: dict[str, str] = {}
    reached: dict[str, int] = {}
    with path.open() as log:
        for line in log:
            if (match := _LINE.match(line)) is None:
                continue
            if login := _LOGIN.match(match["text"]):
                last[login[1] or login[2]] = match["time"]
            elif delivery := _DELIVERY.match(match["text"]):
                reached[delivery[2]] = reached.get(delivery[2], 0) + 1
    return len(last.keys() | reached.keys())


if __name__ == "__main__":
    print({"lines": lines, "loop": loop}[sys.argv[1]](Path(sys.argv[2])))
