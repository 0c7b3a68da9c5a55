# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory against the logs: who uses a mailbox that it has not, and whose mailbox nobody ever used."""

from collections.abc import Iterator, Sequence

from mailaudit.activity import last_activity
from mailaudit.directory.finding import Fault, Finding
from mailaudit.store import Store
from mailaudit.sweep.names import match
from mailpolicy.address import domain_of
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.officetime import office_time
from mailpolicy.site import Site


def against_logs(mailboxes: Sequence[Mailbox], site: Site, store: Store) -> Iterator[Finding]:
    """Return what the logs have and the directory has not, and the other way round. Raises StoreError.

    Names of other domains than the office's are passed over: nobody expects them in its directory.
    """
    matched = match(last_activity(store), [box.address for box in mailboxes])
    for name, used in sorted(matched.strangers.items()):
        if "@" not in name or domain_of(name) in site.domains:
            day = f"{office_time(used.time):%Y-%m-%d}"
            yield Finding(
                Fault.NOT_LISTED, name, f"logged in over {used.service} on {day}, and is no mailbox of it"
            )
    begin = min((one.start for one in store.coverage()), default=None)
    if begin is None:
        return
    for box in mailboxes:
        if box.kind is not Kind.LIST and box.address not in matched.mailboxes:
            said = f"no login since the logs begin on {office_time(begin):%Y-%m-%d}"
            yield Finding(Fault.NEVER_USED, box.address, said)
