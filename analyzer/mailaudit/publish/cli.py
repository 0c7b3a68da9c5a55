# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit publish`: the directory, as the gate's snapshot."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mailaudit.directory.check import check
from mailaudit.directory.cli import AsJson, DirectoryFile, SiteFile, read
from mailaudit.directory.listing import Listing
from mailaudit.home import open_store
from mailaudit.officedays import today
from mailaudit.publish import file
from mailaudit.publish.changes import LARGEST_LOSS, Changes
from mailaudit.publish.publication import Publication, as_json_values, lines
from mailaudit.record import heads
from mailaudit.record.closed import as_recorded
from mailaudit.store import Store, StoreError
from mailaudit.working import working
from mailpolicy.officetime import office_day
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.encode import encode
from mailpolicy.snapshot.header import BadSnapshot

REFUSED, COULD_NOT = 1, 2


def publish_command(
    ctx: typer.Context,
    *,
    site: SiteFile,
    to: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The snapshot; default: the site's gate.snapshot.")
    ] = None,
    directory: DirectoryFile = None,
    allow_shrink: Annotated[
        bool,
        typer.Option("--allow-shrink", help="Publish a directory that lost much of itself."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the directory and publish it to the gate, as a file that is replaced in one step.

    A directory with mistakes, or with 30 % fewer mailboxes than the last one, is not published. With --home,
    mailboxes that its record has as locked, revoked or reclaimed are published as locked.

    Exit status: 0 published, 1 refused, 2 it could not be read or written.
    """
    here, listing = read(site, directory)
    store = _store(ctx)
    if store:
        listing = _recorded(store, listing)
    path = to or _place(here.snapshot, site)
    last = _last(path)
    made_at = datetime.now(UTC)
    with working("comparing the directory"):
        changes = Changes.between(last, listing.mailboxes) if last else None
        found = Publication(path, listing, made_at, changes, len(check(listing, here.site)))
    refused = changes is not None and changes.shrunk and not allow_shrink
    if not refused:
        if store and last:
            _note_heads(store, listing, last)
        with working("writing the snapshot"):
            _write(found)
    if as_json:
        typer.echo(json.dumps(as_json_values(found, published=not refused), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(lines(found)))
    if refused:
        _fail(f"not published: {_shrunk(found)}; if that is right, --allow-shrink", REFUSED)
    if not as_json:
        typer.echo(f"published: {path}")


def _store(ctx: typer.Context) -> Store | None:
    if not ctx.find_root().params["home"]:
        return None
    try:
        return open_store(ctx)
    except StoreError as error:
        _fail(f"{error}; nothing was published", COULD_NOT)


def _recorded(store: Store, listing: Listing) -> Listing:
    try:
        return replace(listing, mailboxes=as_recorded(listing.mailboxes, store, today()))
    except StoreError as error:
        _fail(f"{error}; nothing was published", COULD_NOT)


def _note_heads(store: Store, listing: Listing, last: Contents) -> None:
    """Before the snapshot they are compared with is replaced: a change that is noted twice is noted once."""
    try:
        heads.note(store, listing.units, last.unit, office_day(last.header.made_at), today())
    except StoreError as error:
        _fail(f"{error}; nothing was published", COULD_NOT)


def _place(snapshot: str, site: Path) -> Path:
    if not snapshot:
        _fail(f"{site}: gate.snapshot: missing; expected a path from the root, or --to", COULD_NOT)
    return Path(snapshot)


def _last(path: Path) -> Contents | None:
    """The snapshot there is. One that is damaged is replaced: there is nothing to compare with."""
    try:
        return file.read(path)
    except BadSnapshot as error:
        typer.echo(f"{path}: {error}; it is replaced, and nothing compared", err=True)
        return None
    except OSError as error:
        _fail(f"{path}: can't be read ({error.strerror})", COULD_NOT)


def _write(found: Publication) -> None:
    data = encode(found.listing.mailboxes, found.listing.units, found.made_at)
    try:
        file.replace(found.path, data)
    except OSError as error:
        _fail(f"{found.path}: can't be written ({error.strerror}); what was there is unchanged", COULD_NOT)


def _fail(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)


def _shrunk(found: Publication) -> str:
    before = found.changes.before if found.changes else 0
    now = len(found.listing.mailboxes)
    return f"{now} mailboxes, where the last snapshot has {before}: {LARGEST_LOSS:.0%} or more are gone"
