# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `mailaudit metrics`."""

import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.home import home_of, open_store
from mailaudit.working import working

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

COULD_NOT = 2


def metrics_command(
    ctx: typer.Context,
    listen: Annotated[
        str, typer.Option(metavar="ADDRESS:PORT", help="Where Prometheus finds them.")
    ] = "127.0.0.1:9109",
    once: Annotated[
        bool, typer.Option("--once", help="Print them and end, as for node_exporter's textfile collector.")
    ] = False,
    site: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The office's site file: its directory, regulation and snapshot."),
    ] = None,
    units: Annotated[
        bool, typer.Option("--units", help="Also count active mailboxes by unit; needs --site.")
    ] = False,
) -> None:
    """Serve the audit's metrics to Prometheus, computed from the store whenever they are asked for.

    SIGTERM or SIGINT ends it. Exit status: 0 it was told to end, or has printed them; 2 it could not begin.
    """
    from prometheus_client import generate_latest  # noqa: PLC0415  the other commands do without

    if units and site is None:
        raise typer.BadParameter(
            "needs --site, whose directory says who is in which unit", param_hint="--units"
        )
    registry = _registry(ctx, site, units)
    if once:
        with working("metrics"):
            found = generate_latest(registry).decode()
        sys.stdout.write(found)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    _serve(registry, listen)


def _registry(ctx: typer.Context, site: Path | None, units: bool) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    from mailaudit.metrics.collector import AuditMetrics  # noqa: PLC0415
    from mailaudit.metrics.office import OfficeMetrics  # noqa: PLC0415

    office = OfficeMetrics(site, by_unit=units) if site else None
    found = CollectorRegistry()
    say = partial(typer.echo, err=True)
    found.register(AuditMetrics(home_of(ctx), partial(open_store, ctx), office, say))
    return found


def _serve(registry: "CollectorRegistry", listen: str) -> None:
    from mailaudit.metrics.server import BadAddressError, open_server  # noqa: PLC0415

    try:
        server = open_server(registry, listen)
    except BadAddressError as error:
        raise typer.BadParameter(str(error), param_hint="--listen") from error
    except OSError as error:
        typer.echo(f"--listen: {listen} can't be used ({error.strerror or error})", err=True)
        raise typer.Exit(COULD_NOT) from error
    typer.echo(f"mailaudit: metrics at http://{listen}/metrics", err=True)
    server.serve_forever()
