# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule may know beside the message and its duty: the site's own names."""

from dataclasses import dataclass

from mailpolicy.address import domain_of
from mailpolicy.directory import Directory, NoDirectory
from mailpolicy.lists.publicmail import PublicMail

NO_DIRECTORY = NoDirectory()


@dataclass(frozen=True, slots=True)
class Context:
    """A site as the rules see it: its official domains, normalised; `report_mailbox` may be "".

    `directory` is the office's, as last published.
    """

    domains: frozenset[str]
    public_mail: PublicMail
    report_mailbox: str = ""
    directory: Directory = NO_DIRECTORY

    def is_official(self, address: str) -> bool:
        """Whether the address lies in an official domain. A subdomain is another domain."""
        return domain_of(address) in self.domains

    def own_addresses(self, login: str) -> frozenset[str]:
        """The addresses a login stands for: itself, or itself in each official domain if it has none."""
        name = login.strip().lower()
        return frozenset({name} if "@" in name else {f"{name}@{domain}" for domain in self.domains})
