# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real Dovecot, as deploy/ sets it up, logs of mail deleted, filed and cleared away."""

import subprocess
from collections.abc import Iterator
from imaplib import IMAP4
from poplib import POP3

import pytest
import sqlalchemy as sa

from audit.office import Office
from bed import Bed
from mailaudit.store.deletion_tables import COPIED_MAIL, DELETIONS

WHO = "vanthu@soctrang.gov.vn"
TRASH, SENT = '"Th&APk-ng r&AOE-c"', '"Th&AbA- &AREA4w- g&Hu0-i"'  # Thùng rác, Thư đã gửi (RFC 3501, 5.1.3)
MAILS = 7

pytestmark = pytest.mark.e2e


@pytest.fixture
def client(bed: Bed) -> Iterator[IMAP4]:
    """A mail program with some mail in the INBOX, and one that was sent."""
    with IMAP4("127.0.0.1", bed.dovecot.ports.imap) as client:
        client.login(WHO, bed.users[WHO])
        for folder in (TRASH, SENT, "Junk", "Luu"):
            client.create(folder)
        for number in range(MAILS):
            client.append("INBOX", "", "", f"Message-ID: <{number}@example.com>\r\n\r\nx\r\n".encode())
        client.append(SENT, "", "", b"Message-ID: <s@example.com>\r\n\r\nx\r\n")
        yield client


def work(client: IMAP4) -> None:
    """Move, copy and delete as mail programs do; mail 5 and 6 stay."""
    client.select("INBOX")
    numbers = client.uid("SEARCH", "ALL")[1][0].decode().split()[-MAILS:]
    for number, folder in zip(numbers, ("Luu", TRASH, "Junk"), strict=False):
        assert client.uid("MOVE", number, folder)[0] == "OK"
    client.uid("COPY", numbers[3], TRASH)
    for number in numbers[3:5]:
        client.uid("STORE", number, "+FLAGS", r"(\Deleted)")
    client.expunge()
    for folder in (TRASH, SENT):
        client.select(folder)
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()


def test_what_the_owner_deleted_is_told_from_what_was_filed_and_cleared(
    bed: Bed, client: IMAP4, office: Office
) -> None:
    begin = bed.dovecot_log.stat().st_size
    work(client)
    pop = POP3("127.0.0.1", bed.dovecot.ports.pop)
    pop.user(WHO)
    pop.pass_(bed.users[WHO])
    pop.dele(pop.stat()[0])
    pop.quit()
    expunge = [*bed.dovecot.doveadm, "expunge", "-u", WHO, "mailbox", "INBOX", "all"]
    subprocess.run(expunge, check=True)
    bed.wait_for_log("pop3(vanthu@soctrang.gov.vn)")
    bed.wait_for_log("Disconnected: Logged out top=")
    office.ingest(office.write("dovecot.log", bed.dovecot_log.read_bytes()[begin:]))
    shown = [DELETIONS.c[name] for name in ("mailbox", "folder", "how", "messages")]
    assert office.store.rows(sa.select(*shown).order_by(*DELETIONS.primary_key)) == [
        (WHO, "inbox", "deleted", 1),
        (WHO, "inbox", "fetched", 1),
        (WHO, "inbox", "trashed", 2),
        (WHO, "sent", "deleted", 1),
    ]
    assert office.store.rows(sa.select(COPIED_MAIL)) == []
    assert office.kinds()["unparsed"] == 0
