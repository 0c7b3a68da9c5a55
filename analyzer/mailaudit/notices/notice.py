# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter that is ready to be sent."""

from dataclasses import dataclass

from mailaudit.notices.matter import Occasion, Role


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter to one address about one event. `content` is the whole message (RFC 5322), lines by CRLF.

    `event` is the key of the matter; event and recipient together are written to only once. `mailbox` is
    whom it is about, "" for a plan. `message_id` is made from both keys: a letter sent again has the same.
    """

    event: str
    recipient: str
    role: Role
    occasion: Occasion
    mailbox: str
    sender: str
    subject: str
    message_id: str
    content: bytes
