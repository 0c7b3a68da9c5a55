# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.notices] of a site file: who writes to whom. docs/notices.md explains it."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailpolicy.files.fields import LABEL, Address, Line, Text
from mailpolicy.files.tables import wrong_value

A_SERVER = 'a host and a port, as in "127.0.0.1:25" or "[::1]:25"'
LARGEST_PORT = 65535


def _server(value: str) -> str:
    host, _, port = value.strip().rpartition(":")
    named = all(LABEL.fullmatch(label) for label in host.lower().split("."))
    is_ipv6 = host.startswith("[") and host.endswith("]")
    if not (named or is_ipv6) or not port.isdecimal() or not 0 < int(port) <= LARGEST_PORT:
        raise wrong_value(f'"{value}"', A_SERVER)
    return value.strip()


Server = Annotated[str, AfterValidator(_server), Field(json_schema_extra={"expected": A_SERVER})]


class NoticeSettings(BaseModel):
    """The table [audit.notices]."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    sender: Address = Field(alias="from")
    """Who writes, and who is told when a letter can't be delivered. In an official domain."""
    signed_by: Line = "Cơ quan quản lý hệ thống thư điện tử"
    """Who signs: the name of the office that runs the mail system."""
    contact: Line | None = None
    """Whom to ask, in Vietnamese, as in "Văn phòng Sở, điện thoại ...". Without it, the address in `from`."""
    approver: Address | None = None
    """Who gets the plans, and the letters for units that the directory knows nobody of."""
    smtp: Server = "127.0.0.1:25"
    """The mail server, which takes mail from this machine without a login: the Postfix beside it."""
    templates: Text | None = None
    """A folder with letters of the office's own, in place of those of the same names that come with it."""

    @property
    def host_and_port(self) -> tuple[str, int]:
        """The mail server's host, without brackets, and its port."""
        host, _, port = self.smtp.rpartition(":")
        return host.strip("[]"), int(port)
