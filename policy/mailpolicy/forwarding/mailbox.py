# SPDX-License-Identifier: GPL-3.0-or-later
"""Official mailboxes as header fields name them: only a plain address is one, for mail is sent to it."""

import re

from mailpolicy.address import normalise
from mailpolicy.context import Context

_PLAIN = re.compile(r'[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]+@[a-z0-9.-]+')


def official(address: str, context: Context) -> str:
    """Return the address, normalised, if it is a plain one in an official domain; else ""."""
    mailbox = normalise(address)
    return mailbox if context.is_official(mailbox) and _PLAIN.fullmatch(mailbox) else ""
