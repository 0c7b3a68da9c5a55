# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: violations of an office's mailboxes, from what logs and gate showed and what its site says."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import sqlalchemy as sa

from mailaudit.activity import normalise_mailbox
from mailaudit.store import Store, local_time
from mailaudit.store.deletion_rows import Deletion
from mailaudit.store.deletion_tables import DELETIONS
from mailaudit.store.usage_rows import Folded, Forward, GateFinding
from mailaudit.store.usage_tables import FINDINGS, FORWARDS
from mailaudit.usage.period import Period
from mailaudit.violations.deletions import deleted
from mailaudit.violations.how import How
from mailpolicy.address import domain_of
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Outcome, Violation
from mailpolicy.site import Site
from mailpolicy.verdict import Certainty, Mode

AUTO_FORWARD = "auto-forward"
SENDER_REWRITTEN = re.compile(r"srs[01][=+-]", re.IGNORECASE)
"""An address made for a forwarded message (SRS): what comes back to it is no forward."""
WORDS = {
    How.ALIAS: "an alias forwards it",
    How.FORWARD_FILE: "a .forward file or local alias forwards it",
    How.SIEVE: "a Sieve script forwards it",
    How.COPY: "a copy of what strangers write to it is sent on",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the ledger asks of an office: its site, its mailing lists, which may have any member, and whose
    its mailboxes are, by every name that stands for one alone; nobody's, where there is no directory."""

    site: Site
    lists: Collection[str] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, mailboxes: Iterable[Mailbox]) -> Self:
        """Return what an office's directory says."""
        kinds: dict[str, Kind] = {}
        twice: set[str] = set()
        lists = set()
        for box in mailboxes:
            address = normalise_mailbox(box.address)
            name = address.partition("@")[0]
            twice |= {name} & kinds.keys()
            kinds |= {address: box.kind, name: box.kind}
            if box.kind is Kind.LIST:
                lists.add(box.address)
        return cls(site, frozenset(lists), {name: kinds[name] for name in kinds.keys() - twice})

    def is_ours(self, mailbox: str) -> bool:
        """Whether it is official; a login name without a domain is."""
        return bool(mailbox) and ("@" not in mailbox or domain_of(mailbox) in self.site.domains)


def ledger(
    store: Store, still_open: Folded, rules: Rules, period: Period, mailbox: str | None = None
) -> list[Violation]:
    """Return the violations in a period, of one mailbox or of all, each once, in the order of their times."""
    forwards = [Forward(*row) for row in store.rows(_in(period, FORWARDS))]
    forwards += [row for row in still_open.forwards if period.holds(row.day)]
    places = store.places()
    found: dict[tuple[str, ...], Violation] = {}
    gate = _of_gate((GateFinding(*row) for row in store.rows(_in(period, FINDINGS))), rules, places)
    removed = (Deletion(*row) for row in store.rows(_in(period, DELETIONS)))
    for one in (
        *_of_logs(forwards, rules, places),
        *gate,
        *deleted(removed, rules.site, rules.kinds, places),
    ):
        if mailbox is None or one.mailbox == mailbox:
            found[one.key] = found[one.key].merged(one) if one.key in found else one
    return sorted(found.values(), key=lambda one: (one.time, one.key))


def _in(period: Period, table: sa.Table) -> "sa.Select[Any]":
    if table in (FORWARDS, DELETIONS):
        return sa.select(table).where(period.within(table.c.day)).order_by(*table.primary_key)
    first, end = period.microseconds()
    return sa.select(table).where(table.c.time >= first, table.c.time < end).order_by(*table.primary_key)


def _of_logs(forwards: Iterable[Forward], rules: Rules, places: dict[int, str]) -> Iterator[Violation]:
    """Forwards from official mailboxes to public mail providers, if the regulation forbids them."""
    duty = rules.site.duty(AUTO_FORWARD)
    if duty is None or rules.site.mode(AUTO_FORWARD) is Mode.OFF:
        return
    for row in forwards:
        if (
            not rules.is_ours(row.mailbox)
            or row.mailbox in rules.lists
            or SENDER_REWRITTEN.match(row.mailbox)
        ):
            continue
        if rules.site.public_mail.matches(domain_of(row.target)):
            yield Violation(
                duty.code,
                duty.article,
                row.mailbox,
                local_time(row.time),
                WORDS[How(row.how)],
                Outcome.DELIVERED if row.delivered else Outcome.NOT_DELIVERED,
                "log",
                places.get(row.source_id, ""),
                row.position,
                row.target,
                row.messages,
                certain=row.how != How.COPY,
                queue_id=row.queue_id,
                message_id=row.message_id or "",
            )


def _of_gate(findings: Iterable[GateFinding], rules: Rules, places: dict[int, str]) -> Iterator[Violation]:
    """What the gate found against official mailboxes, enforced or observed."""
    for row in findings:
        if not rules.is_ours(row.mailbox):
            continue
        for target in _targets(row, rules):
            yield Violation(
                row.code,
                row.article,
                row.mailbox,
                local_time(row.time),
                row.detail,
                row.action if row.mode == Mode.ENFORCE else str(row.mode),
                "gate",
                places.get(row.source_id, ""),
                row.position,
                target,
                certain=row.certainty == Certainty.CERTAIN,
                queue_id=row.queue_id,
                message_id=row.message_id,
            )


def _targets(row: GateFinding, rules: Rules) -> list[str]:
    """The public addresses of a forward; other duties are about the message, whoever gets it."""
    if row.code != AUTO_FORWARD:
        return [""]
    public = [to for to in row.target.split() if rules.site.public_mail.matches(domain_of(to))]
    return public or [""]
