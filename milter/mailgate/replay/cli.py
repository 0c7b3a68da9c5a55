# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `mailgate replay`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mailgate.options import COULD_NOT, Name, SiteFile, could_not, policy_of
from mailgate.replay.run import replay as judge_all
from mailgate.replay.show import as_json as as_document
from mailgate.replay.show import as_tables
from mailpolicy.console import console
from mailpolicy.progress import reading

Archive = Annotated[
    list[Path],
    typer.Argument(metavar="ARCHIVE", help="Maildirs, mbox files, folders of messages, messages."),
]
Other = Annotated[
    Path | None, typer.Option("--compare", metavar="FILE", help="Show what another site file would change.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def replay(
    archive: Archive,
    *,
    site: SiteFile = None,
    regulation: Name = None,
    compare: Other = None,
    as_json: AsJson = False,
) -> None:
    """Judge an archive of mail as it would have been at the door; nothing is sent and nothing changed.

    For each duty: how many messages and whose it would have hit, with examples. How a message came to the
    door is read from its header: see docs/mailgate.md.

    Exit status: 0 done, 2 some files could not be read.
    """
    policies = [policy_of(site, regulation)]
    names = [str(site or regulation)]
    if compare is not None:
        policies.append(policy_of(compare, None))
        names.append(str(compare))
    if missing := [path for path in archive if not path.exists()]:
        could_not("\n".join(f"{path}: there is no such file or folder" for path in missing))
    with reading() as progress:
        result = judge_all(archive, policies, progress)
    if as_json:
        typer.echo(json.dumps(as_document(result, names), ensure_ascii=False))
    else:
        for piece in as_tables(result, names):
            console().print(piece, soft_wrap=isinstance(piece, str))
    raise typer.Exit(COULD_NOT if result.unread_count else 0)
