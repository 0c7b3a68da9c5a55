# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [gate.signatures] of a site file: whose signatures are trusted, and how much is looked at."""

import importlib.util
import socket
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailgate.identity.settings import AuthservId
from mailpolicy.files.fields import ARRAY, DISTINCT
from mailpolicy.files.tables import wrong_value

A_ROOT = "the path, from the root, of a PEM file of certificates"
NEEDED = ("pyhanko", "cryptography")


def _root(value: str) -> str:
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        wrong = f"signatures can't be verified without {' and '.join(missing)}"
        raise wrong_value(wrong, 'pip install "postwarden[signatures]", or no roots')
    if not value.startswith("/"):
        raise wrong_value(f'"{value}"', A_ROOT)
    try:
        pem = Path(value).read_bytes()
    except OSError as error:
        raise wrong_value(f'"{value}" can\'t be read ({error.strerror})', A_ROOT) from error
    if not _holds_certificates(pem):
        raise wrong_value(f'"{value}" holds no certificate that can be read', A_ROOT)
    return value


def _holds_certificates(pem: bytes) -> bool:
    from cryptography import x509  # noqa: PLC0415 - an extra; only who gives roots needs it

    try:
        return bool(x509.load_pem_x509_certificates(pem))
    except ValueError:
        return False


Root = Annotated[str, AfterValidator(_root), Field(json_schema_extra={"expected": A_ROOT})]


class SignatureSettings(BaseModel):
    """How the gate looks at signatures."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    roots: Annotated[tuple[Root, ...], ARRAY, DISTINCT] = ()
    """Files of the certificates that signatures must lead to; without them nothing is verified."""
    authserv_id: AuthservId = ""
    """The name under which results are written (RFC 8601, 2.5); without it, the host's name."""
    largest_mb: int = Field(default=100, ge=1, le=1024)
    """The largest message, in MB of 1024 * 1024 bytes as it is sent, that is looked into."""

    @property
    def written_as(self) -> str:
        """The name results are written under."""
        return self.authserv_id or socket.gethostname().lower()
