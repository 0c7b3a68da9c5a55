# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit report`: the report that a regulation demands, as a file that an office can sign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mailaudit import officedays
from mailaudit.directory import csvfile, office
from mailaudit.directory.cli import DirectoryFile
from mailaudit.directory.listing import Listing
from mailaudit.home import open_store
from mailaudit.reports import span
from mailaudit.reports.span import BadPeriod, Span
from mailaudit.sweep.here import COULD_NOT, Trouble
from mailpolicy.office.duedates import CODE
from mailpolicy.progress import counting
from mailpolicy.regulation import Duty, load
from mailpolicy.site import Site, for_regulation


class Format(StrEnum):
    """What a report can be written as."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class _Rules:
    """By whose rules and about whom; `own` is the office's folder of forms, if it has one."""

    site: Site
    listing: Listing
    own: Path | None = None


def report_command(
    ctx: typer.Context,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    site: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The office's site file: regulation and directory.")
    ] = None,
    regulation: Annotated[
        str | None,
        typer.Option(help="Without a site file: a regulation's name, short name (HCM, TS, CT, ST, MR) ..."),
    ] = None,
    directory: DirectoryFile = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help=f"{span.EXAMPLES}; default what the regulation's next report is about.",
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option(metavar="NAME", help="The report of this unit and those below it; default of all.")
    ] = "",
    format_: Annotated[Format | None, typer.Option("--format", help="Default by the ending of FILE.")] = None,
) -> None:
    """Write the report on the use of mail that the regulation demands, in its form.

    What no machine can know stays a marked blank. Under what the logs do not cover the report says so.

    Exit status: 0 it is written, 2 it could not be.
    """
    form = format_ or _by_ending(out)
    rules = _rules(site, regulation, directory)
    asked = _period(rules.site, period, unit)
    data = _made(ctx, rules, unit, asked, form)
    try:
        out.write_bytes(data)
    except OSError as error:
        typer.echo(f"{out}: can't be written ({error.strerror or error})", err=True)
        raise typer.Exit(COULD_NOT) from error
    typer.echo(f"{out}: {asked.name} ({asked.days.first} to {asked.days.last}), {len(data):,} bytes")


def _by_ending(out: Path) -> Format:
    ending = out.suffix.removeprefix(".").lower()
    if ending not in list(Format):
        raise typer.BadParameter(f'"{out.name}" ends in none of .{", .".join(Format)}', param_hint="--format")
    return Format(ending)


def _rules(site: Path | None, name: str | None, directory: Path | None) -> _Rules:
    """By site file, or by a regulation's name and a directory."""
    trouble = Trouble()
    if site and not name:
        here = trouble.need(lambda: office.load(site))
        listing = trouble.need(lambda: here.listing(directory))
        folder = here.audit.reports.templates
        return _Rules(here.site, listing, site.parent / folder if folder else None)
    if name and directory and not site:
        rules = trouble.need(lambda: for_regulation(load(name)))
        return _Rules(rules, trouble.need(lambda: csvfile.read(directory)))
    raise typer.BadParameter("expected --site, or --regulation and --directory")


def _period(site: Site, text: str | None, unit: str) -> Span:
    """The period that is meant; one that the regulation does not ask for is remarked on."""
    duty = site.duty(CODE)
    today = officedays.today()
    if text is None:
        if duty is None:
            raise typer.BadParameter(f"missing; expected {span.EXAMPLES}", param_hint="--period")
        return span.suggested(duty, by_unit=bool(unit), today=today)
    try:
        asked = span.read(text)
    except BadPeriod as error:
        raise typer.BadParameter(f"{error}{_hint(site, duty, today)}", param_hint="--period") from error
    _check(asked, today)
    if duty and asked.kind not in (*span.kinds(duty), span.DAYS):
        typer.echo(f"note: {site.regulation.name} asks for {span.prescribed(duty, today.year)}", err=True)
    return asked


def _check(asked: Span, today: date) -> None:
    if asked.days.first > today:
        raise typer.BadParameter(
            f"{asked.days.first} to {asked.days.last} has not begun", param_hint="--period"
        )


def _hint(site: Site, duty: Duty | None, today: date) -> str:
    return f"; {site.regulation.name} asks for {span.prescribed(duty, today.year)}" if duty else ""


def _made(ctx: typer.Context, rules: _Rules, unit: str, asked: Span, form: Format) -> bytes:
    """Compute and write; both take seconds."""
    from mailaudit.reports.build import build  # noqa: PLC0415  engines and pictures take long to load
    from mailaudit.reports.gather import Source, gather  # noqa: PLC0415

    trouble = Trouble()
    store = trouble.need(lambda: open_store(ctx))
    with counting("report", 3) as one_more:
        source = Source(store, rules.site, rules.listing)
        contents = trouble.need(lambda: gather(source, unit, asked, officedays.today()))
        one_more()
        document = trouble.need(lambda: build(contents, rules.own))
        one_more()
        data = trouble.need(lambda: _writer(form, rules.own)(document))
        one_more()
    return data


def _writer(form: Format, own: Path | None) -> "Callable[..., bytes]":
    """Each format loads its library when it is written."""
    try:
        match form:
            case Format.DOCX:
                from mailaudit.reports.docx import as_docx  # noqa: PLC0415

                return lambda document: as_docx(document, own)
            case Format.PDF:
                from mailaudit.reports.pdf import as_pdf  # noqa: PLC0415

                return as_pdf
            case Format.XLSX:
                from mailaudit.reports.xlsx import as_xlsx  # noqa: PLC0415

                return as_xlsx
            case Format.HTML:
                from mailaudit.reports.html import page  # noqa: PLC0415

                return lambda document: page(document).encode()
    except ImportError as error:
        typer.echo("reports need pip install 'postwarden[reports]'", err=True)
        raise typer.Exit(COULD_NOT) from error
