# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate counts, right across its worker processes. docs/metrics.md explains each metric.

Each process writes a file of its own that is named after its slot, so a worker that takes a dead one's place
goes on with its counts. Nothing is counted per person.
"""

import math
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from http.server import HTTPServer
from pathlib import Path
from socketserver import TCPServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import MetricsHandler
from prometheus_client.multiprocess import MultiProcessCollector

from mailgate.session import SCANNER, Outcome
from mailpolicy import malformed
from mailpolicy.rules import RULES
from mailpolicy.verdict import Action, Mode

SECONDS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets of mailgate_message_seconds."""
SNAPSHOT_MADE = "mailgate_snapshot_made_timestamp_seconds"
INQUIRY_OUTCOMES = ("proved", "unproved", "undecided")
MILTER = "milter"
"""The name under which a failure between libmilter and the session is counted."""
PATIENCE = 5  # seconds a scraper may take to say what it wants


class Metrics:
    """All of the gate's metrics, at zero from the start.

    `slot` names this process: "gate", "worker1", "worker2" and so on.
    """

    def __init__(self, folder: Path) -> None:
        self.slot = "gate"
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        # The library chooses by the environment when it is first imported; this holds whenever that was.
        values.ValueClass = values.MultiProcessValue(lambda: self.slot)  # type: ignore[no-untyped-call]
        counter = partial(Counter, registry=None)
        codes = [rule.code for rule in RULES]
        self._messages = counter("mailgate_messages", "Messages judged.")
        self._verdicts = counter("mailgate_verdicts", "Messages by what was done.", ["action"])
        self._findings = counter(
            "mailgate_findings", "Findings by duty, mode and action.", ["duty", "mode", "action"]
        )
        self._failures = counter("mailgate_failures", "Rules and parts that raised an error.", ["part"])
        self._withheld = counter("mailgate_withheld_rejects", "Rejects that nobody was there to hear.")
        self._malformed = counter("mailgate_malformed_messages", "Messages with broken MIME.")
        self._seconds = Histogram(
            "mailgate_message_seconds", "From a message's end to its answer.", buckets=SECONDS, registry=None
        )
        self.log_failures = counter("mailgate_log_failures", "Log lines that could not be written.")
        self.workers = Gauge("mailgate_workers", "Workers alive.", registry=None, multiprocess_mode="max")
        self.restarts = counter("mailgate_worker_restarts", "Dead workers that were replaced.")
        self._inquiries = counter(
            "mailgate_sender_proofs", "Strangers' mail in an official name.", ["outcome"]
        )
        self._dns_seconds = counter("mailgate_dns_seconds", "Seconds spent waiting for DNS.")
        self._by_outcome = {outcome: self._inquiries.labels(outcome) for outcome in INQUIRY_OUTCOMES}
        self._make_reload(partial(Gauge, registry=None, multiprocess_mode="mostrecent"))
        self._by_action = {action: self._verdicts.labels(action.value) for action in Action}
        self._by_finding = {
            (code, mode, action): self._findings.labels(code, mode.value, action.value)
            for code in (*codes, malformed.CODE)
            for mode in (Mode.OBSERVE, Mode.ENFORCE)
            for action in Action
        }
        self._by_part = {part: self._failures.labels(part) for part in (*codes, SCANNER, MILTER)}

    def _make_reload(self, newest: Callable[..., Gauge]) -> None:
        """Make the metrics of what is in force, of which the value that was set last is right."""
        self._reload_failures = Counter(
            "mailgate_reload_failures", "Changed site files refused.", registry=None
        )
        self._reload_success = newest(
            "mailgate_config_last_reload_success", "Whether the site file as it is is in force."
        )
        self._loaded = newest(
            "mailgate_config_loaded_timestamp_seconds", "When the site file in force was read."
        )
        self._snapshot_success = newest(
            "mailgate_snapshot_last_load_success", "Whether the snapshot could be read."
        )
        self._snapshot_made = newest(SNAPSHOT_MADE, "When the snapshot in use was made.")
        self._snapshot_mailboxes = newest("mailgate_snapshot_mailboxes", "Mailboxes in the snapshot.")
        self.config_loaded()
        self.no_snapshot()

    def config_loaded(self) -> None:
        """Tell that the site file was read just now and is in force."""
        self._reload_success.set(1)
        self._loaded.set(time.time())

    def config_refused(self) -> None:
        """Tell that the site file has mistakes, and the last one stays in force."""
        self._reload_success.set(0)
        self._reload_failures.inc()

    def count(self, outcome: Outcome, seconds: float) -> None:
        """Count one judged message."""
        self._messages.inc()
        self._by_action[outcome.answer.action].inc()
        self._seconds.observe(seconds)
        for judged in outcome.verdict.judged:
            self._by_finding[judged.finding.code, judged.mode, judged.action].inc()
        for failure in outcome.verdict.failures:
            self.failure(failure.code)
        if outcome.answer.withheld:
            self._withheld.inc()
        if outcome.message.malformed:
            self._malformed.inc()

    def snapshot(self, made_at: datetime, mailboxes: int) -> None:
        """Tell of the snapshot that is in use."""
        self._snapshot_success.set(1)
        self._snapshot_made.set(made_at.timestamp())
        self._snapshot_mailboxes.set(mailboxes)

    def no_snapshot(self) -> None:
        """Tell that none is in use, and none is wanted."""
        self._snapshot_success.set(1)
        self._snapshot_made.set(0)
        self._snapshot_mailboxes.set(0)

    def snapshot_refused(self) -> None:
        """Tell that it could not be read, or is no whole one, and the last one stays in use."""
        self._snapshot_success.set(0)

    def inquiry(self, outcome: str, seconds: float) -> None:
        """Count a stranger's mail that claimed to be official, and the seconds DNS took for it."""
        self._by_outcome[outcome].inc()
        self._dns_seconds.inc(seconds)

    def failure(self, part: str) -> None:
        """Count something that raised an error: a duty's rule, or a part of the gate."""
        self._by_part[part].inc()


