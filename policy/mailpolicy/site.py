# SPDX-License-Identifier: GPL-3.0-or-later
"""A site: how an office applies its regulation, read from the file it writes or taken from the regulation."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from mailpolicy import regulation as regulations
from mailpolicy.files.problems import BadFile, Problems
from mailpolicy.files.tables import Table, check, join, kind
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.lists.publicmail import PublicMail
from mailpolicy.malformed import MalformedMail
from mailpolicy.parameters import PARAMETERS, SpamReport
from mailpolicy.regulation import Duty, How, Regulation
from mailpolicy.rules import CODES
from mailpolicy.sitefile import PROGRAM_TABLES, ChoiceTable, MalformedTable, PublicMailTable, SiteTable
from mailpolicy.verdict import Action, Mode

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a site chose for one duty. `duty` has the site's parameters in place of the regulation's.

    On the day `enforce_from`, if there is one, *observe* becomes *enforce*.
    """

    duty: Duty
    mode: Mode = Mode.OBSERVE
    enforce_from: dt.date | None = None
    fail_open: bool = False
    undecided: Action = Action.TEMPFAIL


@dataclass(frozen=True, slots=True)
class Site:
    """How one office applies its regulation. `choices` has every duty by code; `report_mailbox` may be ""."""

    regulation: Regulation
    domains: tuple[str, ...]
    trusted_networks: tuple[Network, ...]
    report_mailbox: str
    public_mail: PublicMail
    choices: Mapping[str, Choice]
    malformed: MalformedMail

    def duty(self, code: str) -> Duty | None:
        """Return the duty with the site's parameters, None if the regulation does not hold it."""
        choice = self.choices.get(code)
        return choice.duty if choice else None

    def mode(self, code: str) -> Mode:
        """Return the duty's mode: *observe* if the site does not name it, *off* if there is no such duty."""
        choice = self.choices.get(code)
        return choice.mode if choice else Mode.OFF

    def enforce_from(self, code: str) -> dt.date | None:
        """Return the day on which *observe* becomes *enforce* for this duty, if there is one."""
        choice = self.choices.get(code)
        return choice.enforce_from if choice else None

    def fail_open(self, code: str) -> bool:
        """Whether mail passes when this duty's rule fails."""
        choice = self.choices.get(code)
        return choice is not None and choice.fail_open

    def undecided(self, code: str) -> Action:
        """What mail gets about which this duty's rule could not find out what it needs to know."""
        choice = self.choices.get(code)
        return choice.undecided if choice else Action.TEMPFAIL


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site file as read: the site, and the programs' own tables as their models, by name.

    `examples` is the folder with the office's examples, if the file names one.
    """

    site: Site
    sections: Mapping[str, BaseModel]
    examples: Path | None = None


def for_regulation(regulation: Regulation) -> Site:
    """Return the site that a regulation alone describes.

    Every duty that is met at the door and has a rule is in *enforce*; domains and report mailbox are the
    regulation's; loopback is trusted; malformed mail gets the defaults.
    """
    choices = {
        duty.code: Choice(duty, Mode.ENFORCE if _enforceable(duty) else Mode.OBSERVE)
        for duty in regulation.duties
    }
    return Site(
        regulation,
        regulation.domains,
        LOOPBACK,
        _report_mailbox(choices),
        PublicMail(),
        MappingProxyType(choices),
        MalformedMail(),
    )


def load_site(path: Path | str, sections: Mapping[str, type[BaseModel]] | None = None) -> LoadedSite:
    """Read a site file. `sections` gives the model of each program's table that is to be checked too.

    A section that is not in the file is read as an empty table. Tables of programs that are not asked for are
    left alone. Raises BadFile with every mistake, UnreadableFile if the file can't be read.
    """
    path = Path(path)
    return parse_site(read_toml(path), path, sections or {})


def parse_site(document: Table, path: Path, sections: Mapping[str, type[BaseModel]]) -> LoadedSite:
    """Check what was read from the site file at `path`. Raises BadFile."""
    problems = Problems(str(path))
    tables = {"public_mail", "malformed", "duties", *PROGRAM_TABLES, *sections}
    _note_unknown_tables(document, tables, problems)
    top = check({k: v for k, v in document.items() if k in SiteTable.model_fields}, SiteTable, "", problems)
    public_mail = _public_mail(document, problems)
    malformed = check(_table(document, "malformed", problems), MalformedTable, "malformed", problems)
    regulation = _regulation(document.get("regulation"), path, problems)
    choices = _choices(_table(document, "duties", problems), regulation, problems)
    parsed = {
        name: check(_table(document, name, problems), model, name, problems)
        for name, model in sections.items()
    }
    mailbox = (top and top.report_mailbox) or _report_mailbox(choices)
    _note_idle_report(choices, mailbox, problems)
    if problems.found or top is None or malformed is None or regulation is None:
        raise BadFile(problems.found)
    site = Site(
        regulation,
        top.domains or regulation.domains,
        tuple(map(ip_network, top.trusted_networks)),
        mailbox,
        public_mail,
        MappingProxyType(choices),
        MalformedMail(malformed.ambiguous, malformed.bound),
    )
    examples = path.parent / top.examples if top.examples else None
    return LoadedSite(site, {name: model for name, model in parsed.items() if model is not None}, examples)


def _enforceable(duty: Duty) -> bool:
    return How.ENFORCE in duty.how and duty.code in CODES


def _report_mailbox(choices: Mapping[str, Choice]) -> str:
    """The report mailbox that the regulation, or the site in its place, gives as a parameter; or ""."""
    choice = choices.get("spam-report")
    parameters = choice.duty.parameters if choice else None
    return (isinstance(parameters, SpamReport) and parameters.mailbox) or ""


def _note_unknown_tables(document: Table, tables: set[str], problems: Problems) -> None:
    known = tables | SiteTable.model_fields.keys()
    for name in sorted(document.keys() - known):
        problems.unknown(name, name, known)


def _table(document: Table, name: str, problems: Problems) -> Table:
    """A table of the file, {} if it isn't there; anything else under its name is a problem."""
    value = document.get(name, {})
    if isinstance(value, Mapping):
        return value
    problems.add(name, f"is {kind(value)}", f"a table [{name}]")
    return {}


