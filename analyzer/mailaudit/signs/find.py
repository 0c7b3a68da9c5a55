# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins and mail that people should look at: what duties 30, 31 and 32 mean, as far as logs can show it.

The thresholds are ours: no text gives a number. Networks are /16 (IPv4) and /32 (IPv6), about one provider's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

import ibis

from mailaudit import officedays
from mailaudit.activity import LOGIN
from mailaudit.engine import Engine
from mailaudit.factsengine import facts_engine, facts_of, keep
from mailaudit.logs.functions import Expression, engine_function
from mailaudit.logs.parse import FACTS
from mailaudit.rollup import master_sessions, uses_among
from mailaudit.store import Store
from mailaudit.usage.lines import mailbox_of
from mailaudit.usage.period import Period
from mailpolicy.officetime import office_time
from mailpolicy.site import Site

NETWORKS = 3
"""Logins from so many networks within an hour of the clock; an office's computer and a phone are two."""
FAILURES = 5
"""Failed logins within an hour before the first success ever seen from that network."""
RECIPIENTS = 300
"""Recipients of one login's messages within an hour of the clock."""
BEFORE = timedelta(days=30)
"""So long before a period it is asked which networks a mailbox was used from."""
_INSIDE = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
_FAILED = ("login-failure", "login-refused", "password-refused", "sasl-failure")
_HOUR = ibis.interval(hours=1)
_split_part = engine_function("split_part", ("string", "string", "int64"), "string")


class What(StrEnum):
    """What is a sign, with the duty it is about."""

    NETWORKS = "many-networks"  # mailbox-sharing
    GUESSED = "failures-then-success"  # mailbox-sharing, untrusted-access
    BURST = "burst-of-recipients"  # spam-spreading


DUTY = {What.NETWORKS: "mailbox-sharing", What.GUESSED: "mailbox-sharing", What.BURST: "spam-spreading"}


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign about a mailbox: when (in the office's time), how many, and from which addresses."""

    mailbox: str
    what: What
    time: datetime
    number: int
    addresses: tuple[str, ...]

    @property
    def code(self) -> str:
        """The duty that it is about."""
        return DUTY[self.what]


def signs(store: Store, site: Site, period: Period) -> list[Sign]:
    """Return the signs in a period that this home's facts hold, by mailbox and time. Raises StoreError."""
    files = facts_of(store, period, BEFORE)
    if not files:
        return []
    engine = facts_engine(store, files, [("", "")])
    events = ibis.table(FACTS, name="facts")
    logins = uses_among(events, master_sessions(events))
    logins = logins.filter(logins.event == LOGIN, logins.address.notnull())
    logins = keep(engine, "logins", logins.mutate(network=_network(logins.address)))
    found = [*_networks(engine, logins, site, period), *_guessed(engine, events, logins, period)]
    found += _bursts(engine, events, period)
    return sorted(found, key=lambda one: (one.mailbox, one.time, one.what))


def _networks(engine: Engine, logins: Expression, site: Site, period: Period) -> Iterator[Sign]:
    rows = logins.filter(officedays.within(logins.time, period.first, period.last))
    hours = rows.group_by("mailbox", hour=rows.time.truncate("h"))
    found = hours.aggregate(networks=rows.network.nunique(), addresses=rows.address.collect(distinct=True))
    found = found.filter(found.networks >= NETWORKS).select("mailbox", "hour", "addresses")
    for mailbox, hour, addresses in engine.rows(engine.query(found)):
        outside = sorted(address for address in addresses if not _is_trusted(address, site))
        networks = {_network_of(address) for address in outside}
        if len(networks) >= NETWORKS:
            yield Sign(mailbox, What.NETWORKS, _time(hour), len(networks), tuple(outside))


def _guessed(engine: Engine, events: Expression, logins: Expression, period: Period) -> Iterator[Sign]:
    failed = events.filter(events.kind.isin(_FAILED), events.user.notnull(), events.address.notnull())
    failed = failed.select("address", mailbox=mailbox_of(failed.user), at=failed.time)
    first = logins.group_by("mailbox", "network").aggregate(time=logins.time.min())
    opened = (
        logins.join(first, ["mailbox", "network", "time"]).select("mailbox", "address", "time").distinct()
    )
    opened = opened.filter(officedays.within(opened.time, period.first, period.last))
    pairs = opened.join(failed, ["mailbox", "address"])
    pairs = pairs.filter(pairs["at"] <= pairs.time, pairs["at"] >= pairs.time - _HOUR)
    found = pairs.group_by("mailbox", "address", "time").aggregate(failures=pairs.count())
    found = found.filter(found.failures >= FAILURES).select("mailbox", "address", "time", "failures")
    for mailbox, address, time, failures in engine.rows(engine.query(found)):
        yield Sign(mailbox, What.GUESSED, _time(time), failures, (address,))


def _bursts(engine: Engine, events: Expression, period: Period) -> Iterator[Sign]:
    events = events.filter(officedays.within(events.time, period.first, period.last))
    logins = events.filter(events.kind == "client-login", events.user.notnull())
    logins = logins.select(
        "queue_id", "address", host=logins.host.coalesce(""), mailbox=mailbox_of(logins.user), at=logins.time
    )
    queued = events.filter(events.kind == "queued", events.nrcpt.notnull())
    queued = queued.select("queue_id", "time", "nrcpt", host=queued.host.coalesce(""))
    pairs = logins.join(queued, ["host", "queue_id"])
    pairs = pairs.filter(pairs.time >= pairs["at"], pairs.time <= pairs["at"] + _HOUR)
    each = pairs.group_by("mailbox", "host", "queue_id", "at", "address").aggregate(nrcpt=pairs.nrcpt.max())
    hours = each.group_by("mailbox", hour=each["at"].truncate("h"))
    found = hours.aggregate(recipients=each.nrcpt.sum(), addresses=each.address.collect(distinct=True))
    found = found.filter(found.recipients >= RECIPIENTS).select("mailbox", "hour", "recipients", "addresses")
    for mailbox, hour, recipients, addresses in engine.rows(engine.query(found)):
        known = sorted(address for address in addresses if address)
        yield Sign(mailbox, What.BURST, _time(hour), int(recipients), tuple(known))


def _network(address: Expression) -> Expression:
    """The network of an address, for an engine."""
    mark = address.contains(":").ifelse(":", ".")
    return _split_part(address, mark, 1) + mark + _split_part(address, mark, 2)


def _network_of(address: str) -> str:
    mark = ":" if ":" in address else "."
    return mark.join(address.split(mark)[:2])


def _is_trusted(address: str, site: Site) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in (*_INSIDE, *site.trusted_networks))


def _time(time: datetime) -> datetime:
    return office_time(time.replace(tzinfo=UTC))
