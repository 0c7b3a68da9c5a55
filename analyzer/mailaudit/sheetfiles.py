# SPDX-License-Identifier: GPL-3.0-or-later
"""The options `--csv` and `--xlsx`: a table into a file instead of onto the screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.sheets import Sheet, as_csv

COULD_NOT = 2

CsvFile = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to this file, as CSV.")
]
XlsxFile = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", help="Write the table and its coverage to this file, for Excel."),
]


def one_form(as_json: bool, csv: Path | None, xlsx: Path | None) -> None:
    """Refuse two forms of output at once."""
    if sum((as_json, csv is not None, xlsx is not None)) > 1:
        raise typer.BadParameter("one of them", param_hint="--json, --csv, --xlsx")


def written(csv: Path | None, table: Sheet, xlsx: Path | None, sheets: Sequence[Sheet]) -> bool:
    """Write the file that is asked for, if any, and say so; status 2 if that can't be done."""
    file = csv or xlsx
    if file is None:
        return False
    try:
        file.write_bytes(as_csv(table) if csv else _workbook(sheets))
    except ImportError as error:
        typer.echo("--xlsx needs pip install 'postwarden[reports]'", err=True)
        raise typer.Exit(COULD_NOT) from error
    except OSError as error:
        typer.echo(f"{file}: can't be written ({error.strerror or error})", err=True)
        raise typer.Exit(COULD_NOT) from error
    typer.echo(f"{file}: {len(table.rows):,} rows")
    return True


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    from mailaudit.workbook import as_xlsx  # noqa: PLC0415  an extra, and seldom asked for

    return as_xlsx(sheets)
