# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the file in which an office says how it applies its regulation, with every mistake said in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from mailpolicy import regulation as regulations
from mailpolicy.dutychoices import choices_of, note_idle_report
from mailpolicy.files.problems import BadFile, Problems
from mailpolicy.files.tables import Table, check, kind
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.lists.publicmail import PublicMail
from mailpolicy.malformed import MalformedMail
from mailpolicy.regulation import Regulation
from mailpolicy.site import Site, report_mailbox_of
from mailpolicy.sitefile import PROGRAM_TABLES, MalformedTable, PublicMailTable, SiteTable


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site file as read: the site, and the programs' own tables as their models, by name.

    `examples` is the folder with the office's examples, if the file names one.
    """

    site: Site
    sections: Mapping[str, BaseModel]
    examples: Path | None = None


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
    choices = choices_of(_table(document, "duties", problems), regulation, problems)
    parsed = {
        name: check(_table(document, name, problems), model, name, problems)
        for name, model in sections.items()
    }
    mailbox = (top and top.report_mailbox) or report_mailbox_of(choices)
    note_idle_report(choices, mailbox, problems)
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
