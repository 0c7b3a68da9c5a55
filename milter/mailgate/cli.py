# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailgate`: serve, check."""

import json
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailgate import check as checking
from mailgate.config import GateSettings
from mailgate.inforce import local_day
from mailpolicy.console import console
from mailpolicy.files.problems import BadFile
from mailpolicy.judge import Policy
from mailpolicy.regulation import UnknownRegulation, load
from mailpolicy.site import for_regulation, load_site
from mailpolicy.verdict import Action

ACCEPTED, NOT_ACCEPTED, COULD_NOT = 0, 1, 2
app = typer.Typer(
    help="The gate: a milter that makes Postfix keep an e-mail regulation.",
    epilog="Example: mailgate serve --site /etc/postwarden/site.toml",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Messages = Annotated[list[str], typer.Argument(metavar="MESSAGE", help='Saved mail; "-" is standard input.')]
SiteFile = Annotated[
    Path | None, typer.Option("--site", metavar="FILE", help="Judge by an office's site file.")
]
Name = Annotated[
    str | None,
    typer.Option(
        "--regulation", metavar="NAME", help="Judge by a shipped regulation with every rule in force."
    ),
]
Sender = Annotated[
    str | None, typer.Option("--from", metavar="A", help="MAIL FROM; without it, the address in From:.")
]
Recipients = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="A", help="RCPT TO, as often as needed; without it, those in To: and Cc:."),
]
Login = Annotated[str, typer.Option("--login", metavar="A", help="The user who is logged in.")]
Client = Annotated[
    str,
    typer.Option(
        "--client", metavar="IP", help="Who hands it over; without it a stranger, or who is logged in."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object in a line for each message.")]
Parts = Annotated[bool, typer.Option("--parts", help="List the MIME parts too.")]


@app.command(epilog="Example: mailgate serve --site /etc/postwarden/site.toml")
def serve(site: Annotated[Path, typer.Option(metavar="FILE", help="The office's site file.")]) -> None:
    """Serve Postfix until SIGTERM, SIGINT or SIGHUP.

    Messages under way then have 30 seconds to come to their end.

    It says one line on standard error when it is ready.

    Exit status: 0 ended as told, 2 could not begin.
    """
    from mailgate.serve import serve as run  # noqa: PLC0415 - `check` works without libmilter

    try:
        run(site, lambda line: typer.echo(line, err=True))
    except BadFile as bad:
        _could_not(str(bad))


@app.command(epilog="Example: mailgate check --regulation soctrang --login canbo1@soctrang.gov.vn letter.eml")
def check(
    messages: Messages,
    *,
    site: SiteFile = None,
    regulation: Name = None,
    sender: Sender = None,
    recipients: Recipients = None,
    login: Login = "",
    client: Client = "",
    as_json: AsJson = False,
    parts: Parts = False,
) -> None:
    """Judge saved messages as the gate would, by a site file or by a regulation.

    Exit status: 0 all are accepted as they are, 1 some are not, 2 some could not be judged.
    """
    policy = _policy(site, regulation)
    assumed = checking.Assumed(sender, recipients or (), login, _client(client))
    statuses = [_check(file, policy, assumed, as_json=as_json, parts=parts) for file in messages]
    raise typer.Exit(max(statuses))


def _check(file: str, policy: Policy, assumed: checking.Assumed, *, as_json: bool, parts: bool) -> int:
    """Judge one message and print it. Return the exit status it asks for."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        typer.echo(f"mailgate: {file}: can't be read ({error.strerror or error})", err=True)
        return COULD_NOT
    outcome = checking.judge(raw, policy, assumed)
    if as_json:
        typer.echo(json.dumps(checking.as_json(file, outcome, parts=parts)))
    else:
        console().print(checking.as_text(file, outcome, parts=parts), soft_wrap=True)
    return ACCEPTED if outcome.answer.action is Action.ACCEPT else NOT_ACCEPTED


def _policy(site: Path | None, regulation: str | None) -> Policy:
    if (site is None) == (regulation is None):
        _could_not("say either --site FILE or --regulation NAME")
    try:
        if site is not None:
            policy = Policy.of(load_site(site, sections={"gate": GateSettings}).site)
            return policy.on(local_day())
        return Policy.of(for_regulation(load(regulation or "")))
    except (BadFile, UnknownRegulation) as error:
        _could_not(str(error))


def _client(address: str) -> str:
    try:
        return str(ip_address(address)) if address else ""
    except ValueError:
        _could_not(f'--client "{address}" is not an IP address')


def _could_not(why: str) -> NoReturn:
    for line in why.splitlines():
        typer.echo(f"mailgate: {line}", err=True)
    raise typer.Exit(COULD_NOT)
