# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose mailbox a name in the rollups is, and which unit it belongs to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from mailaudit.activity import normalise_mailbox
from mailaudit.usage.amounts import Amounts
from mailpolicy.directory import Kind, Mailbox

NO_UNIT = "(no unit)"
STRANGER = "(not in the directory)"


def by_address(
    amounts: Mapping[str, Amounts], mailboxes: Sequence[Mailbox], domains: Collection[str]
) -> dict[str, Amounts]:
    """Return amounts by address: a name without a domain is added to the only mailbox it may stand for.

    One that may stand for several, or for none, stays as it is.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for mailbox in mailboxes:
        known[mailbox.address.partition("@")[0]].add(normalise_mailbox(mailbox.address))
    found: dict[str, Amounts] = {}
    for name, one in amounts.items():
        owners = {name} if "@" in name else known.get(name) or ({f"{name}@{d}" for d in domains})
        owner = next(iter(owners)) if len(owners) == 1 else name
        found.setdefault(owner, Amounts()).add(one)
    return dict(sorted(found.items()))


def units(mailboxes: Sequence[Mailbox]) -> dict[str, str]:
    """Return the unit of each mailbox of the directory."""
    return {normalise_mailbox(mailbox.address): mailbox.unit or NO_UNIT for mailbox in mailboxes}


def names(mailboxes: Sequence[Mailbox], meant: Collection[Kind]) -> dict[str, str]:
    """Return the address of each login name that mailboxes of these kinds go by: with domain, and without.

    A name without a domain that another mailbox shares is left out: whose login it is cannot be said.
    """
    shared: dict[str, int] = defaultdict(int)
    for mailbox in mailboxes:
        shared[mailbox.address.partition("@")[0]] += 1
    found: dict[str, str] = {}
    for mailbox in mailboxes:
        if mailbox.kind in meant:
            address = normalise_mailbox(mailbox.address)
            local = mailbox.address.partition("@")[0]
            found |= {address: address} | ({local: address} if shared[local] == 1 else {})
    return found


def logins(mailboxes: Sequence[Mailbox], meant: Collection[Kind]) -> list[tuple[str, str]]:
    """Return pairs of a login name and a mailbox of these kinds that its owner is in charge of.

    Beside those of `names` they are the managers of each, by theirs.
    """
    own = names(mailboxes, tuple(Kind))
    by_address: dict[str, set[str]] = defaultdict(set)
    for name, address in own.items():
        by_address[address].add(name)
    pairs = set(names(mailboxes, meant).items())
    for mailbox in mailboxes:
        if mailbox.kind in meant:
            address = normalise_mailbox(mailbox.address)
            for manager in mailbox.managers:
                pairs |= {(name, address) for name in by_address.get(manager, {manager})}
    return sorted(pairs)
