# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus watches real gates and audits: what breaks is told by its alert, and by no other."""

import time
from collections import defaultdict
from pathlib import Path

import pytest

from bed.nameserver import NameServer
from bed.process import wait_for
from bed.prometheus import Prometheus, faster
from e2e.watched import Fault, Watched
from gate.offices import OFFICE

RULES = (Path(__file__).parents[2] / "deploy/prometheus/postwarden.rules.yml").read_text("utf-8")
FACTOR = 60  # the rules wait seconds where the shipped ones wait minutes
LIMIT = 120.0  # seconds
LONGER = 8  # seconds
READ = 'mailaudit_lines_total{instance="audit", program="mailgate", kind="verdict"} > 0'


@pytest.mark.e2e
@pytest.mark.usefixtures("nsd", "postgresql_programs", "prometheus")
def test_each_fault_is_told_by_its_alert_and_by_no_other() -> None:
    with (
        NameServer({OFFICE: None}) as broken,
        Watched(broken.address) as watched,
        Prometheus(faster(RULES, FACTOR), watched.targets) as server,
    ):
        watched.wait_until_up(server)
        wait_for(lambda: server.query(READ), 30, "the office's own mail in the audit")
        assert server.alerts() == []
        told = Told(server)
        for fault in watched.faults:
            fault.strike()
            told.struck[fault.instance] = time.monotonic()

        def all_are_told() -> bool:
            watched.doors["gate-dying"].kill_a_worker()
            return told.look() >= told.struck.keys()

        wait_for(all_are_told, LIMIT, f"an alert at each of {', '.join(told.struck)}")
        for _ in range(LONGER):  # for an alert that should not come
            time.sleep(1)
            told.look()
        assert told.alerts == {one.instance: {one.alert} for one in watched.faults}, watched.printed()
        print(table(watched.faults, told.seconds))


class Told:
    """The alerts that have ever fired, by instance, and the seconds from the fault to the first."""

    def __init__(self, server: Prometheus) -> None:
        self._server = server
        self.struck: dict[str, float] = {}
        self.alerts = defaultdict[str, set[str]](set)
        self.seconds: dict[str, float] = {}

    def look(self) -> set[str]:
        """Look once, and return the instances that any alert has told of."""
        for alert in self._server.alerts():
            instance = alert["labels"]["instance"]
            if alert["state"] == "firing":
                self.alerts[instance].add(alert["labels"]["alertname"])
                self.seconds.setdefault(instance, time.monotonic() - self.struck.get(instance, 0.0))
        return set(self.alerts)


def table(faults: list[Fault], seconds: dict[str, float]) -> str:
    """Fault, alert and the seconds from one to the other, for docs/alerts.md."""
    rows = [f"| {one.what} | {one.alert} | {seconds[one.instance]:.0f} |" for one in faults]
    return "\n".join(["| fault | alert | seconds |", "|---|---|---|", *rows])
