# SPDX-License-Identifier: GPL-3.0-or-later
"""What mailboxes sent and received: counted once, wherever a log is cut, and the same as by hand."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.mailtraffic import OURS, Traffic, correspondents, recount
from audit.office import Office, each_store
from audit.readlog import still_open
from mailaudit.store.usage_tables import FORWARDS
from mailaudit.usage.amounts import Amounts, By, amounts, together
from mailaudit.usage.peers import count
from mailaudit.usage.period import asked
from mailpolicy.regulation import load
from mailpolicy.site import Site, for_regulation

AMOUNTS = ("sent", "sent_bytes", "recipients", "received", "received_bytes")


def site(*domains: str) -> Site:
    return replace(for_regulation(load("hcm")), domains=domains)


def usage(office: Office, by: By = By.MAILBOX, domain: str = OURS) -> dict[object, Amounts]:
    store = office.store
    return amounts(store, still_open(store), asked(store, None, None), site(domain), by)


def counted(office: Office) -> dict[object, Counter[str]]:
    return {
        mailbox: Counter({name: value for name in AMOUNTS if (value := getattr(one, name))})
        for mailbox, one in usage(office).items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_totals_are_those_of_a_count_by_hand(office: Office, seed: int) -> None:
    log = Traffic(seed).messages(150)
    office.ingest(office.write("mail.log", log))
    assert counted(office) == recount(log)


def test_two_hosts_may_use_the_same_identifiers(office: Office) -> None:
    logs = [Traffic(7, "mail1").messages(60), Traffic(8, "mail2").messages(60)]
    mixed = sorted([*logs[0], *logs[1]], key=lambda line: line[:15])
    office.ingest(office.write("mail.log", mixed))
    assert counted(office) == recount(mixed)


LOG = Traffic(99).messages(80)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    office = Office.at(tmp_path_factory.mktemp("office"))
    office.ingest(office.write("mail.log", LOG))
    return everything(office)


def everything(office: Office) -> tuple[object, ...]:
    store = office.store
    open_ = still_open(store)
    forwards: Counter[tuple[object, ...]] = Counter()
    for row in [*store.rows(sa.select(FORWARDS)), *open_.forwards]:
        forwards[tuple(row[:5])] += row[5]
    return usage(office), usage(office, By.HOUR), usage(office, By.DAY), forwards


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(1, len(LOG) - 1), min_size=1, max_size=4))
def test_wherever_a_log_is_cut_the_totals_are_the_same(
    tmp_path: Path, at_once: tuple[object, ...], cuts: set[int]
) -> None:
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    office = Office.at(tmp_path)
    for end in [*sorted(cuts), len(LOG)]:
        office.ingest(office.write("mail.log", LOG[:end]))
    assert everything(office) == at_once


@each_store
def test_a_log_that_comes_late_adds_what_it_holds(office: Office) -> None:
    older, newer = Traffic(5).messages(40), Traffic(6)
    newer._now += timedelta(days=3)
    office.ingest(office.write("mail.log", lines := newer.messages(40)))
    office.ingest(office.write("mail.log.1", older))
    by_hand = recount(older)
    for mailbox, counter in recount(lines).items():
        by_hand.setdefault(mailbox, Counter()).update(counter)
    assert counted(office) == by_hand


@each_store
def test_mailboxes_days_and_hours_add_up_to_the_same(office: Office) -> None:
    office.ingest(office.write("mail.log", Traffic(3).messages(100)))
    totals = [together(usage(office, by).values()) for by in By]
    for name in (*AMOUNTS, "logins"):
        assert len({getattr(total, name) for total in totals}) == 1, name
    assert totals[0].recipients_outside == totals[1].recipients_outside > 0
    assert totals[0].received_outside == totals[1].received_outside > 0
    assert totals[0].days_active == totals[1].days_active > 0


def test_what_goes_outside_is_a_matter_of_the_site(office: Office) -> None:
    office.ingest(office.write("mail.log", Traffic(3).messages(100)))
    store = office.store
    period, open_ = asked(store, None, None), still_open(store)
    alone = together(amounts(store, open_, period, site(OURS), By.DAY).values())
    both = together(amounts(store, open_, period, site(OURS, "gmail.com"), By.DAY).values())
    assert both.recipients_outside < alone.recipients_outside < alone.recipients == both.recipients


def test_peers_are_the_different_addresses_on_the_other_side(office: Office) -> None:
    log = Traffic(4).messages(150)
    office.ingest(office.write("mail.log", log))
    peers = correspondents(log)
    period = asked(office.store, None, None)
    alone = count(office.store, period, {mailbox: mailbox for mailbox in peers})
    assert alone == {mailbox: len(others) for mailbox, others in peers.items()}
    together_ = count(office.store, period, dict.fromkeys(peers, "all"))
    assert together_ == {"all": len(set().union(*peers.values()))}
