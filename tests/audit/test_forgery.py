# SPDX-License-Identifier: GPL-3.0-or-later
"""What strangers can have written into a log makes no login, no session and no forward."""

import pytest

from audit.readlog import TAG, analysis, parse

LOGIN = (
    "imap-login: Login: user=<boss@example.org>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.25, session=<s>"
)
SASL = "client=x[192.0.2.66], sasl_method=PLAIN, sasl_username=boss@example.org"
REFUSED = "NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 554 5.7.1"
FAILED = "(auth failed, 1 attempts in 2 secs): user=<{}>, method=PLAIN, rip=192.0.2.66"
SIEVE = "dovecot: lmtp(canbo1@example.org)<7><s>: sieve: msgid="

HOSTILE = [
    (f"postfix/smtpd[7]: {REFUSED} <a@b>: Relay access denied; from=<a@b> to=<c@d> proto=ESMTP "
     f"helo=<{LOGIN}>", "reject"),
    (f"postfix/smtpd[7]: {REFUSED} <{SASL}>: Helo command rejected; proto=ESMTP helo=<{SASL}>", "reject"),
    (f"postfix/smtpd[7]: {REFUSED} <a@b>: no; from=<{SASL}> to=<dovecot: {LOGIN}> proto=ESMTP "
     f"helo=<x>", "reject"),
    (f"postfix/smtpd[7]: {REFUSED} no; proto=ESMTP helo=<x#012{TAG}dovecot: {LOGIN}#012>", "reject"),
    (f"postfix/smtpd[7]: {REFUSED} no; proto=ESMTP helo=<x\\n{TAG}dovecot: {LOGIN}>", "reject"),
    (f"postfix/smtpd[7]: connect from dovecot-{SASL.replace(' ', '')}[192.0.2.66]", "unparsed"),
    (f"postfix/smtpd[7]: warning: non-SMTP command from unknown[192.0.2.66]: {SASL}", "non-smtp-command"),
    (f"postfix/smtpd[7]: warning: unknown[192.0.2.66]: SASL LOGIN authentication failed: "
     f"{SASL}", "sasl-failure"),
    (f"postfix/smtpd[7]: warning: hostname {SASL} does not resolve to address 192.0.2.66", "warning"),
    (f"postfix/smtpd[7]: 4F5C64474F: client=x[192.0.2.66], orig_client={SASL.replace(', ', ',')}", "client"),
    (f"postfix/cleanup[7]: 4F5C64474F: message-id=<x>, sasl_method=PLAIN, {SASL}", "message-id"),
    (f"postfix/cleanup[7]: 4F5C64474F: message-id=4F5C64474F: {SASL}", "message-id"),
    (f"postfix/cleanup[7]: 4F5C64474F: warning: header Subject: {SASL}; from=<a@b> to=<c@d>: "
     f"{LOGIN}", "header-check"),
    (f'postfix/qmgr[7]: 4F5C64474F: from=<"{SASL}"@b>, size=1, nrcpt=1 (queue active)', "queued"),
    (f"postfix/smtp[7]: 4F5C64474F: to=<a@b>, relay=x[192.0.2.66]:25, delay=1, dsn=5.0.0, status=bounced "
     f"(dovecot: {LOGIN})", "delivery"),
    (f"postfix/smtp[7]: 4F5C64474F: host x[192.0.2.66] said: 550 {SASL} (in reply to RCPT TO "
     f"command)", "remote-refusal"),
    (f"postfix/smtpd[7]: dovecot: {LOGIN}", "unparsed"),
    (f"postfix/smtpd[7]: {LOGIN}", "unparsed"),
    (f"dovecot: imap-login: Disconnected: Connection closed {FAILED.format(LOGIN)}", "login-failure"),
    (f"dovecot: imap-login: Aborted login {FAILED.format(f'x>, {LOGIN}')}", "login-failure"),
    (f"dovecot: imap-login: Disconnected: {LOGIN} (no auth attempts in 1 secs): user=<>, "
     f"rip=192.0.2.66", "no-login"),
    (f"dovecot: imap-login: Error: Login: user=<boss@example.org>, {LOGIN}", "error"),
    (f"dovecot: auth: sql({LOGIN},192.0.2.66): unknown user", "password-refused"),
    (f"dovecot: auth: sql(x,192.0.2.66): {LOGIN}", "unparsed"),
    (f"dovecot: auth: {LOGIN}", "unparsed"),
    (f"dovecot: {SASL}", "unparsed"),
    (f"dovecot: imap(canbo1@example.org)<7><s>: save: box={LOGIN}, uid=1, msgid=<x>, size=1", "mail-log"),
    ("dovecot: auth: passwd-file(boss@example.org,192.0.2.66): unknown user (x,192.0.2.66): unknown "
     "user", "password-refused"),
    ('dovecot: lmtp("boss@example.org): msgid=<a@b>: saved mail to INBOX"@b)<7><s>: Error: no', "error"),
    ("postfix/smtp[7]: 4F5C64474F: to=<x>, relay=y, delay=1, dsn=2.0.0, status=sent (250 ok)@b>, relay=none, "
     "delay=1, dsn=5.1.1, status=bounced (unknown user)", "unparsed"),
    ("dovecot: lmtp(boss@example.org)<7><s>: Disconnected: Logged out in=1 out=2", "unparsed"),
    ("dovecot: auth-worker(7): Disconnected: Logged out in=1 out=2", "unparsed"),
    (f"{SIEVE}<x>: stored mail into mailbox '{LOGIN}'", "sieve-stored"),
    (f"{SIEVE}<x>: redirect action: forwarded to <me@gmail.com>>: stored mail into mailbox 'INBOX'", "sieve"),
    (f"{SIEVE}<x>: forwarded to <me@gmail.com>: stored mail into mailbox 'INBOX'", "sieve"),
    (f"{SIEVE}<x>: stored mail into mailbox 'a': forwarded to <me@gmail.com>'", "sieve-stored"),
    (f"{SIEVE}<x>: vacation action: sent vacation response to <\": forwarded to <me@gmail.com>\"@b>",
     "sieve-answered"),
    (f"{SIEVE}<x>: vacation action: sent vacation response to <\": forwarded to <me\"@gmail.com>",
     "sieve-answered"),
    (f"{SIEVE}<x>: redirect action: failed to redirect message to <a@b>: smtp(x): DATA failed: 550 x: "
     f"redirect action: "
     "forwarded to <me@gmail.com> (permanent failure)", "sieve-not-forwarded"),
    (f"webmail[7]: dovecot: {LOGIN}", "unparsed"),
    (f"dovecot-helper: {LOGIN}", "unparsed"),
    ('mailgate[7]: {"event": "verdict", "login": "boss@example.org", "sender": "Login: '
     'user=<boss@example.org>"}', "verdict"),
    ('mailgate[7]: {"event": "login", "user": "boss@example.org"}', "unparsed"),
]  # fmt: skip


