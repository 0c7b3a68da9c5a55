# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa

from audit.maillog import START, delivery, line, login, session_end, submission
from audit.office import Office
from audit.readlog import analysis, load
from mailaudit.activity import SESSION_LASTED, last_activity, normalise_mailbox
from mailaudit.store.tables import ACTIVITY_DAYS

WHO = "canbo1@example.org"
LATER = START + timedelta(hours=1)
WHERE = "rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS, session=<s>"


def dovecot(text: str) -> str:
    return line(START, "dovecot", text)


LOGINS = {
    "imap": login(START, WHO),
    "pop3": login(START, WHO, "pop3"),
    "managesieve": login(START, WHO, "managesieve"),
    "submission": login(START, WHO, "submission"),
    "submission through Postfix": submission(START, WHO),
    "imap of Dovecot 2.4": dovecot(f"imap-login: Logged in: user=<{WHO}>, method=PLAIN, {WHERE}"),
    "imap in Dovecot's own "
    "file": f"Sep  1 07:30:00 imap-login: Info: Login: user=<{WHO}>, method=PLAIN, {WHERE}\n",
    "imap in a file with ISO times": f"2026-09-01 07:30:00 imap-login: Info: Login: user=<{WHO}>, {WHERE}\n",
    "imap through a proxy": dovecot(
        f"imap-login: proxy({WHO},imap:143): Started proxying to 192.0.2.9: user=<{WHO}>, method=PLAIN, "
        f"{WHERE}"
    ),
}


@pytest.mark.parametrize("how", LOGINS)
def test_a_login_counts(office: Office, how: str) -> None:
    office.ingest(office.write("mail.log", [LOGINS[how]]))
    activity = office.seen()[WHO]
    assert activity.service == how.partition(" ")[0]
    assert activity.time.replace(tzinfo=None) == START
    assert activity.address in {"192.0.2.7", "192.0.2.8"}
    assert activity.evidence.line + "\n" == LOGINS[how]


FAILED = "(auth failed, 1 attempts in 2 secs)"
NO_LOGINS = {
    "a wrong password": f"imap-login: Disconnected: Closed {FAILED}: user=<{WHO}>, method=PLAIN, {WHERE}",
    "a wrong password in 2.4": f"imap-login: Login aborted: {FAILED} (auth_failed): user=<{WHO}>, {WHERE}",
    "an aborted login": f"imap-login: Aborted login {FAILED}: user=<{WHO}>, method=PLAIN, {WHERE}",
    "an internal failure": f"imap-login: Internal login failure (pid=7 id=1) {FAILED}: user=<{WHO}>, {WHERE}",
    "a refused password": f"auth: sql({WHO},192.0.2.7,<s>): Password mismatch",
    "a delivery": f"lmtp({WHO})<7><s>: msgid=<a@example.net>: saved mail to INBOX",
    "a delivery by Sieve": f"lmtp({WHO})<7><s>: sieve: msgid=<a@b>: stored mail into mailbox 'INBOX'",
    "the end of a delivery": f"lmtp({WHO})<7><s>: Disconnect from local: Logged out",
    "a master user": f"imap-login: Login: user=<{WHO}*helpdesk>, method=PLAIN, {WHERE}",
    "a master user named apart": f"imap-login: Login: user=<{WHO}>, method=PLAIN, {WHERE}, master=<helpdesk>",
    "the end of a master user's session": f"imap({WHO}*helpdesk)<7><s>: Disconnected: Logged out in=1 out=2",
    "doveadm": f"doveadm({WHO})<7><>: Disconnected: Logged out in=1 out=2",
    "nobody": f"imap-login: Login: user=<>, method=PLAIN, {WHERE}",
}


@pytest.mark.parametrize("what", NO_LOGINS)
def test_what_is_no_use_by_the_owner_does_not_count(office: Office, what: str) -> None:
    office.ingest(office.write("mail.log", [dovecot(NO_LOGINS[what]), delivery(START, WHO)]))
    assert office.seen() == {}