class Sum(MultiProcessCollector):
    """All processes' values together, and what follows from them at the moment they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Give every metric."""
        # For a moment the file of a process that begins is empty, and the library can't read that.
        files = [str(file) for file in self._folder.glob("*.db") if file.stat().st_size]
        for metric in self.merge(files):  # type: ignore[no-untyped-call]
            yield metric
            if metric.name == SNAPSHOT_MADE:
                yield _age(metric.samples[0].value)


def _age(made: float) -> Metric:
    age = GaugeMetricFamily("mailgate_snapshot_age_seconds", "Since the snapshot was made, or NaN.")
    age.add_metric([], time.time() - made if made else math.nan)
    return age


def registry(folder: Path) -> CollectorRegistry:
    """Return what adds up the files in `folder`."""
    found = CollectorRegistry()
    found.register(Sum(folder))
    return found


def open_server(folder: Path, host: str, port: int) -> HTTPServer:
    """Open the HTTP server that adds up the files in `folder`. Raises OSError if the address can't be had."""
    return (_Server6 if ":" in host else _Server)((host, port), _Scrape.factory(registry(folder)))


class _Scrape(MetricsHandler):
    timeout = PATIENCE


class _Server(HTTPServer):
    timeout = 1  # seconds handle_request() waits, so that a server whose gate is gone sees it

    def server_bind(self) -> None:
        """Bind without asking a name server for this host's name, as HTTPServer does."""
        TCPServer.server_bind(self)


class _Server6(_Server):
    address_family = socket.AF_INET6


def serve(server: HTTPServer, gate: int, between: Callable[[], None]) -> None:
    """Answer scrapers while the process `gate` lives and is the parent of this one.

    `between` is called once a second or after each answer.
    """
    while os.getppid() == gate:
        server.handle_request()
        between()
