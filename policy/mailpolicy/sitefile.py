# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a site file (TOML): how an office says what it makes of its regulation (docs/site-file.md)."""

import datetime as dt
from ipaddress import ip_interface, ip_network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailpolicy.files.fields import ARRAY, DISTINCT, NOT_EMPTY, Address, Domain, Text
from mailpolicy.files.tables import wrong_value
from mailpolicy.lists.publicmail import is_too_broad, official_suffix
from mailpolicy.malformed import Treatment
from mailpolicy.verdict import Mode

A_NETWORK = "a network, as in 10.20.0.0/16 or 2001:db8::/32"
PROGRAM_TABLES = frozenset({"gate", "audit"})  # checked by the program they belong to


def _network(value: str) -> str:
    try:
        return str(ip_network(value.strip()))
    except ValueError:
        raise _bad_network(value) from None


def _bad_network(value: str) -> Exception:
    try:
        meant = ip_interface(value.strip())
    except ValueError:
        return wrong_value(f'"{value}"', A_NETWORK)
    either = f'"{meant.network}", or "{ip_network(meant.ip)}" for that host'
    return wrong_value(f'"{value}" is a host in {meant.network}', either)


def _provider(value: str) -> str:
    if is_too_broad(value):
        raise wrong_value(f'"{value}" would match strangers\' domains', "a provider's own domain")
    if suffix := official_suffix(value):
        raise wrong_value(f'"{value}" lies in {suffix}, which is never public', "a provider's own domain")
    return value


Network = Annotated[str, AfterValidator(_network), Field(json_schema_extra={"expected": A_NETWORK})]
Provider = Annotated[Domain, AfterValidator(_provider)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class SiteTable(_Table):
    """The keys at the top of a site file."""

    regulation: Text
    """A shipped regulation's name, short name or the beginning of its name, or the path of a regulation file
    (*.toml) from where the site file lies."""
    domains: Annotated[tuple[Domain, ...], ARRAY, DISTINCT, NOT_EMPTY] | None = None
    """The official mail domains. A subdomain is another domain."""
    trusted_networks: Annotated[tuple[Network, ...], ARRAY, DISTINCT] = ("127.0.0.0/8", "::1/128")
    """Networks whose programs may send without a login."""
    report_mailbox: Address | None = None
    """Where suspicious mail is reported."""
    examples: Text | None = None
    """A folder with the office's own examples, from where the site file lies."""


class PublicMailTable(_Table):
    """The table [public_mail]: changes to the shipped list of public mail providers."""

    add: Annotated[tuple[Provider, ...], ARRAY, DISTINCT] = ()
    """Domains that are public mail providers, with all their subdomains."""
    except_: Annotated[tuple[Domain, ...], ARRAY, DISTINCT] = Field(default=(), alias="except")
    """Domains that are not, with all their subdomains."""


class MalformedTable(_Table):
    """The table [malformed]: what mail with broken MIME gets."""

    ambiguous: Treatment = Field(default=Treatment.OBSERVE, strict=False)
    """Mail that two readers may read differently."""
    bound: Treatment = Field(default=Treatment.QUARANTINE, strict=False)
    """Mail that reached a bound of the scanner."""


class ChoiceTable(_Table):
    """One table [duties.CODE]."""

    mode: Mode = Field(default=Mode.OBSERVE, strict=False)
    """How far the duty is switched on."""
    enforce_from: dt.date | None = None
    """The day on which observe becomes enforce."""
    fail_open: bool = False
    """If the duty's rule fails, the message passes with an alarm; false: it is sent again later."""
    undecided: Literal["accept", "tempfail", "reject"] = "tempfail"
    """What mail gets when the rule could not find out what it needs, as when DNS does not answer."""
    parameters: dict[str, Any] = {}
    """Parameters of the regulation's duty that are different here, by name."""
