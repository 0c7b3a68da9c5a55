# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes log lines as Dovecot and Postfix do through syslog, for an office that never was."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count, cycle

START = datetime.fromisoformat("2026-09-01T07:30")
OFFICE = "example.org"


def stamp(time: datetime) -> str:
    """RFC 3164: no year, the day padded with a blank."""
    return f"{time:%b} {time.day:2} {time:%H:%M:%S}"


def line(time: datetime, program: str, text: str) -> str:
    return f"{stamp(time)} mail {program}: {text}\n"


def login(
    time: datetime, user: str, service: str = "imap", address: str = "192.0.2.7", session: str = "s1"
) -> str:
    who = f"user=<{user}>, method=PLAIN, rip={address}, lip=192.0.2.25, mpid=7, TLS, session=<{session}>"
    return line(time, "dovecot", f"{service}-login: Login: {who}")


def session_end(time: datetime, user: str, service: str = "imap", session: str = "s1") -> str:
    return line(
        time, "dovecot", f"{service}({user})<7><{session}>: Disconnected: Logged out in=80 out=972 deleted=0"
    )


def submission(time: datetime, user: str, address: str = "192.0.2.8") -> str:
    text = f"4F5C64474F: client=unknown[{address}], sasl_method=PLAIN, sasl_username={user}"
    return line(time, "postfix/submission/smtpd[71]", text)


def delivery(time: datetime, user: str) -> str:
    text = (
        f"to=<{user}>, relay=mail[private/lmtp], delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 ok)"
    )
    return line(time, "postfix/lmtp[72]", f"4F5C64474F: {text}")


def day_of_work(people: int, lines: int, start: datetime = START, apart: float = 20.0) -> list[str]:
    """Lines of people who log in, read, send and receive, one after the other."""
    kinds: Iterator[Callable[[datetime, str], str]] = cycle((login, session_end, submission, delivery))
    users = cycle(f"canbo{number}@{OFFICE}" for number in range(people))
    moments = (start + timedelta(seconds=apart * number) for number in count())
    return [
        kind(time, user) for kind, user, time, _ in zip(kinds, users, moments, range(lines), strict=False)
    ]
