# SPDX-License-Identifier: GPL-3.0-or-later
"""A regulation as data: what it is, and its duties with article, parameters and the text's own sentence."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from mailpolicy import regulationfile
from mailpolicy.parameters import Parameters

SHIPPED = Path(str(files("mailpolicy"))) / "regulations"


class How(StrEnum):
    """How a duty is met."""

    ENFORCE = "enforce"  # at the door, message by message
    SWEEP = "sweep"  # from the logs, by a clock
    REPORT = "report"  # counted and reported
    PROVISION = "provision"  # when mailboxes are set up, and checked offline


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a regulation. `row` is its number in the list of duties (docs/regulations.md).

    `articles` are written "9.3" for Điều 9 khoản 3, "4.2c" for its điểm c; "căn cứ" is the legal basis.
    `sentence` is the text's own, in Vietnamese (NFC); `gloss` is one line of English.
    """

    code: str
    row: int
    articles: tuple[str, ...]
    how: tuple[How, ...]
    sentence: str
    gloss: str
    parameters: Parameters

    @property
    def article(self) -> str:
        """All articles in one string, as in "7.1, 14.2"."""
        return ", ".join(self.articles)


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation: its title block, the domains it is about, and its duties in the order of their rows.

    `account_suffix` is what every local part ends in, or "". A draft without dates has None for `date` and
    `effective`.
    """

    name: str
    short: str
    number: str
    title: str
    title_en: str
    issuer: str
    issuer_en: str
    date: dt.date | None
    effective: dt.date | None
    status: str
    domains: tuple[str, ...]
    account_suffix: str
    citation_vi: str
    citation_en: str
    duties: tuple[Duty, ...]

    def duty(self, code: str) -> Duty | None:
        """Return the duty of this code, None if the text is silent on it."""
        return next((duty for duty in self.duties if duty.code == code), None)


class UnknownRegulation(LookupError):  # noqa: N818 - the name says what it is
    """No shipped regulation goes by this name, or several do: `wrong`. `expected` lists those there are."""

    def __init__(self, wrong: str, expected: str) -> None:
        self.wrong, self.expected = wrong, expected
        super().__init__(f"{wrong}; expected {expected}")


def names() -> tuple[str, ...]:
    """Return the names of the shipped regulations, sorted."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_all() -> tuple[Regulation, ...]:
    """Return every shipped regulation, by name."""
    return tuple(load_file(SHIPPED / f"{name}.toml") for name in names())


def load(name: str) -> Regulation:
    """Find a shipped regulation by its name, its short name in any case, or the beginning of one name.

    Raises UnknownRegulation.
    """
    wanted = name.strip().lower()
    shipped = load_all()
    exact = [one for one in shipped if wanted in (one.name, one.short.lower())]
    found = exact or [one for one in shipped if wanted and one.name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    wrong = f'several regulations begin with "{name}"' if found else f'no regulation is called "{name}"'
    raise UnknownRegulation(wrong, "one of " + ", ".join(f"{one.name} ({one.short})" for one in shipped))


def load_file(path: Path | str) -> Regulation:
    """Read a regulation file. Raises BadFile with every mistake in it, UnreadableFile if it can't be read."""
    return build(regulationfile.read(Path(path)))


def build(file: regulationfile.RegulationFile) -> Regulation:
    """Turn a checked file into a regulation."""
    duties = tuple(
        Duty(
            duty.code,
            duty.row,
            duty.articles,
            tuple(How(word) for word in duty.how),
            duty.sentence,
            duty.gloss,
            parameters,
        )
        for duty, parameters in file.duties
    )
    return Regulation(**dict(file.header), duties=duties)
