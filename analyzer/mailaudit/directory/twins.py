# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes that are there twice under different addresses: one name in the logs, or one person in a unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from mailaudit.activity import normalise_mailbox
from mailaudit.directory.finding import Fault, Finding
from mailpolicy.directory import Kind, Mailbox

Key = TypeVar("Key")


def twins(mailboxes: Sequence[Mailbox]) -> Iterator[Finding]:
    """Return the second and later of each: the first is where it should be."""
    for name, those in _grouped((normalise_mailbox(box.address), box) for box in mailboxes):
        for box in those[1:]:
            said = f"the logs do not tell it from {those[0].address}: both are {name}"
            yield Finding(Fault.DUPLICATE, box.address, said)
    people = (box for box in mailboxes if box.kind is Kind.PERSON and box.name)
    for (_, unit), those in _grouped(((box.name.casefold(), box.unit), box) for box in people):
        for box in those[1:]:
            where = f" of {unit}" if unit else ""
            yield Finding(Fault.DUPLICATE, box.address, f"{box.name}{where} has {those[0].address} too")


def _grouped(pairs: Iterable[tuple[Key, Mailbox]]) -> Iterator[tuple[Key, list[Mailbox]]]:
    groups: dict[Key, list[Mailbox]] = defaultdict(list)
    for key, box in pairs:
        groups[key].append(box)
    yield from ((key, those) for key, those in groups.items() if len(those) > 1)
