# SPDX-License-Identifier: GPL-3.0-or-later
"""What [gate.identity] comes to in a worker: who is asked, who is believed, and what is signed with."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailgate.identity import keyfile
from mailgate.identity.resolver import Resolver
from mailgate.identity.settings import IdentitySettings
from mailgate.identity.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Means:
    """Made anew whenever settings are taken; several threads may use it. `keys` are by official domain."""

    resolver: Resolver
    trusted: frozenset[str]
    keys: Mapping[str, SigningKey]

    @classmethod
    def of(cls, settings: IdentitySettings, pems: Mapping[str, bytes]) -> "Means":
        """Make ready what the settings name. `pems` holds each domain's key. Raises ValueError, KeyError."""
        keys = {
            domain: SigningKey(domain, named.selector, keyfile.parse(pems[domain]))
            for domain, named in settings.dkim.items()
        }
        return cls(Resolver(settings.servers), frozenset(settings.authserv_ids), keys)
