# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's acts about an unused mailbox: the plan, the lock on a real Dovecot, the letter, the way back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage

from bed.bed import Bed
from bed.mailbox import LoginRefused
from bed.mailclient import compose
from demo.letters import CITIZEN
from demo.stage import Stage, quote, say, tell
from demo.year import DOMAIN, address, people, write_directory, write_log
from mailpolicy.headertext import decode
from mailpolicy.officetime import office_day

PASSWORD = "Mat-Khau-7894"
UNIT, DESK, IDLE, CLERK = "Phòng Đo đạc", address("phongdodac"), address("canbo4"), address("vanthu")
ADMINISTRATOR = address("quantri")
SUBJECT = "Hồ sơ đo đạc"
SITE = """\
regulation = "hcm-tnmt-2018-draft"
[audit.directory.csv]
mailboxes = "boxes.csv"
[audit.notices]
from = "{sender}"
signed_by = "Sở Tài nguyên và Môi trường Thành phố Hồ Chí Minh"
smtp = "127.0.0.1:{smtp}"
[audit.enforcement]
doveadm = {doveadm}
[audit.enforcement.lock.dovecot]
file = "{closed}"
"""
HOME = ("mailaudit", "--home", "audit")
SETTINGS = ("--site", "site.toml")


def sweep(stage: Stage) -> None:
    """Plan over a year that was made up, and carry it out for one unit on servers that are real."""
    with _office(stage) as bed:
        _plan(stage, bed)
        _apply(stage, bed)
        _undo(stage, bed)
        _keep_logs(stage, bed)


@contextmanager
def _office(stage: Stage) -> Iterator[Bed]:
    """Postfix and Dovecot with the mailboxes of the year, and the site file that names both."""
    now = datetime.now(UTC)
    staff = people(office_day(now))
    write_directory(stage.folder / "boxes.csv", staff)
    write_log(stage.folder / "year.log", staff, now)
    with Bed(DOMAIN, dict.fromkeys([*(one.address for one in staff), ADMINISTRATOR], PASSWORD)) as bed:
        values = {
            "sender": ADMINISTRATOR,
            "smtp": bed.postfix.mx_port,
            "doveadm": json.dumps(bed.dovecot.doveadm),
            "closed": bed.dovecot.closed,
        }
        (stage.folder / "site.toml").write_text(SITE.format(**values), "utf-8")
        yield bed


def _keep_logs(stage: Stage, bed: Bed) -> None:
    for log in (bed.postfix_log, bed.dovecot_log):
        (stage.folder / log.name).write_bytes(log.read_bytes())


def _plan(stage: Stage, bed: Bed) -> None:
    say("4. A small made-up year, and whom the regulation of Sở TN&MT TP.HCM would warn or lock today")
    bed.inbox(CLERK, address="10.20.3.11")
    bed.wait_for_log(f"in: user=<{CLERK}>")  # Dovecot 2.3: Login, 2.4: Logged in
    tell(f"{CLERK} has just logged in to the Dovecot of this office: its log is new up to now.\n")
    _keep_logs(stage, bed)
    stage.run(*HOME, "ingest", "year.log", "dovecot.log", "mail.log")
    stage.run(*HOME, "sweep", "plan", *SETTINGS, "--out", "plan.json")


def _apply(stage: Stage, bed: Bed) -> None:
    say(f"5. The plan is carried out for one unit, {UNIT}: Dovecot closes {IDLE}")
    stage.run(*HOME, "sweep", "apply", "plan.json", *SETTINGS, "--unit", UNIT)
    answer = _login(bed)
    tell(f"\n{IDLE} logs in over IMAP, and Dovecot answers: {answer or 'OK'}")
    stage.expect("the locked mailbox refuses its user", bool(answer))
    sent = bed.send_as_stranger(compose(CITIZEN, IDLE, SUBJECT), CITIZEN, IDLE)
    bed.settle(60)
    has_come = any(mail["Subject"] == SUBJECT for mail in bed.stored(IDLE))
    tell(f"A citizen writes to it, and Postfix answers: {sent.answer.code} {sent.answer.text}")
    tell(f"On Dovecot's disk the mail {'has arrived' if has_come else 'is not there'}.\n")
    stage.expect("mail for the locked mailbox arrives", has_come)
    stage.run(*HOME, "notices", "send", *SETTINGS)
    _read_letter(stage, bed)


def _read_letter(stage: Stage, bed: Bed) -> None:
    """Show what the unit reads about the lock, in its INBOX."""
    bed.settle(60)
    letters = [mail for mail in bed.inbox(DESK, address="10.20.3.12") if IDLE in mail["Subject"]]
    stage.expect("the unit has one letter about the lock", len(letters) == 1)
    for letter in letters:
        tell(f"\nThe letter that the unit finds in its INBOX, {DESK}:\n")
        text = letter.get_body(("plain",))
        assert text
        quote(f"From: {_read(letter, 'From')}\nSubject: {_read(letter, 'Subject')}\n\n{text.get_content()}")


def _read(mail: EmailMessage, name: str) -> str:
    """A field as mail programs show it; the library puts blanks into long names."""
    return decode(dict(mail.raw_items())[name].encode())


def _undo(stage: Stage, bed: Bed) -> None:
    say("6. The unit needs the mailbox: the lock is taken back")
    why = "Đơn vị đề nghị mở lại"
    stage.run(*HOME, "sweep", "undo", "plan.json", *SETTINGS, "--unit", UNIT, "--reason", why)
    answer = _login(bed)
    subjects = [str(mail["Subject"]) for mail in bed.stored(IDLE)]
    found = f"OK. In its INBOX: {', '.join(subjects)}"
    tell(f"{IDLE} logs in over IMAP: {answer or found}\n")
    stage.expect("the opened mailbox lets its user in", not answer and SUBJECT in subjects)
    stage.run(*HOME, "mailbox", "show", IDLE, *SETTINGS)


def _login(bed: Bed) -> str:
    """What Dovecot answers the user of the idle mailbox who may not come in; "" if he may."""
    try:
        bed.inbox(IDLE, address="10.20.3.13")
    except LoginRefused as refusal:
        return str(refusal)
    return ""
