# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's first acts: one regulation at the door of a real Postfix, then another."""

from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from bed.bed import Bed
from bed.gate import Gate
from bed.mailbox import LoginRefused
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
from demo.stage import console, say, tell

SITE = """
regulation = "{regulation}"
domains = ["{domain}"]
trusted_networks = ["127.0.0.1/32"]
"""
ENFORCE = '\n[duties.{duty}]\nmode = "enforce"\n'
SIEVE = f'redirect "{PRIVATE}";'
PASSWORD = "Mat-Khau-7894"


def soc_trang(keep: Path) -> list[Outcome]:
    """Sóc Trăng's regulation; the logs of this act are kept for a later one."""
    say("1. Sóc Trăng's regulation at the door of a real Postfix")
    tell(f"{CANBO2} has a Sieve script that redirects everything to {PRIVATE}.\n")
    site = SITE.format(regulation="soctrang-59-2024", domain=OFFICE) + f'report_mailbox = "{DESK}"\n'
    duties = ("attachment-cap", "auto-forward", "sender-domain", "spam-report")
    users = dict.fromkeys((VANTHU, CANBO1, CANBO2, DESK), PASSWORD)
    with (
        Gate(site + _enforced(duties)) as gate,
        Bed(OFFICE, users, milter=gate.milter, sieve={CANBO2: SIEVE}) as bed,
    ):
        outcomes = play(bed, gate, SOCTRANG)
        _use_mailboxes(bed)
        for log in (bed.postfix_log, bed.dovecot_log, gate.log):
            (keep / log.name).write_bytes(log.read_bytes())
    _show(outcomes)
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
    _show(outcomes)
    return outcomes


def _use_mailboxes(bed: Bed) -> None:
    """After the IMAP logins that looked for the mail: one over POP3, and one with a wrong password."""
    bed.pop3_inbox(CANBO2, address="10.20.3.22")
    try:
        bed.inbox(DESK, password="guessed", address="203.0.113.66")
    except LoginRefused:
        tell(f"A stranger at 203.0.113.66 guessed a password of {DESK} and was refused.")


def _enforced(duties: Iterable[str]) -> str:
    return "".join(ENFORCE.format(duty=duty) for duty in duties)


def _show(outcomes: Iterable[Outcome]) -> None:
    """Print one table row for each letter."""
    table = Table(show_lines=True)
    for column in ("what was sent", "what Postfix answered", "duty, article: why", "where it is now"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        answer, finding = outcome.sent.answer, outcome.finding
        why = f"{finding['code']}, {finding['article']}: {finding['detail']}" if finding else ""
        table.add_row(outcome.letter.what, f"{answer.code} {answer.text}", why, where(outcome))
    console.print(table)


def where(outcome: Outcome) -> str:
    """Where a letter is now, a line for each place and mark."""
    lines = [
        *(f"INBOX of {user}" for user in outcome.inboxes),
        *(f"left for {recipient}" for recipient in outcome.left_for),
        *(f"marked {mark}" for mark in outcome.marks),
    ]
    return "\n".join(lines) or "nowhere: refused"
