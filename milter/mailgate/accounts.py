# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message judged is counted and written down, and so is everything that should not have happened."""

from mailgate.linefile import LineFile
from mailgate.metrics import MILTER, Metrics
from mailgate.record import Record
from mailgate.session import Outcome
from mailpolicy.verdict import Failure


class Accounts:
    """The log and the metrics of one gate. `path` is the log's, "-" for standard output. Raises OSError."""

    def __init__(self, path: str, metrics: Metrics) -> None:
        self.metrics = metrics
        self.record = Record(LineFile(path, lambda error: metrics.log_failures.inc()))

    def verdict(self, outcome: Outcome, seconds: float) -> None:
        """Take one judged message; `seconds` from its end to the answer."""
        for failure in outcome.verdict.failures:
            self.record.alarm(failure.code, failure.error, outcome.message.envelope.queue_id)
        self.record.verdict(outcome, seconds)
        self.metrics.count(outcome, seconds)

    def alarm(self, error: Exception) -> None:
        """Take an error between libmilter and the session."""
        self.record.alarm(MILTER, Failure.of(MILTER, error, fail_open=False).error)
        self.metrics.failure(MILTER)
