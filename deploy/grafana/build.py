# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the dashboards beside this file, or into the folder that it is given."""

import sys
from pathlib import Path

from compliance import compliance
from door import door
from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from usage import usage

BOARDS = {
    "the-door.json": door,
    "mailboxes-and-usage.json": usage,
    "sweeps-and-compliance.json": compliance,
}


def written(made: Dashboard) -> str:
    """Return a dashboard as Grafana imports it; every panel has a number of its own."""
    whole = made.build()
    for number, panel in enumerate(whole.panels or [], start=1):
        panel.id_val = number
    return JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(whole) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, build in BOARDS.items():
        (folder / name).write_text(written(build()), "utf-8")
