# SPDX-License-Identifier: GPL-3.0-or-later
"""An office under one regulation for the duties' matrix: people, directory, gate and mail system."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from bed import Bed, compose
from bed.gate import Gate
from mailpolicy.directory import Kind, Mailbox, Status, Unit
from mailpolicy.office.namerules import spelled
from mailpolicy.parameters import ProvisioningDesk, SpamReport
from mailpolicy.regulation import How, load
from mailpolicy.rules import CODES
from mailpolicy.snapshot.encode import encode

AGENCY, UNIT = "Sở Nội vụ", "Văn phòng"
MINH, LAN, NGUYEN, HUNG = "Nguyễn Văn Minh", "Trần Thị Lan", "Dương Chí Nguyên", "Phạm Văn Hùng"
SUSPENDED, IDLE, REVOKED, BLOCKED = "Lê Văn Tám", "Đỗ Văn Ba", "Hồ Thị Tư", "Võ Văn Hai"
STOPPED = {
    SUSPENDED: (Status.SUSPENDED, "violations"),
    IDLE: (Status.LOCKED, "inactivity"),
    REVOKED: (Status.LOCKED, "emergency-revocation"),
    BLOCKED: (Status.BLOCKED, "spam-spreading"),
}
PASSWORD = "Mat-Khau-7894"
CITIZEN, PRIVATE, PARTNER = "congdan@example.org", "hopthu.rieng@gmail.com", "doitac@example.com"
# A local part that none of the regulation's patterns gives.
ODD = {"HCM": "luutru", "TS": "luu.tru", "CT": "luu=tru", "ST": "luu_tru", "MR": "luu.tru"}


@dataclass
class Office:
    """`short` names the regulation; `bed` and `gate` run while `running` does."""

    short: str

    def __post_init__(self) -> None:
        self.regulation = load(self.short)
        self.domain = self.regulation.domains[0]
        self.enforced = [
            one.code for one in self.regulation.duties if How.ENFORCE in one.how and one.code in CODES
        ]
        self.me, self.colleague, self.keeper, self.forwarder = map(self.of, (MINH, LAN, NGUYEN, HUNG))
        self.unit, self.agency, self.all = map(self.at, ("vanphong", "sonv", "toanso"))
        self.odd = f"{ODD[self.short]}@{self.domain}"
        self.desk, self.report = self._desk(), self._report()

    def at(self, local: str) -> str:
        """The address of this local part, in the regulation's form."""
        return f"{local}{self.regulation.account_suffix}@{self.domain}"

    def of(self, name: str) -> str:
        """The address of the person of this name, in the regulation's form."""
        parts = spelled(name)
        order = ("given", "s", "m") if self.short == "TS" else ("s", "m", "given")
        return self.at("".join(parts[part] for part in order))

    def _desk(self) -> str:
        duty = self.regulation.duty("provisioning-desk")
        mailbox = duty.parameters.mailbox if duty and isinstance(duty.parameters, ProvisioningDesk) else None
        return mailbox or self.at("tiepnhan")

    def _report(self) -> str:
        duty = self.regulation.duty("spam-report")
        mailbox = duty.parameters.mailbox if duty and isinstance(duty.parameters, SpamReport) else None
        return mailbox or self.at("thurac")

    def mailboxes(self) -> list[Mailbox]:
        """The directory."""
        people = [self._person(name) for name in (MINH, LAN, NGUYEN, HUNG, *STOPPED)]
        shared = [
            Mailbox(self.unit, Kind.UNIT, UNIT, name=UNIT),
            Mailbox(self.agency, Kind.AGENCY, AGENCY, name=AGENCY),
            Mailbox(self.all, Kind.LIST, AGENCY, name="Toàn thể", managers=(self.keeper,)),
            Mailbox(self.odd, Kind.UNIT, "Lưu trữ", name="Lưu trữ", managers=(self.me,)),
            Mailbox(self.report, Kind.UNIT, UNIT, name="Tiếp nhận thư rác"),
        ]
        return [*people, *shared, Mailbox(self.desk, Kind.AGENCY, "Sở TTTT", name="Tiếp nhận yêu cầu")]

    def _person(self, name: str) -> Mailbox:
        status, reason = STOPPED.get(name, (Status.ACTIVE, ""))
        named = f"{name} - {AGENCY}"
        return Mailbox(self.of(name), unit=UNIT, name=named, status=status, status_reason=reason)

    def author(self, address: str) -> str:
        """The From field of a mailbox, as its owner should have set it."""
        name = next(one.name for one in self.mailboxes() if one.address == address)
        return f'"{name}" <{address}>'

    def letter(self, address: str, to: str | tuple[str, ...], text: str = "Kính gửi.\n") -> EmailMessage:
        """An ordinary mail of this mailbox, which breaks no duty."""
        return compose(self.author(address), to, "Về việc báo cáo công tác tháng", text)

    def site(self) -> str:
        """A site file with every duty in *enforce* that can be."""
        lines = [f'regulation = "{self.short}"', f'report_mailbox = "{self.report}"']
        lines += ['trusted_networks = ["127.0.0.1/32", "::1/128"]', "[duties]"]
        lines += [f'{code}.mode = "enforce"' for code in self.enforced]
        if "attachment-cap" in self.enforced:
            lines.append("attachment-cap.parameters = { limit_mb = 1 }")
        if "digital-signature" in self.enforced:
            lines.append(f'digital-signature.parameters = {{ signer_addresses = ["{self.colleague}"] }}')
        return "\n".join(lines) + "\n"

    @contextmanager
    def running(self) -> Iterator["Office"]:
        """Gate, Postfix and Dovecot as long as this lasts."""
        users = {mailbox.address: PASSWORD for mailbox in self.mailboxes() if "=" not in mailbox.address}
        units = [Unit(AGENCY), Unit(UNIT, parent=AGENCY), Unit("Sở TTTT")]
        directory = encode(self.mailboxes(), units, datetime.now(UTC))
        sieve = {self.forwarder: f'redirect "{PRIVATE}";', self.keeper: f'redirect "{PARTNER}";'}
        with (
            Gate(self.site(), directory=directory) as self.gate,
            Bed(self.domain, users, milter=self.gate.milter, sieve=sieve) as self.bed,
        ):
            yield self

    def has(self, recipient: str, message_id: str) -> bool:
        """Whether a mail lies in a mailbox of the office, or has left for an address outside."""
        if recipient in self.bed.users:
            return any(mail["Message-ID"] == message_id for mail in self.bed.stored(recipient))
        left = self.bed.outside.departed(recipient)
        return any(mail.message["Message-ID"] == message_id for mail in left)

    def marks(self, recipient: str, message_id: str) -> list[str]:
        """The gate's marks on a mail that `has` finds."""
        if recipient in self.bed.users:
            stored = self.bed.stored(recipient)
        else:
            stored = [mail.message for mail in self.bed.outside.departed(recipient)]
        mails = [mail for mail in stored if mail["Message-ID"] == message_id]
        return [str(mark) for mail in mails for mark in mail.get_all("X-Postwarden", [])]
