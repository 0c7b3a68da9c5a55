# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services send mail to whoever registers with them, and how it is told from their other mail."""

import tomllib
from dataclasses import dataclass
from typing import Literal

from mailpolicy.lists.datafile import DataFile


@dataclass(frozen=True, slots=True)
class Service:
    """A social network, shop or forum, its name as it stands in subjects, in small letters."""

    name: str
    kind: Literal["social", "shop", "forum"]


@dataclass(frozen=True, slots=True)
class Registrations:
    """The data file: services by the domains they send from, and phrases of their subjects."""

    services: dict[str, Service]
    registered: tuple[str, ...]
    account: tuple[str, ...]

    def service(self, domain: str) -> Service | None:
        """Return the service that sends from a domain in small letters, or from one above it, or None."""
        while domain:
            if domain in self.services:
                return self.services[domain]
            domain = domain.partition(".")[2]
        return None


def _registrations(text: str) -> Registrations:
    data = tomllib.loads(text)
    services = {
        domain: Service(table["name"], table["kind"])
        for table in data["services"]
        for domain in table["domains"]
    }
    return Registrations(services, tuple(data["registered"]), tuple(data["account"]))


shipped = DataFile("registration-senders.toml", _registrations)
"""What the data file says."""


def says(phrases: tuple[str, ...], subject: str, service: Service) -> bool:
    """Whether a folded subject holds one of the phrases. Nothing may follow a service's name at its end."""
    for phrase in phrases:
        named = phrase.endswith("{name}")
        text = phrase.replace("{name}", service.name)
        _, found, rest = subject.partition(text)
        if found and not (named and rest.lstrip()[:1].isalnum()):
            return True
    return False
