# SPDX-License-Identifier: GPL-3.0-or-later
"""Malformed mail and what an office gives it. No regulation speaks of it, so it stands beside the rules."""

from dataclasses import dataclass
from enum import StrEnum

from mailpolicy.verdict import Action, Finding, Judged, Mode

CODE = "malformed"
"""The finding's code, among those of duties: in the verdict line, in the metrics, in replies."""
BOUNDS = frozenset({"too-deep", "too-many-parts", "header-overlong", "name-overlong"})
"""The scanner's codes for a bound that was reached. Every other says that readers differ."""


class Treatment(StrEnum):
    """What malformed mail gets, the mildest first."""

    OBSERVE = "observe"  # recorded and counted, the mail untouched
    QUARANTINE = "quarantine"
    REJECT = "reject"


_SEVERITY = {treatment: rank for rank, treatment in enumerate(Treatment)}


@dataclass(frozen=True, slots=True)
class MalformedMail:
    """What a site gives mail that two readers may read differently, and mail that reached a bound.

    Of mail beyond a bound nobody knows what it holds: it is never accepted by default.
    """

    ambiguous: Treatment = Treatment.OBSERVE
    bound: Treatment = Treatment.QUARANTINE

    def judge(self, reasons: tuple[str, ...]) -> Judged:
        """Judge a message by the scanner's codes, of which there is at least one. The stricter choice counts.

        In *observe* the action is quarantine, the milder of what the site may choose.
        """
        chosen = [self.bound if reason in BOUNDS else self.ambiguous for reason in reasons]
        treatment = max(chosen, key=_SEVERITY.__getitem__)
        reached = not BOUNDS.isdisjoint(reasons)
        detail = "beyond a bound of the scanner" if reached else "MIME that can be read in several ways"
        mode = Mode.OBSERVE if treatment is Treatment.OBSERVE else Mode.ENFORCE
        action = Action.REJECT if treatment is Treatment.REJECT else Action.QUARANTINE
        return Judged(Finding(CODE, "", detail, {"reasons": reasons}), mode, action)
