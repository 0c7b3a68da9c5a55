# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of figures as plain text."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of cells under a title and column names."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (self.columns, *self.rows)
        ]
        return "\n".join([self.title, "-" * len(self.title), *lines])
