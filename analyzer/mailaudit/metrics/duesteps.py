# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sweep would do today, counted by duty and step: for the duty inactivity, who lies idle by stage."""

from collections import Counter
from datetime import datetime

from prometheus_client.core import Metric

from mailaudit.directory.listing import Listing
from mailaudit.metrics.families import gauges
from mailaudit.store import Store
from mailaudit.sweep.blame import violations_of
from mailaudit.sweep.plan import NoLogsError, Reach, make
from mailaudit.sweep.rules import in_force
from mailpolicy.clocks.step import StepKind
from mailpolicy.lifecycle import CLOCKS
from mailpolicy.officetime import office_day
from mailpolicy.site import Site


def due_steps(store: Store, site: Site, listing: Listing, now: datetime) -> Metric:
    """Return mailboxes by the step that is due; none where the logs show no login. Raises StoreError."""
    rules = in_force(site)
    found: Counter[tuple[str, str]] = Counter(
        {(code, kind.value): 0 for code in CLOCKS if rules.duty(code) for kind in StepKind}
    )
    blamed = violations_of(store, site, rules, listing)
    try:
        plan = make(store, Reach(listing.mailboxes, listing.units, violations=blamed), rules, office_day(now))
        found.update((step.code, step.kind.value) for step in plan.steps)
    except NoLogsError:
        found.clear()
    return gauges("mailaudit_due_mailboxes", "Mailboxes by what a sweep would do.", ["duty", "step"], found)
