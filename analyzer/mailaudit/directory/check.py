# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a directory fits together, and fits its site: what is wrong with one that can be read."""

from collections.abc import Iterator

from mailaudit.directory.finding import Fault, Finding
from mailaudit.directory.listing import Listing
from mailaudit.directory.twins import twins
from mailpolicy.directory import Mailbox
from mailpolicy.office.namerules import Misfit, misfit
from mailpolicy.parameters import AddressFormat
from mailpolicy.site import Site
from mailpolicy.verdict import Mode

FORMAT = str(Fault.FORMAT)


MISFITS = {
    Misfit.CHARACTERS: "has characters other than a-z, 0-9, dot, underscore and hyphen",
    Misfit.SHAPE: "is made after none of the patterns",
    Misfit.NAME: "is not made of this name",
}


def check(listing: Listing, site: Site) -> list[Finding]:
    """Return everything that is wrong, mailboxes first.

    Units are looked for only where the source gives any; names of addresses only where the regulation has
    patterns for them (row 17) and they are not switched off.
    """
    return [
        *_mailboxes(listing, site),
        *twins(listing.mailboxes),
        *_units(listing),
        *_loose(listing),
    ]


def _mailboxes(listing: Listing, site: Site) -> Iterator[Finding]:
    known = {mailbox.address for mailbox in listing.mailboxes}
    units = {unit.name for unit in listing.units}
    for mailbox in listing.mailboxes:
        address = mailbox.address
        if address.rpartition("@")[2] not in site.domains:
            yield Finding(Fault.DOMAIN, address, f"is not in {' or '.join(site.domains)}")
        if units and mailbox.unit and mailbox.unit not in units:
            yield Finding(Fault.UNIT, address, f"there is no unit {mailbox.unit}")
        for manager in mailbox.managers:
            if manager not in known:
                yield Finding(Fault.MANAGER, address, f"there is no mailbox {manager}")
        if mailbox.status_reason and site.duty(mailbox.status_reason) is None:
            said = f"{mailbox.status_reason} is no duty of {site.regulation.name}: no rule acts on its status"
            yield Finding(Fault.REASON, address, said)
        yield from _format(mailbox, site)


def _format(mailbox: Mailbox, site: Site) -> Iterator[Finding]:
    duty = None if site.mode(FORMAT) is Mode.OFF else site.duty(FORMAT)
    local, _, domain = mailbox.address.rpartition("@")
    if duty is None or not isinstance(duty.parameters, AddressFormat) or domain not in site.domains:
        return
    if wrong := misfit(local, mailbox.kind, mailbox.name, duty.parameters):
        name = f" ({mailbox.name})" if wrong is Misfit.NAME else ""
        yield Finding(Fault.FORMAT, mailbox.address, f"{MISFITS[wrong]}{name}: {duty.article}")


def _units(listing: Listing) -> Iterator[Finding]:
    known = {mailbox.address for mailbox in listing.mailboxes}
    units = {unit.name for unit in listing.units}
    for unit in listing.units:
        if unit.parent and unit.parent not in units:
            yield Finding(Fault.PARENT, unit.name, f"there is no unit {unit.parent}")
        if unit.head and unit.head not in known:
            yield Finding(Fault.HEAD, unit.name, f"there is no mailbox {unit.head}")


def _loose(listing: Listing) -> Iterator[Finding]:
    for loose in listing.loose:
        fault = Fault.HEAD if loose.of_unit else Fault.MANAGER
        yield Finding(fault, loose.at, f"no mailbox belongs to {loose.named}")
