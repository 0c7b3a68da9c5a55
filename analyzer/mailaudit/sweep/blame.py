# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger's violations by the mailboxes that answer for them, where a clock asks for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from mailaudit.activity import normalise_mailbox
from mailaudit.directory.listing import Listing
from mailaudit.store import Store
from mailaudit.store.usage_rows import Folded
from mailaudit.store.usage_tables import OPEN_LINES
from mailaudit.usage.period import EVER, Period
from mailaudit.violations.ledger import Rules, ledger
from mailpolicy.ledger import Violation
from mailpolicy.lifecycle import CLOCKS
from mailpolicy.regulation import Regulation
from mailpolicy.site import Site

ASKING = ("violations", "no-deletion")
"""The duties whose clocks go by the ledger (rows 22 and 20)."""


def violations_of(
    store: Store, site: Site, regulation: Regulation, listing: Listing
) -> Mapping[str, list[Violation]]:
    """Return all violations by mailbox address; none if no clock of the regulation asks for them."""
    if not any(code in CLOCKS and regulation.duty(code) for code in ASKING):
        return {}
    return by_address(_whole_ledger(store, site, listing), [box.address for box in listing.mailboxes])


def ledger_of(store: Store, site: Site, listing: Listing, mailbox: str) -> list[Violation]:
    """Return everything that the ledger has against one mailbox, whatever the regulation asks for."""
    found = _whole_ledger(store, site, listing)
    return by_address(found, [box.address for box in listing.mailboxes]).get(mailbox, [])


def _whole_ledger(store: Store, site: Site, listing: Listing) -> list[Violation]:
    return ledger(store, _still_open(store), Rules.of(site, listing.mailboxes), Period(*EVER))


def _still_open(store: Store) -> Folded:
    """What messages that are not yet done with add; where there are none, without the engine."""
    if not store.rows(sa.select(OPEN_LINES.c.queue_id).limit(1)):
        return Folded()
    from mailaudit.usage.batch import still_open  # noqa: PLC0415  its engine takes long to load

    return still_open(store)


def by_address(violations: Iterable[Violation], addresses: Iterable[str]) -> dict[str, list[Violation]]:
    """Sort violations by address; a login without a domain is the only mailbox it may stand for, or none."""
    violations = list(violations)
    if not violations:
        return {}
    names: dict[str, set[str]] = defaultdict(set)
    for address in addresses:
        name = normalise_mailbox(address)
        names[name].add(address)
        names[name.partition("@")[0]].add(address)
    found: dict[str, list[Violation]] = {}
    for one in violations:
        owners = names.get(one.mailbox, set())
        if len(owners) == 1:
            found.setdefault(next(iter(owners)), []).append(one)
    return found
