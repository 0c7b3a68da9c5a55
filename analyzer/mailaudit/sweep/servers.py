# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that a site file names."""

from mailaudit import enforcement
from mailaudit.directory.office import Office
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.here import Here


def servers_of(here: Here) -> Servers | None:
    """Return them, None if the site file names none. Raises EnforcementError."""
    office = office_of(here)
    settings = office.audit.enforcement
    if settings is None:
        return None
    doveadm = Doveadm(settings.doveadm) if settings.doveadm else None
    return Servers(*enforcement.open(settings, office.file.parent), doveadm)


def needed_servers(here: Here) -> Servers:
    """Return them. Raises EnforcementError also if the site file names none."""
    servers = servers_of(here)
    if servers is None:
        file = office_of(here).file
        raise EnforcementError(f"{file}: audit.enforcement: missing; it says how mailboxes are closed")
    return servers


def office_of(here: Here) -> Office:
    """Return the office; whoever acts has named its site file."""
    assert here.office  # noqa: S101
    return here.office
