# SPDX-License-Identifier: GPL-3.0-or-later
"""The strings: each wants a login, a delivery or a forward to be believed that never was.

Nothing is ever sent to BOSS or PRIVATE, and nobody logs in as BOSS.
"""

import json

OFFICE = "soctrang.gov.vn"
BOSS = f"lanhdao@{OFFICE}"
PRIVATE = "lanhdao@gmail.com"

_LOGIN = f"user=<{BOSS}>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.25, mpid=7, TLS, session=<forged>"
_DOVECOT = (
    f"imap-login: Login: {_LOGIN}",
    f"imap-login: Info: Logged in: {_LOGIN}",
    f"pop3-login: Login: {_LOGIN}, auth_user=<{BOSS}>",
    f"managesieve-login: Info: Login: {_LOGIN}",
    f"imap({BOSS})<7><forged>: Disconnected: Logged out in=80 out=972",
    f"lmtp({BOSS})<7><forged>: msgid=<a@b>: saved mail to INBOX",
    f"lmtp({BOSS})<7><forged>: sieve: msgid=<a@b>: redirect action: forwarded to <{PRIVATE}>",
)
_POSTFIX = (
    f"4F5C64474F: client=pc7[192.0.2.7], sasl_method=PLAIN, sasl_username={BOSS}",
    f"4F5C64474F: to=<{PRIVATE}>, orig_to=<{BOSS}>, relay=x[192.0.2.9]:25, delay=1, delays=0/0/0/1, "
    "dsn=2.0.0, status=sent (250 ok)",
)
_GATE = json.dumps(
    {"timestamp": "2026-11-21T16:52:46Z", "event": "verdict", "login": BOSS, "action": "accept"}
)
_STAMP = "Nov 21 23:52:46 "

LINES = (
    *(f"{_STAMP}mail dovecot: {text}" for text in _DOVECOT),
    *(f"{_STAMP}{text.replace(': ', ': Info: ', 1)}" for text in _DOVECOT[:1]),
    *(f"{_STAMP}mail postfix/submission/smtpd[7]: {text}" for text in _POSTFIX),
    f"{_STAMP}mail mailgate[7]: {_GATE}",
    _GATE,
)
"""Whole lines of a log, for who can begin a line of his own."""

_NEW_LINES = ("\n", "\r\n", "\r", "\\n", "#012", "\x00", "\x0b", "\x0c", "\x1b[2K\r", "\x85", "\u2028")
NEXT_LINES = (
    *(f"x{LINES[0].join((new, new))}" for new in _NEW_LINES),
    *(f"x\n{line}\n" for line in LINES[1:]),
)
"""Lines after what may end the one that they are in, as it is or as a daemon escapes it."""

TAILS = (
    f"x>, {_LOGIN}",
    f"x>, method=PLAIN, rip=203.0.113.66, session=<forged>): {_DOVECOT[0]}",
    f"{BOSS}>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.25, session=<forged>",
    f"{BOSS},203.0.113.66,<forged>): {_DOVECOT[0]}",
    f"x): Login: user=<{BOSS}",
    f"x)<7><forged>: Login: user=<{BOSS}>, method=PLAIN",
    f"x, sasl_method=PLAIN, sasl_username={BOSS}",
    f"x]: SASL PLAIN authentication failed: x, sasl_username={BOSS}",
    f"[203.0.113.66], sasl_method=PLAIN, sasl_username={BOSS}",
    f"x>, orig_to=<{BOSS}>, relay=x, delay=1, dsn=2.0.0, status=sent (250 ok)",
    "x>, relay=x, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (forwarded as 4F5C64474F)",
    f"x> to=<{PRIVATE}> proto=ESMTP helo=<x>",
    "x>, size=1, nrcpt=1 (queue active)",
    f"x>: forwarded to <{PRIVATE}>",
    f"x>: redirect action: forwarded to <{PRIVATE}>",
    f"x: redirect action: forwarded to <{PRIVATE}",
    f": redirect action: forwarded to <{PRIVATE}...",
    "x>: stored mail into mailbox 'INBOX'",
    "x': stored mail into mailbox 'INBOX",
    "x>: saved mail to INBOX",
    f"x dovecot: imap-login: Login: {_LOGIN}, x",
    f"x dovecot: imap-login: Logged in: {_LOGIN}, x",
    f"x mailgate: {_GATE}",
    f"x postfix/smtpd[7]: {_POSTFIX[0]}, x",
    f"{BOSS}): msgid=<a@b>: saved mail to INBOX",
    f"{BOSS}): Info: msgid=<a@b>: saved mail to INBOX",
    f"{BOSS}): Info: sieve: msgid=<a@b>: redirect action: forwarded to <{PRIVATE}>",
    f"{BOSS},203.0.113.66): unknown user (given password: x",
    f"x, box=INBOX, uid=1, msgid=<x>, size=1: {_DOVECOT[0]}",
    f"INBOX, uid=1, msgid=<x>: saved mail to {BOSS}",
    f"x)\" '\\ {_DOVECOT[0]}",
    f"x`' \"', reply=`250 2.0.0 Ok' {_POSTFIX[0]}",
    f"from {BOSS}: box=INBOX",
    f"\ttab\t{_DOVECOT[0]}",
    f"%s%n%u ${{user}} $1 \\1 {_DOVECOT[0]}",
    f"Đăng nhập: {_DOVECOT[0]}",
    f"\udcff\udcfe\udc80 {_DOVECOT[0]}",
)
"""What would go on as the daemon itself does."""

LONG = tuple(
    f"{'x' * length}>, {_DOVECOT[0]}" for length in (40, 60, 63, 70, 76, 80, 97, 120, 190, 500, 990, 2000)
)
"""What is cut short somewhere: at a bracket, after it, or not at all."""

TEXTS = (*_DOVECOT, *_POSTFIX, _GATE, *NEXT_LINES, *TAILS, *LONG)
"""All of them; a lone surrogate stands for a byte that is no UTF-8."""


FEW = (_DOVECOT[0], NEXT_LINES[0], *TAILS[1:4], *TAILS[10:16:2], *TAILS[20:24], LONG[4])
"""Enough for the logs that are kept."""


def raw(text: str) -> bytes:
    """The bytes as they go over the wire."""
    return text.encode("utf-8", "surrogateescape")


def quoted(text: str) -> bytes:
    """A quoted local part or string (RFC 5321, 4.1.2), which cannot hold the end of a line."""
    plain = text.translate(dict.fromkeys(map(ord, "\r\n\0"), " "))
    return b'"' + raw(plain.replace("\\", "\\\\").replace('"', '\\"')) + b'"'


def one_line(text: str) -> bytes:
    """The text where the protocol ends its commands at a newline."""
    return raw(text.translate(dict.fromkeys(map(ord, "\r\n"), " ")))
