# SPDX-License-Identifier: GPL-3.0-or-later
"""What `mailaudit usage` says of a real Postfix and Dovecot, again from the raw lines and from the disk."""

import re
from collections import Counter
from pathlib import Path

import pytest

from audit.mailtraffic import recount
from audit.office import Office
from bed import Bed, compose
from bed.mailclient import Client
from mailaudit.usage.amounts import Amounts, By, amounts
from mailaudit.usage.batch import still_open
from mailaudit.usage.period import asked
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
VANTHU, CANBO1, CANBO2 = (f"{name}@{OFFICE}" for name in ("vanthu", "canbo1", "canbo2"))
CITIZEN = Client("203.0.113.7", "mx.example.org")


def work(bed: Bed) -> Counter[str]:
    """Send, receive and read; return how often each logged in, to send or to read."""
    logins: Counter[str] = Counter()
    for number, through_dovecot in enumerate((False, True, False)):
        mail = compose(CANBO1, [CANBO2, VANTHU], f"Họp {number}", "Nội dung " * 50 * number)
        bed.send_as_user(mail, CANBO1, [CANBO2, VANTHU, "a@example.com"], through_dovecot=through_dovecot)
        logins[f"submission {CANBO1}"] += 1 + through_dovecot  # Dovecot hands his login on to Postfix
    bed.send_as_user(compose(CANBO2, [VANTHU], "Báo cáo", "x"), CANBO2, VANTHU)
    logins[f"submission {CANBO2}"] += 1
    for number in range(4):
        mail = compose("congdan@example.org", [VANTHU], f"Hỏi {number}", "x" * 999)
        bed.send_as_stranger(mail, "congdan@example.org", VANTHU, client=CITIZEN)
    bed.sendmail(compose(f"root@{OFFICE}", [CANBO1], "cron", "x"), f"root@{OFFICE}", CANBO1)
    bed.settle()
    bed.inbox(VANTHU)
    bed.pop3_inbox(CANBO2)
    logins.update([f"imap {VANTHU}", f"pop3 {CANBO2}"])
    return logins


def on_disk(bed: Bed, user: str) -> int:
    return sum(1 for _ in bed.dovecot.home(user).glob("Maildir/**/*,S=*"))


def test_every_amount_is_that_of_the_raw_lines_and_of_the_disk(bed: Bed, tmp_path: Path) -> None:
    logins = work(bed)
    bed.wait_for_log(f"pop3({CANBO2})")
    office = Office.at(tmp_path)
    office.ingest(bed.postfix_log, bed.dovecot_log)
    store = office.store
    site = for_regulation(load("soctrang"))
    found = amounts(store, still_open(store), asked(store, None, None), site, By.MAILBOX)

    by_hand = recount(bed.postfix_log.read_text("utf-8").splitlines(keepends=True))
    for user in (VANTHU, CANBO1, CANBO2):
        assert sums(found[user]) == of(by_hand[user]), user
        assert found[user].received == on_disk(bed, user)
    assert (found[CANBO1].sent, found[CANBO1].recipients, found[CANBO1].recipients_outside) == (3, 9, 3)
    assert found[VANTHU].received_outside == 4
    assert uses(office) == counted_logins(bed) == logins


def sums(one: Amounts) -> dict[str, int]:
    return {
        name: getattr(one, name)
        for name in ("sent", "sent_bytes", "recipients", "received", "received_bytes")
    }


def of(counter: Counter[str]) -> dict[str, int]:
    return {
        name: counter[name] for name in ("sent", "sent_bytes", "recipients", "received", "received_bytes")
    }


def uses(office: Office) -> Counter[str]:
    counted: Counter[str] = Counter()
    for day in office.store.activity_days():
        counted[f"{day.service} {day.mailbox}"] += day.logins
    return counted


def counted_logins(bed: Bed) -> Counter[str]:
    """The lines that say so in as many words."""
    login = r"(imap|pop3|submission)-login: Info: (?:Login|Logged in): user=<([^>]+)>"
    dovecot = re.findall(login, bed.dovecot_log.read_text("utf-8"))
    postfix = re.findall(r"client=.*, sasl_username=([^,\s]+)", bed.postfix_log.read_text("utf-8"))
    return Counter(f"{service} {user}" for service, user in [*dovecot, *(("submission", u) for u in postfix)])