@pytest.mark.parametrize(
    ("logged", "mailbox"),
    [
        ("CanBo1@Example.ORG", WHO),
        ("canbo1+list@example.org", WHO),
        ("VanThu", "vanthu"),
        ("vanthu+a+b", "vanthu"),
    ],
)
def test_names_are_made_alike(office: Office, logged: str, mailbox: str) -> None:
    office.ingest(office.write("mail.log", [login(START, logged)]))
    assert list(office.seen()) == [mailbox]
    assert list(last_activity(office.store, logged)) == [mailbox]


def test_the_engine_makes_names_alike_as_python_does() -> None:
    names = ["".join(letters) for length in range(1, 6) for letters in product("aB+@é ", repeat=length)]
    load([login(START, name).rstrip("\n") for name in names])
    assert {row.mailbox for row in analysis().last_seen()} == {normalise_mailbox(name) for name in names}


def test_the_latest_login_is_kept_in_whatever_order_logs_are_read(office: Office, tmp_path: Path) -> None:
    moments = [START + timedelta(days=number) for number in range(3)]
    paths = [
        office.write(f"{number}.log", [login(time, WHO), submission(time + timedelta(hours=number % 2), WHO)])
        for number, time in enumerate(moments)
    ]
    for order in ((0, 1, 2), (2, 0, 1), (2, 1, 0)):
        again = type(office)(office.logs, tmp_path / str(order))
        for number in order:
            again.ingest(paths[number])
        assert again.seen()[WHO].time.replace(tzinfo=None) == moments[2]


def test_the_end_of_a_session_that_lasted_is_the_last_use(office: Office) -> None:
    months_later = START + timedelta(days=70)
    log = [login(START, WHO, session="phone"), session_end(months_later, WHO, session="phone")]
    office.ingest(office.write("mail.log", log))
    activity = office.seen()[WHO]
    assert (activity.time.replace(tzinfo=None), activity.event) == (months_later, "session-end")
    assert (activity.service, activity.address) == ("imap", "192.0.2.7")
    assert activity.evidence.line + "\n" == log[1]


def test_the_end_of_a_short_session_says_no_more_than_its_login(office: Office) -> None:
    office.ingest(office.write("mail.log", [login(START, WHO), session_end(START + SESSION_LASTED, WHO)]))
    assert office.seen()[WHO].event == "login"


@pytest.mark.parametrize(
    "who", [f"user=<{WHO}*helpdesk>, {WHERE}", f"user=<{WHO}>, {WHERE}, master=<helpdesk>"]
)
def test_the_end_of_a_session_that_a_master_user_began_is_no_use_by_the_owner(
    office: Office, who: str
) -> None:
    log = [dovecot(f"imap-login: Login: {who}"), session_end(START + timedelta(days=9), WHO, session="s")]
    office.ingest(office.write("mail.log", log))
    assert office.seen() == {}


def test_a_session_whose_beginning_no_log_shows_counts_by_its_end(office: Office) -> None:
    office.ingest(office.write("mail.log", [session_end(LATER, WHO, session="old")]))
    activity = office.seen()[WHO]
    assert (activity.event, activity.address, activity.time.replace(tzinfo=None)) == (
        "session-end",
        None,
        LATER,
    )


def test_uses_are_counted_by_day_and_service(office: Office) -> None:
    tomorrow = START + timedelta(days=1)
    log = [login(START, WHO), login(LATER, WHO), session_end(LATER, WHO), submission(tomorrow, WHO)]
    office.ingest(office.write("mail.log", log))
    with sa.create_engine(f"sqlite:///{office.home}/store.sqlite").connect() as connection:
        rows = connection.execute(sa.select(ACTIVITY_DAYS)).all()
    assert [row[1:] for row in rows] == [(WHO, "imap", 2, 1), (WHO, "submission", 1, 0)]
