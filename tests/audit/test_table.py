# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables are laid out for a terminal while they are short, and in lines of aligned columns anywhere else."""

import io
import sys

import pytest

from mailaudit.table import FOR_SCREENS, show_table

LONG_REASON = "last used on 2026-05-01; 3 months were full on 2026-08-01 " * 3


class Terminal(io.StringIO):
    """A terminal of 80 columns."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, out: io.StringIO, rows: int) -> list[str]:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", out)
    show_table("locks", ("mailbox", "unit", "why"), [("a@example.org", "Phòng A", LONG_REASON)] * rows)
    return out.getvalue().splitlines()


def test_a_short_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, Terminal(), 3)
    assert len(lines) > 3 * 3
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("out", "rows"), [(Terminal(), FOR_SCREENS + 1), (io.StringIO(), 3)])
def test_a_long_one_and_one_in_a_pipe_have_a_line_for_each_row(
    monkeypatch: pytest.MonkeyPatch, out: io.StringIO, rows: int
) -> None:
    title, header, *lines = shown(monkeypatch, out, rows)
    assert (title, header.split()) == ("locks", ["mailbox", "unit", "why"])
    assert lines == [f"a@example.org  Phòng A  {LONG_REASON}".rstrip()] * rows + [""]


def test_columns_begin_below_each_other_whatever_is_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("", ("name", "next"), [("漢字", "x"), ("e\u0302", "x"), ("Nguyễn", "x")])
    assert capsys.readouterr().out.splitlines() == [
        "name    next",
        "漢字    x",
        "e\u0302       x",
        "Nguyễn  x",
    ]
