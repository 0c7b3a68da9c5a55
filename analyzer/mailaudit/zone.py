# SPDX-License-Identifier: GPL-3.0-or-later
"""The option `--timezone`: the zone of times that are logged without one."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise typer.BadParameter(
            f"{name!r} is no time zone that this machine knows; expected one as Asia/Ho_Chi_Minh"
        ) from error


TimeZone = Annotated[
    ZoneInfo | None,
    typer.Option(
        "--timezone",
        metavar="ZONE",
        parser=_zone,
        help="The zone of times logged without one, as Asia/Ho_Chi_Minh; by default the machine's.",
    ),
]
