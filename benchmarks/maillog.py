# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes up a mail log as long as is asked for: Postfix and Dovecot, 20,000 mailboxes, four months."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

DOMAIN = "soctrang.gov.vn"
MAILBOXES = 20_000
_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
_DAYS = 120
_LINES_OF_AN_EVENT = 6.5  # on average
_MADE = random.Random(2015)  # noqa: S311  the same log every time


def write(path: Path, lines: int) -> None:
    """Write a log of about so many lines, and so long as if it were written at the last one's time."""
    time, step = datetime(2026, 6, 1), timedelta(days=_DAYS) / (lines / _LINES_OF_AN_EVENT)  # noqa: DTZ001
    written = 0
    with path.open("w", buffering=1 << 20) as log:
        while written < lines:
            stamp = f"{time:%b} {time.day:2} {time:%H:%M:%S} mail"
            for text in _MADE.choices((_session, _sent, _received, _refused), (3, 3, 3, 1))[0]():
                log.write(f"{stamp} {text}\n")
                written += 1
            time += step


def _user() -> str:
    return f"canbo{_MADE.randrange(MAILBOXES)}@{DOMAIN}"


def _address() -> str:
    return f"10.{_MADE.randrange(256)}.{_MADE.randrange(256)}.{_MADE.randrange(1, 255)}"


def _name(length: int) -> str:
    return "".join(_MADE.choices(_LETTERS, k=length))


def _session() -> Iterator[str]:
    user, session, pid = _user(), _name(16), _MADE.randrange(1000, 99999)
    who = f"method=PLAIN, rip={_address()}, lip=10.0.0.5"
    if _MADE.random() < 0.1:
        failed = "Disconnected: Connection closed (auth failed, 1 attempts in 2 secs)"
        yield f"dovecot: imap-login: {failed}: user=<{user}>, {who}, TLS, session=<{session}>"
        return
    yield f"dovecot: imap-login: Login: user=<{user}>, {who}, mpid={pid}, TLS, session=<{session}>"
    counts = "deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0"
    yield f"dovecot: imap({user})<{pid}><{session}>: Disconnected: Logged out in=553 out=2943 {counts}"


def _sent() -> Iterator[str]:
    smtpd, client, user = f"postfix/submission/smtpd[{_pid()}]", f"unknown[{_address()}]", _user()
    login = f", sasl_method=PLAIN, sasl_username={user}"
    yield from _message(smtpd, client, login, user, _MADE.choice((1, 1, 2, 4)))


def _received() -> Iterator[str]:
    smtpd, client = f"postfix/smtpd[{_pid()}]", f"mx.example.org[192.0.2.{_MADE.randrange(1, 255)}]"
    yield from _message(smtpd, client, "", "nguoidan@example.org", 1)


def _message(smtpd: str, client: str, login: str, sender: str, recipients: int) -> Iterator[str]:
    queue_id, message_id = _name(11), f"<{_name(20)}@{sender.partition('@')[2]}>"
    yield f"{smtpd}: connect from {client}"
    yield f"{smtpd}: {queue_id}: client={client}{login}"
    yield f"postfix/cleanup[{_pid()}]: {queue_id}: message-id={message_id}"
    size = _MADE.randrange(1000, 5_000_000)
    queued = f"from=<{sender}>, size={size}, nrcpt={recipients} (queue active)"
    yield f"postfix/qmgr[901]: {queue_id}: {queued}"
    for _ in range(recipients):
        yield from _delivered(queue_id, message_id, is_here=not login or _MADE.random() < 0.5)
    yield f"postfix/qmgr[901]: {queue_id}: removed"
    yield f"{smtpd}: disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt={recipients} data=1 quit=1"


def _delivered(queue_id: str, message_id: str, *, is_here: bool) -> Iterator[str]:
    times = "delay=0.15, delays=0.09/0.01/0.01/0.04, dsn=2.0.0, status=sent"
    if is_here:
        user = _user()
        relay = f"relay=mail[private/dovecot-lmtp], {times} (250 2.0.0 <{user}> {_name(22)} Saved)"
        yield f"postfix/lmtp[{_pid()}]: {queue_id}: to=<{user}>, {relay}"
        stored = f"sieve: msgid={message_id}: stored mail into mailbox 'INBOX'"
        yield f"dovecot: lmtp({user})<{_pid()}><{_name(11)}>: {stored}"
    else:
        relay = f"relay=mx.example.com[192.0.2.25]:25, {times} (250 2.0.0 Ok: queued as {_name(11)})"
        yield f"postfix/smtp[{_pid()}]: {queue_id}: to=<nguoi{_pid()}@gmail.com>, {relay}"


def _refused() -> Iterator[str]:
    refused = "554 5.7.1 <y@example.com>: Relay access denied; from=<x@example.net> to=<y@example.com>"
    yield (
        f"postfix/smtpd[{_pid()}]: NOQUEUE: reject: RCPT from unknown[{_address()}]: {refused} "
        "proto=ESMTP helo=<x>"
    )


def _pid() -> int:
    return _MADE.randrange(1000, 99999)