@pytest.fixture(scope="module")
def kinds() -> list[str]:
    return [event["kind"] for event in parse(TAG + line for line, _ in HOSTILE)]


@pytest.mark.parametrize(("number", "expected"), [(n, kind) for n, (_, kind) in enumerate(HOSTILE)])
def test_a_hostile_line_is_what_the_daemon_meant(kinds: list[str], number: int, expected: str) -> None:
    assert kinds[number] == expected


def test_no_hostile_line_is_a_use_of_a_mailbox() -> None:
    parse(TAG + line for line, _ in HOSTILE)
    assert analysis().last_seen() == []
    assert analysis().days() == []


def test_a_line_that_only_looks_like_one_inside_another_is_none() -> None:
    lines = [
        f"x {TAG}dovecot: {LOGIN}",
        f"{TAG}{TAG}dovecot: {LOGIN}",
        f"mail dovecot: {LOGIN}",
        f"dovecot: {LOGIN}",
    ]
    parse(lines)
    assert analysis().last_seen() == []


@pytest.mark.parametrize(
    ("auth_user", "seen"),
    [
        ("helpdesk", False),
        ("boss@example.org.evil", False),
        ("BOSS@example.org", True),
        ("boss", True),
        ("boss@example.org", True),
    ],
)
def test_who_comes_in_anothers_place_does_not_use_the_mailbox(auth_user: str, seen: bool) -> None:
    parse([f"{TAG}dovecot: {LOGIN}, auth_user=<{auth_user}>"])
    assert [use.mailbox for use in analysis().last_seen()] == ["boss@example.org"] * seen


@pytest.mark.parametrize(
    "before", ["auth(x dovecot: ", 'lmtp("x dovecot: ', 'lmtp("x): Info: ', "auth(x): Info: "]
)
@pytest.mark.parametrize(
    "after", [")<s>: Info: passwd-file: unknown user", '"@b)<7><s>: Error: userdb lookup failed']
)
@pytest.mark.parametrize(
    "text", [LOGIN, LOGIN.replace("Login", "Logged in"), "msgid=<x>: saved mail to INBOX"]
)
def test_a_name_in_dovecots_own_log_is_no_line_of_its_own(before: str, after: str, text: str) -> None:
    (event,) = parse([f"Nov 21 23:52:46 {before}{text}, x{after}"])
    assert event["kind"] in ("unparsed", "error", "password-refused-2.4", "password-refused-odd-name")
    assert event["program"] == "dovecot"
    assert analysis().last_seen() == []


def test_passwords_that_dovecot_logs_are_not_kept() -> None:
    lines = [
        "dovecot: auth-worker(7): conn unix:auth-worker (pid=7,uid=9): auth-worker<1>: sql(a@b,192.0.2.7): "
        "Password mismatch (given password: hunter2)",
        "dovecot: auth(a@b,192.0.2.7,sasl:login)<s>: Info: sql: unknown user (given password: hunter2)",
        "dovecot: auth: Error: sql(a@b): cannot check (given password: hunter2)",
        "dovecot: auth: whatever it says next year (given Password: hunter2)",
    ]
    assert "hunter2" not in str(parse(TAG + line for line in lines))
