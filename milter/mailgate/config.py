# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [gate] of a site file: how the gate runs at an office. docs/mailgate.md explains each key."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailgate import listen
from mailgate.identity.settings import IdentitySettings
from mailgate.signatures.settings import SignatureSettings
from mailpolicy.files.tables import wrong_value


def _listen(text: str) -> str:
    try:
        listen.parse(text)
    except ValueError as error:
        raise wrong_value(f'"{text}" ({error})', listen.EXPECTED) from error
    return text


def _host_port(text: str) -> str:
    try:
        listen.parse_host_port(text)
    except ValueError as error:
        raise wrong_value(
            f'"{text}" ({error})', 'an IP address and a port, as in "127.0.0.1:9108"'
        ) from error
    return text


def _log(text: str) -> str:
    if text != "-" and not text.startswith("/"):
        raise wrong_value(f'"{text}"', 'a path from the root, or "-" for standard output')
    return text


def _snapshot(text: str) -> str:
    if text and not text.startswith("/"):
        raise wrong_value(f'"{text}"', 'a path from the root, or "" for none')
    return text


class GateSettings(BaseModel):
    """The settings of `mailgate serve`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    listen: Annotated[str, AfterValidator(_listen)] = "inet:8891@127.0.0.1"
    """Where Postfix finds the gate."""
    workers: int = Field(default=2, ge=1, le=64)
    """Processes that judge mail, about one for each core."""
    metrics: Annotated[str, AfterValidator(_host_port)] = "127.0.0.1:9108"
    """Where Prometheus finds the metrics."""
    log: Annotated[str, AfterValidator(_log)] = "-"
    """The file of verdict lines, or "-" for standard output."""
    snapshot: Annotated[str, AfterValidator(_snapshot)] = ""
    """The directory as `mailaudit publish` writes it; "" where none is published."""
    signatures: SignatureSettings = SignatureSettings()
    """How digital signatures are looked at."""
    identity: IdentitySettings = IdentitySettings()
    """Who is believed about senders, and what the office signs with."""
