# SPDX-License-Identifier: GPL-3.0-or-later
"""Violations as a table."""

from collections.abc import Sequence

import typer

from mailaudit.table import show_table
from mailpolicy.ledger import Violation

HEADER = (
    "first seen",
    "duty",
    "article",
    "mailbox",
    "what",
    "to",
    "messages",
    "outcome",
    "seen in",
    "evidence (file:byte)",
)


def show(violations: Sequence[Violation]) -> None:
    """Print violations, each with where it stands; a sign is marked with a question mark."""
    if violations:
        show_table("", HEADER, [_row(one) for one in violations])
    signs = sum(not one.certain for one in violations)
    found = "1 violation" if len(violations) == 1 else f"{len(violations):,} violations"
    typer.echo(f"{found}, {signs} of them a sign that people should look at (?)" if signs else found)


def _row(one: Violation) -> tuple[str, ...]:
    return (
        one.time.isoformat(sep=" ", timespec="seconds"),
        one.code,
        one.article,
        one.mailbox,
        one.what if one.certain else f"{one.what} (?)",
        one.target,
        f"{one.messages:,}",
        one.outcome,
        one.seen_in,
        f"{one.file}:{one.position}",
    )
