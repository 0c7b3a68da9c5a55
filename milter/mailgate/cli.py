# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailgate`: serve, check, replay, test, explain."""

import json
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from mailgate import check as checking
from mailgate import examples, saved
from mailgate.explain import UnknownCodeError
from mailgate.explain import explain as explained
from mailgate.options import COULD_NOT, Name, SiteFile, could_not, policy_of
from mailgate.replay.cli import replay
from mailpolicy.console import console
from mailpolicy.files.problems import BadFile
from mailpolicy.judge import Policy
from mailpolicy.progress import counting
from mailpolicy.verdict import Action

ACCEPTED, NOT_ACCEPTED = 0, 1
AS_EXPECTED, NOT_AS_EXPECTED = 0, 1
app = typer.Typer(
    help="The gate: a milter that makes Postfix keep an e-mail regulation.",
    epilog="Example: mailgate serve --site /etc/postwarden/site.toml",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Messages = Annotated[list[str], typer.Argument(metavar="MESSAGE", help='Saved mail; "-" is standard input.')]
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
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object in a line.")]
Parts = Annotated[bool, typer.Option("--parts", help="List the MIME parts too.")]


@app.command(epilog="Example: mailgate serve --site /etc/postwarden/site.toml")
def serve(site: Annotated[Path, typer.Option(metavar="FILE", help="The office's site file.")]) -> None:
    """Serve Postfix until SIGTERM or SIGINT.

    Messages under way then have 30 seconds to come to their end.

    It says one line on standard error when it is ready. A changed site file is put in force while it runs, on
    SIGHUP at once; one with mistakes is not.

    Exit status: 0 ended as told, 2 could not begin.
    """
    from mailgate.serve import serve as run  # noqa: PLC0415 - `check` works without libmilter

    try:
        run(site, lambda line: typer.echo(line, err=True))
    except BadFile as bad:
        could_not(str(bad))


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
    policy = policy_of(site, regulation)
    assumed = saved.Assumed(sender, recipients or (), login, _client(client))
    statuses = [_check(file, policy, assumed, as_json=as_json, parts=parts) for file in messages]
    raise typer.Exit(max(statuses))


def _check(file: str, policy: Policy, assumed: saved.Assumed, *, as_json: bool, parts: bool) -> int:
    """Judge one message and print it. Return the exit status it asks for."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        typer.echo(f"mailgate: {file}: can't be read ({error.strerror or error})", err=True)
        return COULD_NOT
    outcome = saved.judge(raw, policy, assumed)
    if as_json:
        typer.echo(json.dumps(checking.as_json(file, outcome, parts=parts)))
    else:
        console().print(checking.as_text(file, outcome, parts=parts), soft_wrap=True)
    return ACCEPTED if outcome.answer.action is Action.ACCEPT else NOT_ACCEPTED


def _client(address: str) -> str:
    try:
        return str(ip_address(address)) if address else ""
    except ValueError:
        could_not(f'--client "{address}" is not an IP address')


app.command(epilog="Example: mailgate replay --site /etc/postwarden/site.toml /var/mail/archive")(replay)


@app.command("test", epilog="Example: mailgate test --site /etc/postwarden/site.toml examples/")
def test_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="NAME.eml, each with NAME.toml beside it.")],
    *,
    site: SiteFile = None,
    regulation: Name = None,
) -> None:
    """Judge an office's own examples and compare with what it expects of each.

    Exit status: 0 all are as expected, 1 some are not, 2 it could not be found out.
    """
    policy = policy_of(site, regulation)
    try:
        found = examples.load(folder)
    except BadFile as bad:
        could_not(str(bad))
    with counting("examples", len(found)) as one_more:
        mistakes = examples.mistakes(found, policy, one_more)
    for mistake in mistakes:
        typer.echo(str(mistake), err=True)
    typer.echo(f"{len(found) - len(mistakes)} of {len(found)} examples are as expected")
    raise typer.Exit(NOT_AS_EXPECTED if mistakes else AS_EXPECTED)


@app.command(epilog="Example: mailgate explain PW-ST-attachment-cap")
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As in a refusal: PW-ST-auto-forward.")],
    as_json: AsJson = False,
) -> None:
    """Explain a refusal's code: the duty, its article, and what the sender can do.

    Exit status: 0 explained, 2 there is no such code.
    """
    try:
        explanation = explained(code)
    except UnknownCodeError as error:
        could_not(str(error))
    if as_json:
        typer.echo(json.dumps(explanation.as_json(), ensure_ascii=False))
    else:
        typer.echo("\n".join(explanation.as_lines()))
