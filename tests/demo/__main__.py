# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as `./dev demo`. Exit status: 0 all went as it should, 1 something did not, 2 it could not start."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bed.bed import Bed
from bed.gate import Gate
from bed.mailbox import LoginRefused
from bed.process import BedError
from demo.act import Outcome, play
from demo.letters import (
    CANBO1,
    CANBO2,
    CHUYENVIEN,
    DESK,
    MINISTRY,
    MONRE,
    OFFICE,
    PRIVATE,
    SOCTRANG,
    VANPHONG,
    VANTHU,
)
from demo.year import people, write_directory, write_log

SITE = """
regulation = "{regulation}"
domains = ["{domain}"]
trusted_networks = ["127.0.0.1/32"]
"""
ENFORCE = '\n[duties.{duty}]\nmode = "enforce"\n'
SIEVE = f'redirect "{PRIVATE}";'
PASSWORD = "Mat-Khau-7894"
BIN = Path(sys.executable).parent

console = Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200)


def main() -> int:
    """Tell the story in four parts."""
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="postwarden-demo-") as folder:
            outcomes = soc_trang(Path(folder)) + monre()
            last_logins(Path(folder))
            sweep(Path(folder))
    except BedError as failure:
        console.print(f"The demo could not run: {failure}", markup=False)
        return 2
    wrong = [outcome for outcome in outcomes if not outcome.as_it_should]
    for outcome in wrong:
        console.print(f"NOT AS IT SHOULD: {outcome.letter.what}: {_where(outcome)}", markup=False)
    seconds = time.monotonic() - began
    say(f"{len(outcomes) - len(wrong)} of {len(outcomes)} mails ended as they should, in {seconds:.0f} s.")
    console.print("Postfix, Dovecot and the gate have been ended; nothing is left running.")
    return 1 if wrong else 0


def soc_trang(keep: Path) -> list[Outcome]:
    """Sóc Trăng's regulation; the logs of this act are kept for the next."""
    say("1. Sóc Trăng's regulation at the door of a real Postfix")
    console.print(f"{CANBO2} has a Sieve script that redirects everything to {PRIVATE}.\n", highlight=False)
    site = SITE.format(regulation="soctrang-59-2024", domain=OFFICE) + f'report_mailbox = "{DESK}"\n'
    duties = ("attachment-cap", "auto-forward", "sender-domain", "spam-report")
    users = dict.fromkeys((VANTHU, CANBO1, CANBO2, DESK), PASSWORD)
    with (
        Gate(site + _enforced(duties)) as gate,
        Bed(OFFICE, users, milter=gate.milter, sieve={CANBO2: SIEVE}) as bed,
    ):
        outcomes = play(bed, gate, SOCTRANG)
        use_mailboxes(bed)
        for log in (bed.postfix_log, bed.dovecot_log, gate.log):
            (keep / log.name).write_bytes(log.read_bytes())
    show(outcomes)
    return outcomes


def monre() -> list[Outcome]:
    """The Ministry's regulation: the same program, other data."""
    say("2. The same system under the regulation of Bộ Tài nguyên và Môi trường, which demands a subject")
    site = SITE.format(regulation="monre-2019-2016", domain=MINISTRY)
    users = dict.fromkeys((CHUYENVIEN, VANPHONG), PASSWORD)
    with (
        Gate(site + _enforced(["subject-required"])) as gate,
        Bed(MINISTRY, users, milter=gate.milter) as bed,
    ):
        outcomes = play(bed, gate, MONRE)
    show(outcomes)
    return outcomes


def use_mailboxes(bed: Bed) -> None:
    """After the IMAP logins that looked for the mail: one over POP3, and one with a wrong password."""
    bed.pop3_inbox(CANBO2, address="10.20.3.22")
    try:
        bed.inbox(DESK, password="guessed", address="203.0.113.66")
    except LoginRefused:
        console.print(
            f"A stranger at 203.0.113.66 guessed a password of {DESK} and was refused.", highlight=False
        )


def last_logins(folder: Path) -> None:
    """The logs that the first act wrote, read."""
    say("3. Who used which mailbox, from the logs just written")
    logs = [str(log) for log in sorted(folder.glob("*.log"))]
    run("mailaudit", "--home", str(folder / "audit"), "ingest", *logs)
    run("mailaudit", "--home", str(folder / "audit"), "summary")
    run("mailaudit", "--home", str(folder / "audit"), "last-login")


def sweep(folder: Path) -> None:
    """A plan over a year that was made up."""
    say(
        "4. A small made-up year, and whom the regulation of Sở TN&MT TP.HCM would warn, lock or delete today"
    )
    today = datetime.now().astimezone().date()
    staff = people(today)
    write_directory(folder / "boxes.csv", staff)
    write_log(folder / "year.log", staff, today)
    home = str(folder / "year")
    run("mailaudit", "--home", home, "ingest", str(folder / "year.log"))
    run(
        "mailaudit",
        "--home",
        home,
        "sweep",
        "plan",
        "--regulation",
        "hcm",
        "--directory",
        str(folder / "boxes.csv"),
    )


def _enforced(duties: Iterable[str]) -> str:
    return "".join(ENFORCE.format(duty=duty) for duty in duties)


def say(heading: str) -> None:
    """Print a heading."""
    console.print(f"\n{heading}\n", style="bold", markup=False, highlight=False)


def show(outcomes: Iterable[Outcome]) -> None:
    """Print one table row for each letter."""
    table = Table(show_lines=True)
    for column in ("what was sent", "what Postfix answered", "duty, article: why", "where it is now"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        answer, finding = outcome.sent.answer, outcome.finding
        why = f"{finding['code']}, {finding['article']}: {finding['detail']}" if finding else ""
        table.add_row(outcome.letter.what, f"{answer.code} {answer.text}", why, _where(outcome))
    console.print(table)


def _where(outcome: Outcome) -> str:
    lines = [
        *(f"INBOX of {user}" for user in outcome.inboxes),
        *(f"left for {recipient}" for recipient in outcome.left_for),
        *(f"marked {mark}" for mark in outcome.marks),
    ]
    return "\n".join(lines) or "nowhere: refused"


def run(program: str, *arguments: str) -> None:
    """Run one of the programs as a user would, its output shown; BedError if it could not do its work."""
    console.print(f"$ {program} {' '.join(arguments)}", style="dim", markup=False, highlight=False)
    done = subprocess.run([str(BIN / program), *arguments], check=False)
    if done.returncode != 0:
        raise BedError(f"{program} ended with status {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
