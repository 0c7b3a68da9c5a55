# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site file chose for each duty: the tables below [duties], checked together with the regulation."""

from collections.abc import Mapping
from dataclasses import replace

from mailpolicy.files.problems import Problems
from mailpolicy.files.tables import Table, check, join, kind
from mailpolicy.parameters import PARAMETERS
from mailpolicy.regulation import Duty, How, Regulation
from mailpolicy.rules import CODES
from mailpolicy.site import Choice
from mailpolicy.sitefile import ChoiceTable
from mailpolicy.verdict import Action, Mode


def choices_of(tables: Table, regulation: Regulation | None, problems: Problems) -> dict[str, Choice]:
    """Return every duty of the regulation as the site has it, as far as that can be told."""
    choices = {duty.code: Choice(duty) for duty in regulation.duties} if regulation else {}
    for code, table in tables.items():
        key = join("duties", code)
        if not isinstance(table, Mapping):
            problems.add(key, f"is {kind(table)}", f"a table [{key}]")
        elif code in choices:
            choices[code] = _choice(choices[code].duty, table, key, problems) or choices[code]
        else:
            _note_no_duty(code, key, regulation, problems)
            check(table, ChoiceTable, key, problems)
            if code in PARAMETERS and isinstance(changes := table.get("parameters", {}), Mapping):
                check(changes, PARAMETERS[code], join(key, "parameters"), problems, partial=True)
    return choices


def _choice(duty: Duty, table: Table, key: str, problems: Problems) -> Choice | None:
    """What the site says of one duty, its parameters checked together with the regulation's."""
    chosen = check(table, ChoiceTable, key, problems)
    changes = table.get("parameters", {})
    if not isinstance(changes, Mapping):
        return None
    model = PARAMETERS[duty.code]
    values = duty.parameters.model_dump(exclude_unset=True) | dict(changes)
    parameters = check(values, model, join(key, "parameters"), problems)
    _note_unenforceable(duty, table, key, problems)
    if chosen and chosen.enforce_from and chosen.mode is not Mode.OBSERVE:
        wrong = f'{chosen.enforce_from}, but the mode is "{chosen.mode}"'
        problems.add(join(key, "enforce_from"), wrong, 'mode = "observe" until that day')
    if chosen is None or parameters is None:
        return None
    return Choice(
        replace(duty, parameters=parameters),
        chosen.mode,
        chosen.enforce_from,
        chosen.fail_open,
        Action(chosen.undecided),
    )


def _note_unenforceable(duty: Duty, table: Table, key: str, problems: Problems) -> None:
    """A duty that looks enforced, now or from some day on, but is not would be worse than one that is off."""
    if How.ENFORCE not in duty.how:
        why = f"the text gives the gate nothing to enforce (how: {', '.join(duty.how)})"
    elif duty.code not in CODES:
        why = f"no rule for {duty.code} exists yet"
    else:
        return
    if table.get("mode") == Mode.ENFORCE:
        problems.add(join(key, "mode"), f'"enforce", but {why}', '"observe" or "off"')
    if "enforce_from" in table:
        problems.add(join(key, "enforce_from"), f"a day is set, but {why}", "no such key")


def _note_no_duty(code: str, key: str, regulation: Regulation | None, problems: Problems) -> None:
    if code not in PARAMETERS:
        problems.unknown(key, code, [duty.code for duty in regulation.duties] if regulation else PARAMETERS)
    elif regulation:
        duties = ", ".join(duty.code for duty in regulation.duties)
        problems.add(key, f"{regulation.name} has no duty {code}", f"one it has: {duties}")


def note_idle_report(choices: Mapping[str, Choice], mailbox: str, problems: Problems) -> None:
    """Note a duty to report spam that is enforced and has no mailbox to report to."""
    choice = choices.get("spam-report")
    if mailbox or not choice:
        return
    why = "but neither the regulation nor this file names a report mailbox"
    expected = "report_mailbox at the top of the file"
    if choice.mode is Mode.ENFORCE:
        problems.add("duties.spam-report.mode", f'"enforce", {why}', expected)
    if choice.enforce_from:
        problems.add("duties.spam-report.enforce_from", f"{choice.enforce_from}, {why}", expected)
