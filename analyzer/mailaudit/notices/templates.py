# SPDX-License-Identifier: GPL-3.0-or-later
"""The letters' templates: ours, and in their place an office's own, each tried out when it is loaded."""

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from mailaudit.notices.filling import fill
from mailpolicy.files.problems import BadFile, Problem, UnreadableFile, suggestion

SHIPPED = Path(__file__).parent / "templates"
SUBJECT = "Tiêu đề:"
PART = "_"
"""What the names of those begin with that are only parts of others."""
LONGEST_SUBJECT = 200  # characters; no name in a directory needs more


class BadTemplateError(Exception):
    """A template that makes no letter: `file` and `line` (0: of the whole) say where, `wrong` says why."""

    def __init__(self, file: str, line: int, wrong: str) -> None:
        self.file, self.line, self.wrong = file, line, wrong
        super().__init__(f"{file}: line {line}: {wrong}" if line else f"{file}: {wrong}")


@dataclass(frozen=True, slots=True)
class Text:
    """A letter's words: its subject, one line, and its body, lines of at most 76 characters."""

    subject: str
    body: str


class Templates:
    """All templates, by names as in `locked-owner`. What a template may do is bounded: no code, no files."""

    def __init__(self, own: Path | None = None) -> None:
        """Raises BadFile if a file in an office's own folder belongs to no letter or can't be read."""
        folders = [own, SHIPPED] if own else [SHIPPED]
        self.own = own
        if own:
            _check_names(own)
        self._environment = SandboxedEnvironment(
            loader=jinja2.FileSystemLoader(folders, encoding="utf-8-sig"),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, name: str, variables: Mapping[str, Any]) -> Text:
        """Write a letter's words. Raises BadTemplateError."""
        try:
            rendered = self._environment.get_template(f"{name}.txt").render(variables)
        except jinja2.TemplateSyntaxError as error:
            raise BadTemplateError(self._where(error.name), error.lineno, error.message or "") from error
        except Exception as error:  # whatever a template's own expressions run into
            raise self._failed(error, name) from error
        head, _, body = rendered.lstrip().partition("\n")
        subject = " ".join(head.removeprefix(SUBJECT).split())
        if not head.startswith(SUBJECT) or not subject or len(subject) > LONGEST_SUBJECT:
            wrong = f'the first line is not "{SUBJECT}" and a subject of at most {LONGEST_SUBJECT} characters'
            raise BadTemplateError(self._where(f"{name}.txt"), 1, wrong)
        return Text(*fill(subject, body))

    def _failed(self, error: Exception, name: str) -> BadTemplateError:
        """Say in which line of which template it happened: the last that Python knows of."""
        frames = traceback.extract_tb(error.__traceback__)
        folders = {str(folder) for folder in (self.own, SHIPPED) if folder}
        inside = [one for one in frames if str(Path(one.filename).parent) in folders]
        wrong = str(error) or type(error).__name__
        if isinstance(error, jinja2.TemplateNotFound):
            wrong = f"there is no template {error.name}"
        if not inside:
            return BadTemplateError(self._where(f"{name}.txt"), 0, wrong)
        return BadTemplateError(inside[-1].filename, inside[-1].lineno or 0, wrong)

    def _where(self, file: str | None) -> str:
        """Which file goes by this name here."""
        found = [
            folder / str(file) for folder in (self.own, SHIPPED) if folder and (folder / str(file)).exists()
        ]
        return str(found[0]) if found else str(file)


def names() -> tuple[str, ...]:
    """Return the names of all letters, sorted."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.txt") if not file.name.startswith(PART)))


def problems(errors: Iterable[BadTemplateError]) -> list[Problem]:
    """Return each mistake once, as those of other files are said."""
    found = {(error.file, error.line, error.wrong): error for error in errors}
    expected = "a letter as docs/notices.md describes it"
    return [Problem(file, f"line {line}" if line else "file", wrong, expected) for file, line, wrong in found]


def _check_names(own: Path) -> None:
    """A letter under a name that is none would never be sent, and nobody would know why."""
    try:
        there = sorted(file.name for file in own.iterdir() if not file.name.startswith("."))
    except OSError as error:
        wrong = f"can't be read ({error.strerror})"
        raise UnreadableFile([Problem(str(own), "folder", wrong, "a folder with templates")]) from error
    known = {file.name for file in SHIPPED.glob("*.txt")}
    unknown = [name for name in there if name not in known]
    if unknown:
        raise BadFile(
            Problem(str(own / name), "file", "no letter has this name", suggestion(name, known))
            for name in unknown
        )