def _public_mail(document: Table, problems: Problems) -> PublicMail:
    changes = check(_table(document, "public_mail", problems), PublicMailTable, "public_mail", problems)
    if changes is None:
        return PublicMail()
    for domain in set(changes.add) & set(changes.except_):
        problems.add("public_mail", f'"{domain}" is both added and excepted', "one of the two")
    return PublicMail(changes.add, changes.except_)


def _regulation(name: Any, path: Path, problems: Problems) -> Regulation | None:
    """The regulation a site names. A name that is no string is noted elsewhere."""
    if not isinstance(name, str) or not name.strip():
        return None
    try:
        return regulations.load_file(path.parent / name) if name.endswith(".toml") else regulations.load(name)
    except regulations.UnknownRegulation as error:
        problems.add("regulation", error.wrong, f"{error.expected}, or the path of a file (*.toml)")
    except BadFile as error:
        problems.found += error.problems
    return None


def _choices(tables: Table, regulation: Regulation | None, problems: Problems) -> dict[str, Choice]:
    """Every duty of the regulation as the site has it, as far as that can be told."""
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


def _note_idle_report(choices: Mapping[str, Choice], mailbox: str, problems: Problems) -> None:
    choice = choices.get("spam-report")
    if mailbox or not choice:
        return
    why = "but neither the regulation nor this file names a report mailbox"
    expected = "report_mailbox at the top of the file"
    if choice.mode is Mode.ENFORCE:
        problems.add("duties.spam-report.mode", f'"enforce", {why}', expected)
    if choice.enforce_from:
        problems.add("duties.spam-report.enforce_from", f"{choice.enforce_from}, {why}", expected)
