# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailpolicy`: shows the regulations, and checks the files an office writes."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from mailpolicy import regulationfile
from mailpolicy.console import console
from mailpolicy.dutytable import duty_table
from mailpolicy.files.problems import BadFile, Problems, UnreadableFile
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.regulation import Regulation, UnknownRegulation, build, load, load_all
from mailpolicy.rules import CODES
from mailpolicy.show import (
    duty_values,
    print_duty_table,
    print_regulation,
    regulation_values,
    regulations_table,
    row_values,
)
from mailpolicy.site import Site
from mailpolicy.sitefile import PROGRAM_TABLES
from mailpolicy.siteloading import parse_site
from mailpolicy.verdict import Mode

MISTAKES, COULD_NOT = 1, 2

app = typer.Typer(
    help="Show the e-mail regulations that Postwarden knows, and check the files an office writes.",
    epilog="Example: mailpolicy show soctrang",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command("list", epilog="Example: mailpolicy list --json")
def list_regulations(as_json: AsJson = False) -> None:
    """List the regulations that come with Postwarden."""
    regulations = load_all()
    if as_json:
        _print_json([regulation_values(one) | {"duties": len(one.duties)} for one in regulations])
    else:
        console().print(regulations_table(regulations))


@app.command(epilog="Example: mailpolicy show ST")
def show(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Its name, short name (ST), or how the name begins (soctrang)."),
    ],
    as_json: AsJson = False,
) -> None:
    """Show one regulation: each duty's article, parameters, how it is met, and whether code for it exists."""
    try:
        regulation = load(name)
    except UnknownRegulation as error:
        console(stderr=True).print(str(error))
        raise typer.Exit(COULD_NOT) from error
    if as_json:
        duties = [duty_values(duty) for duty in regulation.duties]
        _print_json(regulation_values(regulation) | {"duties": duties})
    else:
        print_regulation(regulation, console())


@app.command(epilog="Example: mailpolicy table --json")
def table(as_json: AsJson = False) -> None:
    """Show all duties of all regulations side by side: article, how each is met, whether code for it exists.

    Below it stands why a duty that the gate enforces for one regulation is not enforced for another.
    """
    regulations = load_all()
    rows = duty_table(regulations)
    if as_json:
        _print_json([row_values(row) for row in rows])
    else:
        print_duty_table(rows, regulations, console())


@app.command(epilog="Example: mailpolicy validate /etc/postwarden/site.toml")
def validate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A site file or a regulation file (TOML).")],
) -> None:
    """Check a site file or a regulation file, told apart by what is in it; name every mistake.

    Exit status: 0 it is valid, 1 it has mistakes, 2 it could not be read.
    """
    try:
        summary = _checked(file)
    except BadFile as error:
        for problem in error.problems:
            console(stderr=True).print(str(problem), soft_wrap=True)
        raise typer.Exit(COULD_NOT if isinstance(error, UnreadableFile) else MISTAKES) from error
    console().print(f"{file}: ok", soft_wrap=True)
    for line in summary:
        console().print(f"  {line}", soft_wrap=True)


@app.command(epilog="Example: mailpolicy test --site /etc/postwarden/site.toml /etc/postwarden/examples")
def test(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="NAME.eml, each with NAME.toml beside it.")],
    site: Annotated[Path, typer.Option("--site", metavar="FILE", help="The office's site file.")],
) -> None:
    """Judge an office's own examples by its site file. `mailgate test` does it: only the gate reads mail.

    Exit status: 0 all are as expected, 1 some are not, 2 it could not be found out.
    """
    gate = Path(sys.executable).with_name("mailgate")
    if not gate.exists():
        console(stderr=True).print(f"{gate} is not there; expected postwarden[gate] to be installed")
        raise typer.Exit(COULD_NOT)
    raise typer.Exit(os.spawnv(os.P_WAIT, gate, [str(gate), "test", "--site", str(site), str(folder)]))  # noqa: S606


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _checked(file: Path) -> list[str]:
    """Check a file and sum it up in lines. Raises BadFile."""
    document = read_toml(file)
    if isinstance(document.get("regulation"), Mapping) or "duty" in document:
        return _about_regulation(build(regulationfile.parse(document, Problems(str(file)))))
    return _about_site(parse_site(document, file, {}).site, document)


def _about_regulation(regulation: Regulation) -> list[str]:
    return [
        f"regulation {regulation.name} ({regulation.short}), {len(regulation.duties)} duties",
        f"domains: {', '.join(regulation.domains)}",
    ]


def _about_site(site: Site, document: Mapping[str, Any]) -> list[str]:
    lines = [
        f"site under {site.regulation.name} ({site.regulation.short})",
        f"domains: {', '.join(site.domains)}",
        f"trusted networks: {', '.join(map(str, site.trusted_networks)) or 'none'}",
        f"report mailbox: {site.report_mailbox or 'none'}",
    ]
    for mode in Mode:
        codes = [code for code in site.choices if code in CODES and site.mode(code) is mode]
        lines.append(f"{mode}: {', '.join(codes) or 'none'}")
    dated = [f"{code} from {day}" for code in site.choices if (day := site.enforce_from(code))]
    lines += [f"to be enforced: {', '.join(dated)}"] if dated else []
    lines.append(f"no rule at the door: {', '.join(code for code in site.choices if code not in CODES)}")
    lines.append(f"malformed mail: {site.malformed.ambiguous}; beyond a bound: {site.malformed.bound}")
    lines += [f"[{name}]: left to mail{name} to check" for name in sorted(PROGRAM_TABLES & document.keys())]
    return lines
