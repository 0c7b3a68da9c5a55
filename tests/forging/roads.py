# SPDX-License-Identifier: GPL-3.0-or-later
"""The roads by which a string gets into a log, each with what it does besides that."""

import base64
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from bed import Bed, reconfigure
from bed.dovecot import MASTER
from forging.texts import OFFICE, TEXTS, one_line, quoted, raw
from forging.truth import Truth
from forging.wire import imap, literal, pop3, sieve, smtp

VANTHU, CANBO1, CANBO2, CANBO3 = (f"{name}@{OFFICE}" for name in ("vanthu", "canbo1", "canbo2", "canbo3"))
USERS = {VANTHU: "Mua-xuan-1", CANBO1: "Mua-he-2", CANBO2: "Mua-thu-3", CANBO3: "Mua-dong-4"}
SIEVE = {
    CANBO2: 'require ["copy"]; redirect :copy "rieng@example.com";',
    CANBO3: 'require ["vacation"]; vacation :days 1 :handle "x" "Di vang.";',
}
FORWARDED_TO = "rieng@example.com"
POSTFIX = (
    r"header_checks = regexp:{{/^Subject:/ WARN} {/^X-Look:/ INFO see}}",
    r"body_checks = regexp:{{/forged/ WARN}}",
    "smtpd_soft_error_limit = 1000",
    "smtpd_hard_error_limit = 1000",
)
_EVENTS = "delete undelete expunge save copy mailbox_create mailbox_delete mailbox_rename flag_change"
DOVECOT = {
    "2.3": f"auth_verbose = yes\nauth_username_chars =\nplugin {{\n  mail_log_events = {_EVENTS}\n}}",
    "2.4": f"auth_verbose = yes\nauth_username_chars =\nmail_log_events = {_EVENTS}",
}
_ELSEWHERE = b"XCLIENT ADDR=203.0.113.66 NAME=mx.example.org"


