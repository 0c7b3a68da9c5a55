# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a sweep: every clock of a regulation asked about every mailbox. It changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.emergency_revocation import emergency_revocation
from mailpolicy.clocks.handover import handover
from mailpolicy.clocks.inactivity import inactivity
from mailpolicy.clocks.leavers import leavers
from mailpolicy.clocks.life import Clock, Life
from mailpolicy.clocks.no_deletion import no_deletion
from mailpolicy.clocks.old_mail_purge import old_mail_purge
from mailpolicy.clocks.password_age import password_age
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.standing import standing
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.clocks.violations import violations as ladder
from mailpolicy.directory import Mailbox, Unit
from mailpolicy.ledger import Violation
from mailpolicy.regulation import Regulation

CLOCKS: Mapping[str, Clock] = MappingProxyType(
    {
        "inactivity": inactivity,
        "leavers": leavers,
        "password-age": password_age,
        "no-deletion": no_deletion,
        "violations": ladder,
        "old-mail-purge": old_mail_purge,
        "emergency-revocation": emergency_revocation,
        "handover": handover,
    }
)
"""The function that judges a mailbox by a duty, for each duty code that has one."""

NOTHING: Mapping[str, Sequence[Entry]] = MappingProxyType({})
INNOCENT: Mapping[str, Sequence[Violation]] = MappingProxyType({})


def plan(
    mailboxes: Iterable[Mailbox],
    activity: Mapping[str, Activity],
    coverage: Coverage | None,
    regulation: Regulation,
    today: date,
    *,
    records: Mapping[str, Sequence[Entry]] = NOTHING,
    violations: Mapping[str, Sequence[Violation]] = INNOCENT,
    units: Iterable[Unit] = (),
) -> list[Step]:
    """Return what the regulation asks for on this day, the gravest steps first, then by unit and address.

    `activity`, `records` and `violations` are keyed by mailbox address, normalised; an entry or violation of
    a later day plays no part, nor does the order of `mailboxes`. A mailbox gets at most one step that closes
    or removes it. One that was reclaimed and has not come back gets none at all.

    To look again at one mailbox before a step is carried out, plan for it alone with what is known then: the
    step still holds if one with its key is there.
    """
    duties = [(clock, duty) for code, clock in CLOCKS.items() if (duty := regulation.duty(code))]
    by_name = {unit.name: unit for unit in units}
    steps: list[Step] = []
    for mailbox in mailboxes:
        address = mailbox.address
        used = activity.get(address)
        stands = standing(mailbox, records.get(address, ()), used.day if used else None, today)
        if not stands.reclaimed_on:
            found = violations.get(address, ())
            life = Life(mailbox, today, used, coverage, stands, found, by_name.get(mailbox.unit))
            steps += _one_action(step for clock, duty in duties if (step := clock(life, duty)))
    return sorted(steps, key=_order)


def _one_action(steps: Iterable[Step]) -> list[Step]:
    """Of several steps that close or remove a mailbox the gravest stays; the others will still be due."""
    found = list(steps)
    if len(found) < 2:
        return found
    actions = sorted((step for step in found if step.kind in ACTIONS), key=_order)
    return [step for step in found if step.kind not in ACTIONS or step is actions[0]]


def _order(step: Step) -> tuple[int, str, str, str]:
    return _GRAVITY[step.kind], step.mailbox.unit, step.mailbox.address, step.code


ACTIONS = (StepKind.RECLAIM, StepKind.LOCK)
_GRAVITY = {kind: rank for rank, kind in enumerate(StepKind)}
