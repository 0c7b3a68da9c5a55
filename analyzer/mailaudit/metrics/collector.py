# SPDX-License-Identifier: GPL-3.0-or-later
"""All of the audit's metrics, computed anew whenever somebody asks; also without a store to ask."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from mailaudit.metrics.families import gauge
from mailaudit.metrics.lines import line_metrics
from mailaudit.metrics.mailboxes import mailbox_metrics
from mailaudit.metrics.office import OfficeMetrics
from mailaudit.metrics.reading import reading_metrics
from mailaudit.metrics.sweeps import sweep_metrics
from mailaudit.store import Store, StoreError


class AuditMetrics(Collector):
    """What a scraper gets. `say` gets a line when the store can't be reached, and when it can again."""

    def __init__(
        self,
        home: Path,
        open_store: Callable[[], Store],
        office: OfficeMetrics | None,
        say: Callable[[str], None],
    ) -> None:
        self._home = home
        self._open_store = open_store
        self._office = office
        self._say = say
        self._trouble = ""

    def collect(self) -> Iterator[Metric]:
        """Give every metric there is now."""
        now = datetime.now(UTC)
        yield from reading_metrics(self._home)
        try:
            with closing(self._open_store()) as store:
                found = self._of_store(store, now)
        except StoreError as error:
            self._note(str(error))
            found = [*self._office.metrics(None, now)] if self._office else []
        else:
            self._note("")
        yield gauge("mailaudit_store_up", "Whether the store answers.", float(not self._trouble))
        yield from found

    def describe(self) -> list[Metric]:
        """Give none: what there is, is known when it is asked for."""
        return []

    def _of_store(self, store: Store, now: datetime) -> list[Metric]:
        """All or nothing: half a store's figures would look like a loss."""
        found = [*line_metrics(store, now), *mailbox_metrics(store, now), *sweep_metrics(store)]
        return [*found, *(self._office.metrics(store, now) if self._office else ())]

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._say(trouble or "the store answers again")
        self._trouble = trouble
