# SPDX-License-Identifier: GPL-3.0-or-later
"""How often each rule finds something in ordinary mail: `PYTHONPATH=tests python -m gate.precision`.

Judges generated mail of an office under each regulation, and the saved mail of folders given as arguments,
every rule in force, and prints all findings, certain or not.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gate.ordinary_kinds import mails
from gate.ordinary_office import LOGIN_HOST, OUTSIDE_HOST, REGULATIONS, Office, office
from mailgate.mime.saved import split_saved
from mailgate.replay.archive import NoMailError, files, messages
from mailgate.saved import Assumed, judge_split
from mailgate.session import Outcome
from mailpolicy import malformed
from mailpolicy.rules import RULES
from mailpolicy.verdict import Certainty

COUNT = 1_000
CONTENT = ("state-secrets", "unicode")  # rules that also look at what the office itself sends


@dataclass(frozen=True)
class Hit:
    """One finding in one mail."""

    where: str
    code: str
    certain: bool
    detail: str


@dataclass
class Measured:
    """How many mails were judged, and what was found."""

    mails: int = 0
    hits: list[Hit] = field(default_factory=list)

    def add(self, where: str, outcome: Outcome, only: Iterable[str] = ()) -> None:
        """Take one mail's outcome; where `only` is given, a second look by these rules at a mail counted."""
        self.mails += not only
        for failure in outcome.verdict.failures:
            self.hits.append(Hit(where, failure.code, True, f"the rule failed: {failure.error}"))
        for one in outcome.verdict.judged:
            finding = one.finding
            if not only or finding.code in only:
                certain = finding.certainty is not Certainty.SIGN
                self.hits.append(Hit(where, finding.code, certain, finding.detail))


def generated(where: Office, count: int = COUNT) -> Measured:
    """Judge this many generated mails of an office."""
    measured = Measured()
    for number, mail in enumerate(mails(where, count)):
        fields, body = split_saved(mail.pieces())
        measured.add(f"{mail.kind} (no. {number})", judge_split(fields, body, where.policy, mail.session))
    return measured


def saved(folders: Iterable[Path], where: Office) -> Measured:
    """Judge saved mail twice: as it comes in from outside, and its content as a login's own."""
    measured = Measured()
    own, unit = where.people[0].address, where.units[0].address
    outside = Assumed(None, (unit,), client=OUTSIDE_HOST)
    inside = Assumed(own, (unit,), login=own, client=LOGIN_HOST)
    for path, pieces in _stored(folders):
        fields, body = split_saved(pieces)
        chunks = list(body)
        measured.add(path, judge_split(fields, chunks, where.policy, outside))
        measured.add(f"{path}, as our own", judge_split(fields, chunks, where.policy, inside), CONTENT)
    return measured


def _stored(folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in files(folders):
        try:
            for stored in messages(path):
                yield str(stored), b"".join(stored.pieces())
        except NoMailError:
            continue


def table(title: str, measured: Measured) -> Table:
    """One row for each rule: how many mails it found something in, for certain and as a sign."""
    shown = Table(title=f"{title}: {measured.mails} mails")
    for column in ("duty", "certain", "signs"):
        shown.add_column(column)
    counted = Counter((hit.code, hit.certain) for hit in measured.hits)
    for code in dict.fromkeys([*(rule.code for rule in RULES), *(hit.code for hit in measured.hits)]):
        shown.add_row(code, str(counted[code, True]), str(counted[code, False]))
    return shown


def main(folders: list[str]) -> None:
    """Print a table for each regulation and for the folders, and every hit below it."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    results = {name: generated(office(name)) for name in REGULATIONS}
    if folders:
        results["saved mail"] = saved(map(Path, folders), office())
    for title, measured in results.items():
        console.print(table(title, measured))
        for hit in measured.hits:
            if hit.code == malformed.CODE:
                continue  # test mail is malformed on purpose: counted, and no rule's finding
            certainty = "certain" if hit.certain else "sign"
            console.print(
                f"{hit.code} ({certainty}): {hit.where}: {hit.detail}", markup=False, highlight=False
            )


if __name__ == "__main__":
    main(sys.argv[1:])
