# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Postfix and a private Dovecot on loopback ports, started, waited for and ended as one object."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, TypeVar

from bed import logs, mailbox, mailclient, sieveclient
from bed.dovecot import Dovecot, DovecotPorts
from bed.mailclient import Client, Sent
from bed.needs import missing
from bed.outside import Outside
from bed.ports import free_ports
from bed.postfix import Postfix
from bed.process import BedError, Processes, wait_for

T = TypeVar("T")
Message = EmailMessage | bytes
To = str | Sequence[str]

# A host on the Internet, in the range that RFC 5737 keeps for documentation.
STRANGER = Client("203.0.113.7", "mx.example.org")


class Bed:
    """A mail system of one official domain; needs root, and touches nothing but a folder of its own in /tmp.

    `users` maps addresses to passwords; `milter` is the gate's address as Postfix writes it
    (`inet:127.0.0.1:8891`), None for no gate; `sieve` maps addresses to scripts. Redirects go to Postfix over
    SMTP, or, without `sieve_submission`, through the sendmail program. All ends when the process that started
    it dies, however it dies.
    """

    def __init__(
        self,
        domain: str,
        users: Mapping[str, str],
        *,
        milter: str | None = None,
        sieve: Mapping[str, str] | None = None,
        sieve_submission: bool = True,
    ) -> None:
        self.domain = domain
        self.users = dict(users)
        self.folder: Path
        self.postfix: Postfix
        self.dovecot: Dovecot
        self.outside: Outside
        self._milter = milter
        self._sieve = dict(sieve or {})
        self._sieve_submission = sieve_submission
        self._processes: Processes | None = None

    def start(self) -> Self:
        """Start everything; a failure raises BedError with the logs' last lines and leaves nothing behind."""
        if lacks := missing():
            raise BedError(f"the test bed needs {'; '.join(lacks)}")
        self.folder = Path(tempfile.mkdtemp(prefix="postwarden-bed-", dir="/tmp"))
        self.folder.chmod(0o711)
        # Postfix ends at once; Dovecot 2.3 waits a second for its log process when all else has ended.
        self._processes = Processes(self.folder, patience=0.2)
        try:
            self._configure()
            self.outside.start()
            self.postfix.start(self._processes)
            self.dovecot.start(self._processes)
            self._wait(self._is_up, 20, "Postfix and Dovecot to start")
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End every process and remove the folder, logs included; a second call does nothing."""
        if self._processes is None:
            return
        processes, self._processes = self._processes, None
        processes.end()
        if hasattr(self, "outside"):
            self.outside.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _configure(self) -> None:
        self._logs.mkdir()
        mx, submission, out, *own = free_ports(7)
        self.outside = Outside(out)
        self.postfix = Postfix(self.folder, mx, submission)
        self.postfix.write(self.domain, self.users, self._milter, out)
        self.dovecot = Dovecot(self.folder, DovecotPorts(*own))
        values = {
            "DOMAIN": self.domain,
            "QUEUE": self.postfix.queue_folder,
            "SENDMAIL": self.postfix.sendmail,
            "SUBMISSION": submission,
        }
        self.dovecot.write(self.users, values, mx if self._sieve_submission else None)
        for user, script in self._sieve.items():
            self.dovecot.write_sieve(user, script)

    def _is_up(self) -> bool:
        for name in ("postfix", "dovecot"):
            if self._processes and not self._processes.alive(name):
                raise BedError(f"{name} ended as soon as it was started")
        return self.postfix.is_up() and self.dovecot.is_up()

    @property
    def _logs(self) -> Path:
        return self.folder / "log"

    @property
    def pids(self) -> list[int]:
        """Every process of Postfix and Dovecot that lives now."""
        return self._processes.pids() if self._processes else []

    # Logs

    @property
    def postfix_log(self) -> Path:
        """Postfix's maillog_file: `Nov 21 23:52:43 mx postfix/smtpd[123]: text`."""
        return self.postfix.log

    @property
    def dovecot_log(self) -> Path:
        """Dovecot's log_path, in Dovecot's own format: `Nov 21 23:52:46 imap-login: Info: text`."""
        return self.dovecot.log

    def wait_for_log(self, text: str, seconds: float = 10) -> str:
        """The first line of either log that holds `text`."""

        return self._wait(lambda: logs.find_line(self._logs, text), seconds, f"a log line with {text!r}")

    def _wait(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        try:
            return wait_for(look, seconds, what)
        except BedError as failure:
            raise BedError(f"{failure}\n{logs.tails(self._logs)}") from None

    # Sending

    def send_as_stranger(self, message: Message, sender: str, to: To, client: Client = STRANGER) -> Sent:
        """Deliver to port 25 as a host on the Internet."""
        return mailclient.send(self.postfix.mx_port, message, sender, _several(to), client=client)

    def send_as_host(self, message: Message, sender: str, to: To) -> Sent:
        """Deliver to port 25 without a login as a machine of the office's trusted network, 127.0.0.1."""
        return mailclient.send(self.postfix.mx_port, message, sender, _several(to))

    def send_as_user(
        self,
        message: Message,
        user: str,
        to: To,
        *,
        sender: str | None = None,
        password: str | None = None,
        client: Client | None = None,
        through_dovecot: bool = False,
    ) -> Sent:
        """Submit as a user's mail client, with his password and his address unless others are given.

        Postfix takes the mail, or Dovecot's submission service takes it and hands it on with the login.
        """
        login = (user, self.users[user] if password is None else password)
        sender = user if sender is None else sender
        port = self.dovecot.ports.submissiond if through_dovecot else self.postfix.submission_port
        return mailclient.send(port, message, sender, _several(to), client=client, login=login)

    def sendmail(self, message: Message, sender: str, to: To) -> None:
        """Hand a mail to Postfix's sendmail as a program on the mail host: no client, no login, no reply."""
        content = mailclient.wire(message).replace(b"\r\n", b"\n")
        self.postfix.run(str(self.postfix.sendmail), "-i", "-f", sender, "--", *_several(to), text=content)

    # Reading

    def inbox(
        self, user: str, *, folder: str = "INBOX", password: str | None = None, address: str | None = None
    ) -> list[EmailMessage]:
        """A folder read over IMAP, oldest mail first; `address` is the client's as Dovecot shall log it.

        As `user*helpdesk` with the password in `bed.dovecot.MASTER` the helpdesk opens it.
        """
        password = self.users[user] if password is None else password
        return mailbox.read_imap(self.dovecot.ports.imap, user, password, folder, address)

    def pop3_inbox(
        self, user: str, *, password: str | None = None, address: str | None = None
    ) -> list[EmailMessage]:
        """The INBOX read over POP3, oldest mail first; the mail stays there."""
        password = self.users[user] if password is None else password
        return mailbox.read_pop3(self.dovecot.ports.pop, user, password, address)

    def stored(self, user: str) -> list[EmailMessage]:
        """The INBOX as it lies on disk: no login, so no trace in the logs."""
        return [mailbox.parse(content) for content in self.dovecot.stored(user)]

    def wait_for_mail(
        self, user: str, wanted: Callable[[EmailMessage], bool] = lambda _: True, seconds: float = 10
    ) -> EmailMessage:
        """The first mail in the user's INBOX that is wanted, as soon as it lies on disk."""

        def look() -> EmailMessage | None:
            return next((mail for mail in self.stored(user) if wanted(mail)), None)

        return self._wait(look, seconds, f"a mail for {user}")

    def put_sieve(self, user: str, script: str) -> None:
        """Store an active script over ManageSieve as the user; ScriptRefused tells the line of a mistake."""
        sieveclient.put_script(self.dovecot.ports.sieve, user, self.users[user], script)

    # The queue

    def queue(self) -> list[dict[str, Any]]:
        """What Postfix still has, as `postqueue -j` tells it: queue_id, queue_name, sender, recipients..."""
        return self.postfix.queue()

    def held(self) -> list[dict[str, Any]]:
        """The messages on hold: what a milter has put in quarantine."""
        return [message for message in self.queue() if message["queue_name"] == "hold"]

    def release(self, queue_id: str) -> None:
        """Let a message on hold go on."""
        self.postfix.run("postsuper", "-H", queue_id)

    def flush(self) -> None:
        """Try again at once whatever waits."""
        self.postfix.run("postqueue", "-f")

    def settle(self, seconds: float = 15) -> None:
        """Wait until every message has been delivered, has left, or is on hold."""

        def nothing_moves() -> bool:
            # A message that changes queues while they are listed can be missed once, not twice.
            return all(queued["queue_name"] == "hold" for _ in range(2) for queued in self.queue())

        self._wait(nothing_moves, seconds, "the queue to come to rest")


def _several(to: To) -> list[str]:
    return [to] if isinstance(to, str) else list(to)
