# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Prometheus on 127.0.0.1 that scrapes every few seconds, and rules that run as fast as it does."""

import json
import re
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bed.ports import free_port
from bed.process import BedError, Processes, wait_for

PROGRAM = "/usr/bin/prometheus"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# What a rule waits for: `for: 10m`, a range `[10m]`, `offset 1h`. Ages that it compares stay as they are.
_WAIT = re.compile(r"(for: |\[|offset )(\d+)([smhd])")
_SECONDS = {"mailaudit": 3}  # between scrapes, where it is not one: an audit asks its store
_HEAD = """\
global: {evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
"""


def faster(rules: str, factor: int) -> str:
    """Rules that wait a `factor`th of what these wait, in whole seconds."""

    def shortened(found: re.Match[str]) -> str:
        return f"{found[1]}{max(1, int(found[2]) * _UNITS[found[3]] // factor)}s"

    return _WAIT.sub(shortened, rules)


class Prometheus:
    """Scrapes these ports of 127.0.0.1, by job and instance, under these rules. A context manager."""

    def __init__(self, rules: str, jobs: Mapping[str, Mapping[str, int]]) -> None:
        self.port = free_port()
        self._rules = rules
        self._jobs = jobs
        self._folder = Path(tempfile.mkdtemp(prefix="postwarden-prometheus-"))
        self._log = self._folder / "log"
        self._processes = Processes(self._folder)

    def __enter__(self) -> Self:
        try:
            (self._folder / "rules.yml").write_text(self._rules, "utf-8")
            (self._folder / "prometheus.yml").write_text(self._config(), "utf-8")
            command = [PROGRAM, f"--config.file={self._folder}/prometheus.yml", "--log.level=warn"]
            command += [
                f"--storage.tsdb.path={self._folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ]
            self._processes.start("prometheus", command, self._log)
            wait_for(self._answers, 30, "Prometheus to answer")
        except BaseException:
            self._processes.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.end()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What an instant query returns: `metric` (labels) and `value` (time, text) of each series."""
        found = self._ask("query", query=expression)["result"]
        assert isinstance(found, list)
        return found

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts that are pending or firing now: `labels`, `annotations`, `state`, `activeAt`."""
        found = self._ask("alerts")["alerts"]
        assert isinstance(found, list)
        return found

    def _config(self) -> str:
        text = _HEAD
        for job, targets in self._jobs.items():
            every = _SECONDS.get(job, 1)
            text += f"  - job_name: {job}\n    scrape_interval: {every}s\n    scrape_timeout: {every}s\n"
            text += "    static_configs:\n"
            for instance, port in targets.items():
                text += f'      - {{targets: ["127.0.0.1:{port}"], labels: {{instance: "{instance}"}}}}\n'
        return text

    def _ask(self, what: str, **parameters: str) -> dict[str, Any]:
        address = f"127.0.0.1:{self.port}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(f"http://{address}", timeout=10) as answer:
                said = json.load(answer)
        except urllib.error.HTTPError as refused:
            raise BedError(f"{parameters}: {refused.read().decode()}") from None
        data = said["data"]
        assert isinstance(data, dict)
        return data

    def _answers(self) -> bool:
        if not self._processes.alive("prometheus"):
            raise BedError(f"Prometheus ended: {self._log.read_text()}")
        try:
            self.query("vector(1)")
        except (OSError, BedError):
            return False
        return True
