# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox revoked in an emergency stays locked until people open it: no term, use or confirmation does."""

from dataclasses import replace

from mailpolicy.clocks.life import Life
from mailpolicy.clocks.standing import REVOKED
from mailpolicy.clocks.step import Origin, Step, StepKind
from mailpolicy.regulation import Duty


def emergency_revocation(life: Life, duty: Duty) -> Step | None:
    """Say of a revoked mailbox that it stays locked."""
    lock = life.standing.lock
    if lock is None or lock.code != REVOKED:
        return None
    return replace(
        life.draft(duty, StepKind.WAIT, lock.day, Origin.REVOCATION),
        reason=f"revoked on {lock.day}",
        next="it stays locked until people open it",
    )
