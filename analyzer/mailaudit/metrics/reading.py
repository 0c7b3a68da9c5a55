# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether logs are being read: what `follow` and `ingest` left word of in the home folder."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import Metric

from mailaudit import ingested
from mailaudit.follow import lag
from mailaudit.metrics.families import gauge, gauges


def reading_metrics(home: Path) -> Iterator[Metric]:
    """Give what the home folder tells; nothing of what never ran there."""
    if ran := ingested.read(home):
        yield gauge("mailaudit_ingest_ended_timestamp_seconds", "When an ingest last ended.", ran.ended)
        yield gauge("mailaudit_ingest_failed_logs", "Logs the last ingest could not read.", ran.failed)
    if found := lag.read(home):
        looked, logs = found
        yield gauge("mailaudit_follow_looked_timestamp_seconds", "When following last looked.", looked)
        newest = {(log.path,): log.newest for log in logs if log.newest is not None}
        yield gauges(
            "mailaudit_follow_newest_line_timestamp_seconds", "Time of a log's newest line.", ["log"], newest
        )
        unread = {(log.path,): log.unread for log in logs}
        yield gauges(
            "mailaudit_follow_unread_bytes", "Written to a followed log, and not read.", ["log"], unread
        )
        there = {(log.path,): float(log.is_there) for log in logs}
        yield gauges("mailaudit_follow_log_present", "Whether a followed log is there.", ["log"], there)
