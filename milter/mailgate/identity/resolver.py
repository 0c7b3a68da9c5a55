# SPDX-License-Identifier: GPL-3.0-or-later
"""TXT records from DNS, bounded in time, and kept as long as DNS says they may be."""

from collections.abc import Sequence

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from mailgate.listen import TcpAddress

TRY_SECONDS = 2.0  # for one name server, before the next is asked
KEPT = 256  # answers, negative ones too
MOST = 4  # records of one name that are looked at


class Unanswered(Exception):  # noqa: N818 - it says what happened
    """DNS did not say whether there is such a record: no answer in time, or a server's failure."""


class Resolver:
    """Asks these name servers, the system's if there are none. Threads may share it."""

    def __init__(self, nameservers: Sequence[TcpAddress] = ()) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        if nameservers:
            self._resolver.nameservers = [
                dns.nameserver.Do53Nameserver(server.host, server.port) for server in nameservers
            ]
        else:
            self._take_the_systems()
        self._resolver.timeout = TRY_SECONDS
        self._resolver.cache = dns.resolver.LRUCache(KEPT)

    def _take_the_systems(self) -> None:
        try:
            self._resolver.read_resolv_conf("/etc/resolv.conf")
        except dns.resolver.NoResolverConfiguration:
            self._resolver.nameservers = ["127.0.0.1"]  # as resolv.conf(5) has it

    def texts(self, name: str, seconds: float) -> tuple[bytes, ...]:
        """Return the TXT records of a name, each joined to one string; none if there are none.

        Raises Unanswered, after this many seconds at the latest.
        """
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return ()  # no such name can be
        if seconds <= 0:
            raise Unanswered(name)
        try:
            answer = self._resolver.resolve(asked, "TXT", lifetime=seconds, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise Unanswered(name) from error
        return tuple(b"".join(record.strings) for record in list(answer)[:MOST])
