# SPDX-License-Identifier: GPL-3.0-or-later
"""The office of the tests of automatic forwards: what its gate enforces, and where mail went."""

from bed import Bed

OFFICE = "soctrang.gov.vn"
CITIZEN, PRIVATE, PARTNER = "congdan@example.org", "hopthu.rieng@gmail.com", "doitac@example.com"
PASSWORD = "Mat-Khau-7894"
SITE = """
regulation = "soctrang-59-2024"
trusted_networks = ["127.0.0.1/32", "::1/128"]
[duties.auto-forward]
mode = "enforce"
[duties.sender-domain]
mode = "enforce"
"""


def copies(office: Bed, user: str, message_id: str) -> int:
    """How often a message lies in a mailbox."""
    return sum(mail["Message-ID"] == message_id for mail in office.stored(user))


def left(office: Bed, message_id: str) -> list[tuple[str, ...]]:
    """The recipients outside of each copy of a message, when nothing moves any more."""
    office.settle()
    return [mail.recipients for mail in office.outside.departed() if mail.message["Message-ID"] == message_id]
