# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboards in deploy/grafana, as tests look at them."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "deploy" / "grafana"
BOARDS: dict[str, dict[str, Any]] = {
    file.name: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))
}


def panels(name: str) -> list[dict[str, Any]]:
    """All panels and rows of a dashboard."""
    found: list[dict[str, Any]] = BOARDS[name]["panels"]
    return found


def queries(name: str) -> list[tuple[str, str]]:
    """Every query of a dashboard, with its panel's title."""
    return [(panel["title"], one["expr"]) for panel in panels(name) for one in panel.get("targets") or []]
