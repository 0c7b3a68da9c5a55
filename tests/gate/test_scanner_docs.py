# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/scanner.md says what the code does: its codes, its bounds, its example."""

from pathlib import Path

from mailgate.mime import bounds
from mailgate.scanner import Reason
from mailpolicy.attachment import is_attachment
from mailpolicy.malformed import BOUNDS

PAGE = (Path(__file__).parents[2] / "docs" / "scanner.md").read_text()


def rows(*header: str, page: str = PAGE) -> list[list[str]]:
    """The tables that have this header, as rows of cells."""
    found = []
    for block in page.split("\n\n"):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        if lines and lines[0][: len(header)] == list(header):
            found += lines[2:]
    return found


def test_every_reason_is_documented_and_no_other() -> None:
    documented = [row[0].strip("`") for row in rows("code")]
    assert sorted(documented) == sorted(Reason)


def test_every_reason_says_that_readers_differ_or_that_a_bound_was_reached() -> None:
    ambiguous, _, bound = PAGE.partition("\n## Bounds\n")
    assert {row[0].strip("`") for row in rows("code", page=bound)} == BOUNDS
    assert {row[0].strip("`") for row in rows("code", page=ambiguous)} == set(Reason) - BOUNDS


def test_every_bound_is_documented_with_its_value() -> None:
    documented = {row[0].strip("`"): int(row[1]) for row in rows("constant", "value")}
    assert documented == {name: value for name, value in vars(bounds).items() if name.startswith("MAX_")}


def test_what_is_attached_is_told_as_the_code_tells_it() -> None:
    told = [
        line.strip() for line in (is_attachment.__doc__ or "").splitlines() if line.strip().startswith("|")
    ]
    assert len(told) > 5
    assert "\n".join(told) in PAGE


def test_the_example_runs() -> None:
    example = PAGE.split("```python\n")[1].split("```")[0]
    exec(compile(example, "docs/scanner.md", "exec"), {})  # noqa: S102
