# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a sweep: every clock of a regulation asked about every mailbox. It changes nothing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.inactivity import inactivity
from mailpolicy.clocks.step import Activity, Step, StepKind
from mailpolicy.directory import Mailbox
from mailpolicy.regulation import Duty, Regulation

Clock = Callable[[Mailbox, Activity | None, Coverage | None, Duty, date], Step | None]

CLOCKS: Mapping[str, Clock] = {"inactivity": inactivity}
"""The function that judges a mailbox by a duty, for each duty code that has one."""


def plan(
    mailboxes: Iterable[Mailbox],
    activity: Mapping[str, Activity],
    coverage: Coverage | None,
    regulation: Regulation,
    today: date,
) -> list[Step]:
    """Return what the regulation asks for on this day, the gravest steps first, then by unit and address.

    `activity` is keyed by mailbox address, normalised. The order of `mailboxes` plays no part.
    """
    duties = [(clock, duty) for code, clock in CLOCKS.items() if (duty := regulation.duty(code))]
    steps = [
        step
        for mailbox in mailboxes
        for clock, duty in duties
        if (step := clock(mailbox, activity.get(mailbox.address), coverage, duty, today))
    ]
    return sorted(steps, key=_order)


def _order(step: Step) -> tuple[int, str, str, str]:
    return _GRAVITY[step.kind], step.mailbox.unit, step.mailbox.address, step.code


_GRAVITY = {kind: rank for rank, kind in enumerate(StepKind)}
