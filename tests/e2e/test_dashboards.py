# SPDX-License-Identifier: GPL-3.0-or-later
"""Every panel of every dashboard gets figures from a real Prometheus that watches gates and an audit."""

import math
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.readlog import analysis
from bed.process import Processes, wait_for
from bed.prometheus import Prometheus
from dashboards import BOARDS, queries
from e2e.desks import PROGRAM, Desk, site
from e2e.doors import FORGED, ORDINARY, Door
from mailaudit.follow.follower import Follower

# What Grafana puts in: all instances, and a range of some scrapes.
VALUES = {"$instance": ".*", "$__rate_interval": "15s", "$__range": "30s"}
ASKED = [(name, title, query) for name in BOARDS for title, query in queries(name)]


@pytest.fixture(scope="module")
def watching(prometheus: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Three gates, one of which refuses and one observes, and an audit whose logs were read in both ways."""
    folder = tmp_path_factory.mktemp("watched")
    doors = {"strict": Door("enforce", FORGED), "mild": Door("observe", FORGED), "calm": Door(mail=ORDINARY)}
    desk = Desk(folder, "audit")
    log = desk.office.logs / "mail.log"
    subprocess.run([PROGRAM, "--home", str(desk.office.home), "ingest", str(log)], check=True)
    Follower(desk.office.store, [log], threading.Event(), print, analysis=analysis()).look()
    processes = Processes(folder)
    try:
        for door in doors.values():
            door.start()
        desk.start(processes, site(folder, doors["strict"].gate.snapshot))
        jobs = {
            "mailgate": {name: door.port for name, door in doors.items()},
            "mailaudit": {"audit": desk.port},
        }
        with Prometheus("groups: []\n", jobs) as server:
            wait_for(lambda: len(server.query("count_over_time(up[1m]) > 6")) == 4, 60, "some scrapes")
            yield server
    finally:
        for door in doors.values():
            door.stop()
        processes.end()


@pytest.mark.parametrize(
    ("name", "title", "query"), ASKED, ids=[f"{Path(name).stem}-{title}" for name, title, _ in ASKED]
)
def test_a_panel_gets_figures(name: str, title: str, query: str, watching: Prometheus) -> None:
    for variable, value in VALUES.items():
        query = query.replace(variable, value)
    found = [float(one["value"][1]) for one in watching.query(query)]
    print(f"{BOARDS[name]['title']} | {title} | {len(found)} series | {found[:1]}")
    assert found, query
    assert any(math.isfinite(value) for value in found), query


def test_a_legend_names_labels_that_the_figures_have(watching: Prometheus) -> None:
    for name in BOARDS:
        for panel in BOARDS[name]["panels"]:
            for target in panel.get("targets") or []:
                query = target["expr"]
                for variable, value in VALUES.items():
                    query = query.replace(variable, value)
                labels = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
                assert all(labels <= one["metric"].keys() for one in watching.query(query)), panel["title"]
