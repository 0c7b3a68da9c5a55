# SPDX-License-Identifier: GPL-3.0-or-later
"""What is seen of an automatic forward."""

from dataclasses import dataclass

from mailpolicy.verdict import Certainty


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose mailbox forwards, "" if that does not show, and in which field or command it was seen."""

    mailbox: str
    where: str
    certainty: Certainty = Certainty.CERTAIN
    what: str = "automatic forward"
