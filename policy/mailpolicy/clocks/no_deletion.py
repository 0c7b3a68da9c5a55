# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail deleted from a mailbox whose mail is to be kept: people look whether it was spam, which may go."""

from dataclasses import replace
from typing import cast

from mailpolicy.clocks.life import SHARED, Life
from mailpolicy.clocks.step import Audience, Origin, Step, StepKind
from mailpolicy.clocks.violations import RECENT
from mailpolicy.directory import Kind
from mailpolicy.officetime import office_day
from mailpolicy.parameters import NoDeletion
from mailpolicy.regulation import Duty


def no_deletion(life: Life, duty: Duty) -> Step | None:
    """List a mailbox with deletions in the ledger, certain or not, where the text forbids them."""
    terms = cast(NoDeletion, duty.parameters)
    meant = SHARED if terms.mailboxes == "agency" else (Kind.PERSON,)
    if not (life.violations and terms.deleting_forbidden and life.mailbox.kind in meant):
        return None
    deleted = sorted(
        (
            one
            for one in life.violations
            if one.code == duty.code and life.today - RECENT < office_day(one.time) <= life.today
        ),
        key=lambda one: one.time,
    )
    if not deleted:
        return None
    last = office_day(deleted[-1].time)
    count = sum(one.messages for one in deleted)
    return replace(
        life.draft(duty, StepKind.REVIEW, last, Origin.VIOLATION),
        reason=f"{count} message{'' if count == 1 else 's'} deleted, the last on {last}",
        next="people look whether they may go",
        violations=tuple(deleted),
        tell=(Audience.UNIT,),
    )
