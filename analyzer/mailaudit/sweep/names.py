# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose mailbox a name in the logs is: logins come with and without a domain, the directory has addresses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailaudit.activity import Activity, normalise_mailbox


@dataclass(frozen=True, slots=True)
class Matched:
    """Last activities by the directory's addresses, and those of names that are no mailbox of it."""

    mailboxes: Mapping[str, Activity]
    strangers: Mapping[str, Activity]


def match(activity: Mapping[str, Activity], addresses: Iterable[str]) -> Matched:
    """Give each activity to its mailbox, and each mailbox the latest of its activities.

    A name without a domain counts for every mailbox it may stand for: where two share a local part, which of
    them was used is not known, and neither may be taken for idle.
    """
    by_name: dict[str, set[str]] = defaultdict(set)
    for address in addresses:
        name = normalise_mailbox(address)
        by_name[name].add(address)
        by_name[name.partition("@")[0]].add(address)
    mailboxes: dict[str, Activity] = {}
    strangers: dict[str, Activity] = {}
    for name, used in activity.items():
        owners = by_name.get(name)
        if not owners:
            strangers[name] = used
        for address in owners or ():
            if address not in mailboxes or mailboxes[address].time < used.time:
                mailboxes[address] = used
    return Matched(mailboxes, strangers)
