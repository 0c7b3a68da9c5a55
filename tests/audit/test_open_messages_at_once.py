# SPDX-License-Identifier: GPL-3.0-or-later
"""Two analyzers go on from the same open messages at once: each message counts once, and whole."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from audit.office import Office
from mailaudit.store import Store
from mailaudit.store.rows import Batch
from mailaudit.store.usage_tables import FORWARDS, OPEN_LINES, USAGE_DAYS

ID = "4F5C64474F"
BEGIN = [
    f"Nov 20 09:00:00 mail postfix/smtpd[7]: {ID}: client=pc[192.0.2.8], sasl_method=PLAIN, "
    "sasl_username=canbo1@example.org\n",
    f"Nov 20 09:00:00 mail postfix/cleanup[7]: {ID}: message-id=<1@example.org>\n",
]
END = [
    f"Nov 20 09:00:01 mail postfix/qmgr[7]: {ID}: from=<canbo1@example.org>, size=900, nrcpt=1 "
    "(queue active)\n",
    f"Nov 20 09:00:01 mail postfix/qmgr[7]: {ID}: removed\n",
]
SIEVE = [
    "Nov 20 09:00:00 mail dovecot: lmtp(canbo1@example.org)<7><s>: sieve: msgid=<1@example.org>: redirect "
    "action: forwarded to <a@gmail.com>\n"
]


def tick(time: str, host: str = "mail") -> str:
    return f"Nov {time} {host} kernel: tick\n"


def an_office(folder: Path, name: str, url: str) -> Office:
    (folder / name).mkdir()
    return Office.at(folder / name, url)


@pytest.fixture
def offices(tmp_path: Path, store_url: str) -> tuple[Office, Office]:
    """Two analyzers, each with a home of its own, that share a store."""
    return an_office(tmp_path, "one", store_url), an_office(tmp_path, "other", store_url)


def read_at_once(
    offices: tuple[Office, Office], pieces: tuple[Sequence[str], Sequence[str]], patch: pytest.MonkeyPatch
) -> int:
    """Let the first read a piece of a log, and the second another before the first has stored what it says.

    Return how often the first tried to store it.
    """
    one, other = offices
    real = Store.commit
    tried = 0

    def commit(store: Store, batch: Batch) -> None:
        nonlocal tried
        tried += store.home == one.home
        if tried == 1 and store.home == one.home:
            other.ingest(other.write("other.log", pieces[1]))
        real(store, batch)

    with patch.context() as patched:
        patched.setattr(Store, "commit", commit)
        one.ingest(one.write("one.log", pieces[0]))
    return tried


def sent(office: Office) -> list[tuple[object, ...]]:
    """Mailboxes, messages and bytes that they sent."""
    return office.store.rows(sa.select(USAGE_DAYS.c.mailbox, USAGE_DAYS.c.sent, USAGE_DAYS.c.sent_bytes))


def test_what_both_find_done_with_counts_once(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    offices[0].ingest(offices[0].write("begin.log", [*BEGIN, *END]))
    assert sent(offices[0]) == []
    tried = read_at_once(offices, ([tick("20 09:02:00")], [tick("20 09:03:00")]), monkeypatch)
    assert tried == 2
    assert sent(offices[0]) == [("canbo1@example.org", 1, 900)]
    assert offices[0].store.rows(sa.select(OPEN_LINES)) == []


def test_what_one_begins_to_read_while_the_other_reads_its_end_is_whole(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = read_at_once(offices, ([*END, tick("20 09:02:00")], BEGIN), monkeypatch)
    assert tried == 2
    assert sent(offices[0]) == [("canbo1@example.org", 1, 900)]


def test_what_sieve_handed_on_at_a_third_host_is_missed_once(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    offices[0].ingest(offices[0].write("begin.log", SIEVE))
    tried = read_at_once(offices, ([tick("22 09:00:00", "mx1")], [tick("22 09:00:00", "mx2")]), monkeypatch)
    assert tried == 2
    [(messages, delivered)] = offices[0].store.rows(sa.select(FORWARDS.c.messages, FORWARDS.c.delivered))
    assert (messages, delivered) == (1, 0)


def test_another_hosts_messages_do_not_make_a_batch_be_worked_out_again(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_mx = [line.replace(" mail ", " mx ") for line in (*BEGIN, *SIEVE)]
    assert read_at_once(offices, ([*BEGIN, *END, tick("20 09:02:00")], on_mx), monkeypatch) == 1
    assert sent(offices[0]) == [("canbo1@example.org", 1, 900)]
    assert len(offices[0].store.rows(sa.select(OPEN_LINES))) == 3
