# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit calendar`: which reports a regulation wants, by when and from whom."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mailaudit import officedays
from mailaudit.calendar.show import Year, as_json, show
from mailaudit.directory.cli import AsJson
from mailpolicy.files.problems import BadFile
from mailpolicy.office.duedates import CODE
from mailpolicy.regulation import Duty, Regulation, UnknownRegulation, load
from mailpolicy.siteloading import load_site

COULD_NOT = 2


def calendar_command(
    *,
    site: Annotated[Path | None, typer.Option(metavar="FILE", help="The office's site file.")] = None,
    regulation: Annotated[
        str | None, typer.Option(help="Or a regulation: its name, short name (HCM, TS, CT, ST, MR).")
    ] = None,
    year: Annotated[
        int | None, typer.Option(min=2000, max=2100, help="Which year; default this one.")
    ] = None,
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the year's days to this file, as iCalendar.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Show which reports are due when, by whom, about which period, and what is next.

    Exit status: 0 done, 2 the site file or the regulation could not be read, or FILE not written.
    """
    rules, duty = _rules(site, regulation)
    today = officedays.today()
    which = Year(rules, duty, year or today.year, today)
    if ics is not None:
        _write(ics, which)
    elif as_json_:
        typer.echo(json.dumps(as_json(which), ensure_ascii=False, indent=2))
    else:
        show(which)


def _rules(site: Path | None, name: str | None) -> tuple[Regulation, Duty]:
    """The regulation, and its duty to report with the site's parameters; or say what is wrong."""
    if (site is None) == (name is None):
        raise typer.BadParameter("one of the two", param_hint="--site, --regulation")
    try:
        if site is not None:
            office = load_site(site).site
            rules, duty = office.regulation, office.duty(CODE)
        else:
            rules = load(name or "")
            duty = rules.duty(CODE)
    except (BadFile, UnknownRegulation) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT) from error
    if duty is None:
        typer.echo(f"{rules.name} has no duty {CODE}", err=True)
        raise typer.Exit(COULD_NOT)
    return rules, duty


def _write(file: Path, year: Year) -> None:
    try:
        from mailaudit.calendar.ics import as_ics  # noqa: PLC0415  an extra

        file.write_bytes(as_ics(year.regulation, year.reports, datetime.now(UTC)))
    except ImportError as error:
        typer.echo("--ics needs pip install 'postwarden[reports]'", err=True)
        raise typer.Exit(COULD_NOT) from error
    except OSError as error:
        typer.echo(f"{file}: can't be written ({error.strerror or error})", err=True)
        raise typer.Exit(COULD_NOT) from error
    typer.echo(f"{file}: {len(year.reports)} days of {year.year}")
