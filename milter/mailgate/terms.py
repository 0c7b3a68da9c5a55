# SPDX-License-Identifier: GPL-3.0-or-later
"""All that one message is treated by, taken together when it begins."""

import datetime as dt
from dataclasses import dataclass

from mailgate.identity.means import Means
from mailgate.signatures.settings import SignatureSettings
from mailgate.signatures.wanted import Wanted
from mailpolicy.judge import Policy

PRESENCE_ONLY = SignatureSettings()
"""Sees whether there are signatures, and verifies none: there are no roots."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What judges a message, and what proves its sender, verifies its signatures and signs it.

    Without `means` no sender is proved and nothing signed.
    """

    policy: Policy
    signatures: SignatureSettings
    wanted: Wanted
    means: Means | None

    @classmethod
    def of(
        cls, policy: Policy, signatures: SignatureSettings = PRESENCE_ONLY, means: Means | None = None
    ) -> "Terms":
        """Work out what this policy wants to know of signatures."""
        return cls(policy, signatures, Wanted.of(policy, verifies=bool(signatures.roots)), means)

    def on(self, day: dt.date) -> "Terms":
        """Return the terms of this day, as Policy.on."""
        return Terms.of(self.policy.on(day), self.signatures, self.means)
