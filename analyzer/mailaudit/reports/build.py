# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a report's document: its contents filled into the form of the regulation and of who reports."""

from dataclasses import asdict
from pathlib import Path

from mailaudit.reports import dutytables, usagetables
from mailaudit.reports.contents import Contents
from mailaudit.reports.document import Document, Picture, Table
from mailaudit.reports.form import Forms
from mailaudit.reports.reckoning import facts


def build(contents: Contents, own: Path | None = None) -> Document:
    """Return the document. Raises BadFile if a form has mistakes."""
    said = facts(contents)
    every = tables(contents)
    named = {table.name: table for table in every}
    form = f"{contents.site.regulation.name}-{'unit' if contents.unit else 'office'}"
    head, blocks = Forms(own).fill(form, said, named, pictures(contents))
    return Document(head, blocks, every, asdict(said))


def tables(contents: Contents) -> list[Table]:
    """Return all tables, in the order of a workbook's sheets."""
    of_use = (
        usagetables.units,
        usagetables.persons,
        usagetables.details,
        usagetables.trend,
        usagetables.idle,
    )
    of_duties = (dutytables.changes, dutytables.acts, dutytables.findings, dutytables.violations)
    of_manners = (dutytables.incidents, dutytables.checking, dutytables.answers, dutytables.coverage)
    return [make(contents) for make in (*of_use, *of_duties, *of_manners)]


def pictures(contents: Contents) -> dict[str, Picture]:
    """Return the pictures of the trend, by name."""
    labels = [part.label for part in contents.trend]
    mail = {
        "Thư gửi": [part.amounts.sent for part in contents.trend],
        "Thư nhận": [part.amounts.received for part in contents.trend],
    }
    used = {"Hộp thư có sử dụng": [part.active for part in contents.trend]}
    return {
        "thu": Picture("thu", "Số thư gửi và nhận trong kỳ", labels, mail),
        "su-dung": Picture("su-dung", "Số hộp thư có sử dụng trong kỳ", labels, used),
    }
