# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms: what each regulation's report says, as text that is filled in and cut into a document's blocks.

The first lines are the head's, `key: value`, up to an empty one. Then `# ` begins a heading, `## ` a smaller
one, `[ ] ` boxes to tick, `@` names a table, `!` a picture, `=== ` begins an annex. Any other line is a
paragraph.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from mailaudit.reports import words
from mailaudit.reports.document import Annex, Block, Choices, Head, Heading, Paragraph, Picture, Table
from mailaudit.reports.facts import Facts
from mailpolicy.files.problems import BadFile, Problem, suggestion

SHIPPED = Path(__file__).parent / "forms"
BLANK = "……………… (đơn vị điền)"
SHORT_BLANK = "………"
LISTS = ("recipients",)


class Forms:
    """The forms, an office's own in place of ours. A form runs in a sandbox: no code, no files."""

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        folders = [own, SHIPPED] if own else [SHIPPED]
        self._environment = SandboxedEnvironment(
            loader=jinja2.FileSystemLoader(folders, encoding="utf-8-sig"),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # it makes text, which each writer escapes
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters |= {
            name: getattr(words, name) for name in ("number", "decimal", "percent", "day", "size")
        }
        self._environment.globals |= {"blank": BLANK, "short_blank": SHORT_BLANK}

    def fill(
        self, name: str, facts: Facts, tables: Mapping[str, Table], pictures: Mapping[str, Picture]
    ) -> tuple[Head, list[Block]]:
        """Return the head and the blocks of the form of this name. Raises BadFile."""
        file = f"{name}.txt"
        text = self._render(file, facts)
        head, _, body = text.lstrip().partition("\n\n")
        parts: dict[str, Block] = {f"@{key}": one for key, one in tables.items()}
        parts |= {f"!{key}": one for key, one in pictures.items()}
        try:
            return _head(head), list(_blocks(body, parts))
        except _Mistake as error:
            raise BadFile([Problem(self._where(file), "form", *error.args)]) from error

    def _render(self, file: str, facts: Facts) -> str:
        """Fill in a form; what a directory's names hold cannot begin a line, nor make one."""
        values = {key: _line(value) for key, value in asdict(facts).items()}
        try:
            return self._environment.get_template(file).render(values)
        except jinja2.TemplateSyntaxError as error:
            where = Problem(
                self._where(str(error.name)), f"line {error.lineno}", error.message or "", _EXPECTED
            )
            raise BadFile([where]) from error
        except Exception as error:  # whatever a form's own expressions run into
            wrong = str(error) or type(error).__name__
            raise BadFile([Problem(*self._failed(error, file), wrong, _EXPECTED)]) from error

    def _failed(self, error: Exception, file: str) -> tuple[str, str]:
        """In which line of which form it happened."""
        folders = {str(folder) for folder in (self._own, SHIPPED) if folder}
        frames = traceback.extract_tb(error.__traceback__)
        inside = [one for one in frames if str(Path(one.filename).parent) in folders]
        if not inside:
            return self._where(file), "form"
        return inside[-1].filename, f"line {inside[-1].lineno}"

    def _where(self, file: str) -> str:
        own = self._own / file if self._own else None
        return str(own if own and own.exists() else SHIPPED / file)


class _Mistake(Exception):  # noqa: N818  caught here
    """What is wrong in a form that could be filled in, and what was expected."""


_EXPECTED = "a form as docs/reports.md describes it"
_KEYS = [field.name for field in fields(Head)]


def _line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _head(text: str) -> Head:
    values: dict[str, object] = dict.fromkeys(("maker", "maker_note"), "")
    for line in filter(None, map(str.strip, text.splitlines())):
        key, _, value = line.partition(":")
        if key not in _KEYS:
            raise _Mistake(f'"{key}" is no line of a head', suggestion(key, _KEYS))
        values[key] = tuple(value.strip().split("; ")) if key in LISTS else value.strip()
    missing = [name for name in _KEYS if name not in values and name not in LISTS]
    if missing:
        raise _Mistake(f"its head has no {', '.join(missing)}", "every line of a head")
    return Head(**values)  # type: ignore[arg-type]


def _blocks(text: str, parts: Mapping[str, Block]) -> Iterator[Block]:
    for line in filter(None, map(str.strip, text.splitlines())):
        if line[0] in "@!":
            if line not in parts:
                raise _Mistake(f'"{line}" is no table or picture', suggestion(line, parts))
            yield parts[line]
        elif line.startswith("=== "):
            yield Annex(line[4:])
        elif line.startswith("[ ] "):
            yield Choices([one.strip() for one in re.split(r"\[ \] ", line) if one.strip()])
        elif found := re.match(r"(#{1,2}) (.*)", line):
            yield Heading(found[2], len(found[1]))
        else:
            yield Paragraph(line)