class Attack:
    """Sends every text over every road of a bed with USERS and SIEVE; `truth` is what came of it."""

    def __init__(self, bed: Bed, texts: Iterable[str] = TEXTS) -> None:
        self.bed = bed
        self.truth = Truth()
        self._texts = tuple(texts)
        self._ports = bed.dovecot.ports

    def run(self) -> Truth:
        """Attack, with the bed as it is and then with more in its logs; wait until all mail is at rest."""
        doors = (self.imap_login, self.imap_plain, self.pop3_login, self.sieve_login, self.dovecot_submission)
        self.honest()
        self._at_once([self.imap_login])
        reconfigure.postfix(self.bed, POSTFIX)
        reconfigure.dovecot(self.bed, DOVECOT)
        self._at_once([*doors, self.sasl])
        for road in (
            self.helo,
            self.envelope,
            self.command,
            self.message,
            self.lmtp,
            self.submission,
            self.mailbox,
            self.script,
        ):
            for text in self._texts:
                road(text)
        self.answer()
        self.bed.settle(60)
        self._count()
        return self.truth

    def _at_once(self, doors: Iterable[Callable[[str], None]]) -> None:
        """Dovecot lets each wait for half a second whom it does not know."""
        with ThreadPoolExecutor(32) as threads:
            for door in doors:
                list(threads.map(door, self._texts))

    def _count(self) -> None:
        for user in USERS:
            mails = self.bed.dovecot.home(user).glob("Maildir/**/*,S=*")
            self.truth.stored[user] = sum(1 for _ in mails)
        for mail in self.bed.outside.departed():
            self.truth.departed.update(mail.recipients)
        self.truth.forwarded[FORWARDED_TO] = self.truth.departed[FORWARDED_TO]

    # As a stranger

    def helo(self, text: str) -> None:
        """Call himself so, and name nobody that there is."""
        letter = [b"MAIL FROM:<a@example.org>", f"RCPT TO:<khongai@{OFFICE}>".encode()]
        smtp(self.bed.postfix.mx_port, [_ELSEWHERE, b"EHLO " + one_line(text), *letter, b"QUIT"])

    def envelope(self, text: str) -> None:
        """Write from and to such an address; no such mailbox is there."""
        name = quoted(text)
        to = f"@{OFFICE}".encode()
        smtp(
            self.bed.postfix.mx_port,
            [
                *(_ELSEWHERE, b"EHLO mx.example.org", b"MAIL FROM:<%s@example.org>" % name),
                *(b"RCPT TO:<%s%s>" % (name, to), b"RCPT TO:<x@example.com>", b"VRFY " + name, b"QUIT"),
            ],
        )

    def command(self, text: str) -> None:
        """Say it instead of a command, and more than may be said at once."""
        begin = [_ELSEWHERE, b"EHLO mx.example.org"]
        smtp(self.bed.postfix.mx_port, [*begin, one_line(text), b"ETRN " + one_line(text), b"QUIT"])
        smtp(self.bed.postfix.mx_port, [*begin, b"RSET\r\nNOOP " + one_line(text)])
        smtp(self.bed.postfix.mx_port, [b"GET /%s HTTP/1.1" % one_line(text)])

    def sasl(self, text: str) -> None:
        """Log in by this name."""
        smtp(self.bed.postfix.submission_port, [b"EHLO x", b"AUTH PLAIN " + _plain(text), b"QUIT"])
        smtp(self.bed.postfix.submission_port, [b"EHLO x", b"AUTH " + one_line(text), b"QUIT"])

    def message(self, text: str) -> None:
        """Write to those with and without a script, with the text wherever a log may quote it."""
        content = _letter(text)
        for user in (VANTHU, CANBO2, CANBO3):
            begin = [_ELSEWHERE, b"EHLO mx.example.org", b"MAIL FROM:<%s@example.org>" % quoted(text)]
            smtp(self.bed.postfix.mx_port, [*begin, f"RCPT TO:<{user}>".encode(), b"DATA", content, b"QUIT"])

    def lmtp(self, text: str) -> None:
        """Hand it to Dovecot as whoever reaches its socket."""
        name = quoted(text)
        smtp(
            self.bed.postfix.queue_folder / "private/dovecot-lmtp",
            [
                *(b"LHLO " + one_line(text), b"MAIL FROM:<%s@example.org>" % name),
                *(b"RCPT TO:<%s@%s>" % (name, OFFICE.encode()), f"RCPT TO:<{CANBO2}>".encode()),
                *(b"DATA", _letter(text), b"QUIT"),
            ],
        )

    # At the doors for people

    def imap_login(self, text: str) -> None:
        """Log in by this name, and say a word that is no command."""
        name = literal(raw(text).replace(b"\0", b""))
        imap(self._ports.imap, [b"LOGIN %s wrong" % name, one_line(text), b"LOGOUT"])

    def imap_plain(self, text: str) -> None:
        """Log in by this name as another, as another by this name, and by this way."""
        known = base64.b64encode(b"%s\0%s\0wrong" % (raw(text).replace(b"\0", b" "), CANBO1.encode()))
        for response in (_plain(text), known):
            imap(self._ports.imap, [b"AUTHENTICATE PLAIN " + response, b"LOGOUT"])
        imap(self._ports.imap, [b'ID ("name" %s)' % quoted(text), b"AUTHENTICATE " + quoted(text)])

    def pop3_login(self, text: str) -> None:
        """Log in by this name, with a password and with a digest."""
        name = one_line(text)
        pop3(self._ports.pop, [b"USER " + name, b"PASS wrong", b"APOP %s %s" % (name, b"0" * 32), b"QUIT"])

    def sieve_login(self, text: str) -> None:
        """Log in by this name, and by this way."""
        answer = b'"' + _plain(text) + b'"'
        sieve(self._ports.sieve, [b'AUTHENTICATE "PLAIN" ' + answer, b"LOGOUT"])
        sieve(self._ports.sieve, [b"AUTHENTICATE " + quoted(text), one_line(text), b"LOGOUT"])

    def dovecot_submission(self, text: str) -> None:
        """Call oneself so and log in by this name."""
        begin = [b"EHLO " + one_line(text), b"AUTH PLAIN " + _plain(text)]
        smtp(self._ports.submissiond, [*begin, b"MAIL FROM:<%s@x>" % quoted(text), b"QUIT"])

    # As someone who may log in

    def submission(self, text: str) -> None:
        """Send to such an address outside, by Postfix and by Dovecot."""
        for port in (self.bed.postfix.submission_port, self._ports.submissiond):
            login = [b"EHLO x", b"AUTH PLAIN " + _plain(CANBO1, USERS[CANBO1])]
            to = b"RCPT TO:<%s@example.com>" % quoted(text)
            *_, login_reply, _, rcpt, _, _, _ = smtp(
                port, [*login, f"MAIL FROM:<{CANBO1}>".encode(), to, b"DATA", _letter(text), b"QUIT"]
            )
            if port == self._ports.submissiond:
                self._note("submission", CANBO1, login_reply.startswith(b"235"))
            self.truth.submissions[CANBO1] += rcpt.startswith(b"250")

    def mailbox(self, text: str) -> None:
        """Make, rename and delete a folder of this name; save, copy and remove a message in it."""
        name, other = literal(raw(text).replace(b"\0", b"")), literal(raw(text[::-1]).replace(b"\0", b""))
        letter = _letter(text)
        commands = (
            *(b"CREATE " + name, b"APPEND %s %s" % (name, literal(letter)), b"SELECT " + name),
            *(rb"STORE 1 +FLAGS (\Deleted)", b"COPY 1 INBOX", b"EXPUNGE", b"CLOSE"),
            *(b"RENAME %s %s" % (name, other), b"DELETE " + other, b"DELETE " + name, b"LOGOUT"),
        )
        replies = imap(self._ports.imap, [f'LOGIN {CANBO1} "{USERS[CANBO1]}"'.encode(), *commands])
        self._note("imap", CANBO1, replies[1].startswith(b"a OK"))

    def script(self, text: str) -> None:
        """Keep scripts by this name and with it in them; let them act on a message."""
        replies = sieve(
            self._ports.sieve,
            [
                b'AUTHENTICATE "PLAIN" "%s"' % _plain(VANTHU, USERS[VANTHU]),
                *(b"PUTSCRIPT %s %s" % (quoted(text), literal(b"keep;")), b"SETACTIVE " + quoted(text)),
                b"PUTSCRIPT %s %s" % (quoted("x"), literal(raw(text))),
                b"PUTSCRIPT %s %s" % (quoted("y"), literal(_script(text))),
                *(b'SETACTIVE "y"', b"LOGOUT"),
            ],
        )
        self._note("managesieve", VANTHU, replies[1].startswith(b"OK"))
        begin = [b"LHLO x", b"MAIL FROM:<b@example.org>", f"RCPT TO:<{VANTHU}>".encode()]
        smtp(self.bed.postfix.queue_folder / "private/dovecot-lmtp", [*begin, b"DATA", _letter("x"), b"QUIT"])

    def answer(self) -> None:
        """Be the host outside that refuses mail in these words."""
        for text in self._texts:
            words = one_line(text).decode("ascii", "ignore")
            self.bed.outside.refusal = f"550 5.1.1 {words[:400]}"
            begin = [b"EHLO x", b"AUTH PLAIN " + _plain(CANBO1, USERS[CANBO1])]
            envelope = [f"MAIL FROM:<{CANBO1}>".encode(), b"RCPT TO:<x@example.net>"]
            smtp(self.bed.postfix.submission_port, [*begin, *envelope, b"DATA", _letter("x"), b"QUIT"])
            self.truth.submissions[CANBO1] += 1
            self.bed.settle(30)
        self.bed.outside.refusal = None

    def honest(self) -> None:
        """Log in and out by every door, the helpdesk in another's place too."""
        name, password = MASTER
        self.bed.inbox(CANBO3)
        self.bed.pop3_inbox(CANBO2)
        self.bed.inbox(f"{CANBO2}*{name}", password=password)
        self._note("imap", CANBO3)
        self._note("pop3", CANBO2)

    def _note(self, service: str, user: str, really: bool = True) -> None:
        self.truth.logins[f"{service} {user}"] += really


def _plain(user: str, password: str = "sai") -> bytes:  # noqa: S107  the wrong one
    return base64.b64encode(b"\0%s\0%s" % (raw(user).replace(b"\0", b" "), password.encode()))


def _letter(text: str) -> bytes:
    """A message that holds the text in its headers and in its body, with the dot that ends it."""
    line = one_line(text)
    headers = (
        b"From: x@example.org",
        b"To: " + ", ".join(USERS).encode(),
        b"Message-ID: <%s" % line,
        b"Subject: " + line,
        b"X-Look: " + line,
    )
    return b"\r\n".join((*headers, b"", line, b"."))


def _script(text: str) -> bytes:
    """A script that files, answers, hands on and refuses with the text in it, and keeps the message too."""
    name = quoted(text)
    address = quoted(quoted(text).decode("utf-8", "surrogateescape") + "@example.com")
    return b"\r\n".join(
        (
            b'require ["fileinto", "mailbox", "vacation", "copy", "enotify"];',
            b"fileinto :create %s;" % name,
            b"redirect :copy %s;" % address,
            b'vacation :days 1 :subject %s "x";' % name,
            b'notify :message %s "mailto:x@example.com";' % name,
            b"keep;",
        )
    )
