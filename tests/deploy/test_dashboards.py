# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/grafana: the dashboards are what the code beside them builds, and ask for metrics that there are."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards import BOARDS, FOLDER, panels, queries

ROOT = Path(__file__).parents[2]
METRICS = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "metrics.md").read_text("utf-8"), re.MULTILINE)
by_board = pytest.mark.parametrize("name", BOARDS)


def test_the_code_builds_them_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "build.py"), str(tmp_path)], check=True)
    built = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert built == {name: (FOLDER / name).read_bytes() for name in BOARDS}


@by_board
def test_grafanas_own_types_hold_all_of_it(name: str) -> None:
    def without_defaults(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: kept for key, inner in value.items() if (kept := without_defaults(inner)) is not None
            }
        return [without_defaults(inner) for inner in value] if isinstance(value, list) else value

    read = json.loads(JSONEncoder().encode(Dashboard.from_json(BOARDS[name])))
    assert without_defaults(read) == without_defaults(BOARDS[name])


@by_board
def test_the_data_source_is_chosen_in_grafana(name: str) -> None:
    first, *others = BOARDS[name]["templating"]["list"]
    assert (first["name"], first["type"], first["query"]) == ("datasource", "datasource", "prometheus")
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    asking = [panel for panel in panels(name) if panel["type"] != "row"]
    targets = [target for panel in asking for target in panel["targets"]]
    assert all(one["datasource"] == chosen for one in [*others, *asking, *targets])


@by_board
def test_panels_have_numbers_and_places_of_their_own(name: str) -> None:
    found = panels(name)
    assert len({panel["id"] for panel in found}) == len(found)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in found)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert all(x < 24 for x, _ in cells)


def test_they_show_every_metric_that_is_documented_and_no_other() -> None:
    shown = " ".join(query for name in BOARDS for _, query in queries(name))
    names = {
        re.sub(r"_(bucket|sum|count)$", "", one) for one in re.findall(r"\bmail(?:gate|audit)_\w+", shown)
    }
    assert names == set(METRICS)


def test_the_page_names_them() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    for name, board in BOARDS.items():
        assert f"deploy/grafana/{name}" in page
        assert board["uid"].startswith("postwarden-")
