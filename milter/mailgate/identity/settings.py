# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [gate.identity] of a site file: who is believed about senders, and what the office signs with."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailgate.listen import TcpAddress, parse_host_port
from mailpolicy.files.fields import ARRAY, DISTINCT, LABEL, Domain
from mailpolicy.files.tables import wrong_value

DNS_PORT = 53
A_SERVER = 'an IP address, with a port if it is not 53: "192.0.2.53" or "127.0.0.1:5353"'
A_SELECTOR = "the name the key is published under, as in s2026"
AN_ID = "an authserv-id, as in mx.soctrang.gov.vn"
A_PATH = "the path, from the root, of a private key"


def _server(text: str) -> str:
    try:
        nameserver(text)
    except ValueError:
        raise wrong_value(f'"{text}"', A_SERVER) from None
    return text


def nameserver(text: str) -> TcpAddress:
    """Read a name server's address. Raises ValueError."""
    try:
        return TcpAddress(str(ip_address(text)), DNS_PORT)
    except ValueError:
        return parse_host_port(text)


def _selector(text: str) -> str:
    lowered = text.lower()
    if not all(LABEL.fullmatch(label) for label in lowered.split(".")):
        raise wrong_value(f'"{text}"', A_SELECTOR)
    return lowered


def _authserv_id(text: str) -> str:
    if not text.isascii() or not text.isprintable() or not text or set(text) & set(' ;()"\\'):
        raise wrong_value(f'"{text}"', AN_ID)
    return text.lower()


def _key(path: str) -> str:
    if not path.startswith("/"):
        raise wrong_value(f'"{path}"', A_PATH)
    return path


Server = Annotated[str, AfterValidator(_server), Field(json_schema_extra={"expected": A_SERVER})]
AuthservId = Annotated[str, AfterValidator(_authserv_id), Field(json_schema_extra={"expected": AN_ID})]
Selector = Annotated[str, AfterValidator(_selector), Field(json_schema_extra={"expected": A_SELECTOR})]
KeyPath = Annotated[str, AfterValidator(_key), Field(json_schema_extra={"expected": A_PATH})]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class DkimKey(_Table):
    """The key one official domain is signed with."""

    selector: Selector
    """The name it is published under."""
    key: KeyPath
    """Its file."""


class IdentitySettings(_Table):
    """Who is believed about senders, and what the office signs with."""

    nameservers: Annotated[tuple[Server, ...], ARRAY, DISTINCT] = ()
    """The name servers that are asked for DKIM's keys; without them, the system's."""
    authserv_ids: Annotated[tuple[AuthservId, ...], ARRAY, DISTINCT] = ()
    """The names under which milters before the gate write Authentication-Results that are believed."""
    dkim: dict[Domain, DkimKey] = {}
    """The keys outgoing mail is signed with, by official domain."""

    @property
    def servers(self) -> tuple[TcpAddress, ...]:
        """The name servers as addresses."""
        return tuple(map(nameserver, self.nameservers))
