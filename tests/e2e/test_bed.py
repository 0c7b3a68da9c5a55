# SPDX-License-Identifier: GPL-3.0-or-later
"""The test bed itself, without a gate: mail goes every road, and nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bed import Bed, BedError, Client, LoginRefused, ScriptRefused, compose, free_port, guard, wait_for
from bed.dovecot import MASTER
from bed.ports import free_ports

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
DESK, CLERK, HEAD = f"vanthu@{OFFICE}", f"canbo1@{OFFICE}", f"canbo2@{OFFICE}"
CITIZEN = "congdan@example.org"


def test_mail_from_outside_comes_over_lmtp_and_is_read_over_imap_and_pop3(bed: Bed) -> None:
    letter = compose(CITIZEN, DESK, "Hỏi về thủ tục", "Kính gửi văn thư.\n")
    sent = bed.send_as_stranger(letter, CITIZEN, DESK)
    bed.wait_for_mail(DESK, lambda mail: mail["Message-ID"] == letter["Message-ID"])
    assert sent.accepted and sent.answer.code == 250
    for mails in (bed.inbox(DESK), bed.pop3_inbox(DESK)):
        mail = next(mail for mail in mails if mail["Message-ID"] == letter["Message-ID"])
        assert mail["Subject"] == "Hỏi về thủ tục"
        assert mail.get_content().strip() == "Kính gửi văn thư."
        assert "with LMTP" in _received(mail)[0]


def test_a_stranger_comes_from_the_address_he_stands_for(bed: Bed) -> None:
    host = Client("198.51.100.25", "mail.example.com")
    sent = bed.send_as_stranger(compose(CITIZEN, DESK, "Từ ngoài"), CITIZEN, DESK, host)
    assert sent.queue_id
    line = bed.wait_for_log(f"{sent.queue_id}: client=")
    assert line.endswith("client=mail.example.com[198.51.100.25]")


def test_a_stranger_cannot_send_through_us_but_an_office_machine_can(bed: Bed) -> None:
    letter = compose(CITIZEN, "ai@example.com", "Chuyển hộ")
    assert bed.send_as_stranger(letter, CITIZEN, "ai@example.com").rcpt("ai@example.com").code == 554
    assert bed.send_as_host(letter, DESK, "ai@example.com").accepted


def test_a_refused_recipient_does_not_hide_the_reply_to_another(bed: Bed) -> None:
    nobody = f"khongco@{OFFICE}"
    sent = bed.send_as_stranger(compose(CITIZEN, DESK, "Hai nơi"), CITIZEN, [nobody, DESK])
    assert (sent.rcpt(nobody).code, sent.rcpt(DESK).code, sent.accepted) == (550, 250, True)
    assert nobody in sent.rcpt(nobody).text


def test_a_user_logs_in_and_his_mail_leaves(bed: Bed) -> None:
    sent = bed.send_as_user(compose(DESK, CITIZEN, "Trả lời"), DESK, CITIZEN)
    bed.settle()
    (departed,) = bed.outside.departed(CITIZEN)
    assert sent.accepted
    assert (departed.sender, departed.recipients) == (DESK, (CITIZEN,))
    assert departed.message["Subject"] == "Trả lời"


def test_dovecot_submission_hands_the_login_to_postfix(bed: Bed) -> None:
    sent = bed.send_as_user(
        compose(CLERK, "b@example.org", "Qua Dovecot"), CLERK, "b@example.org", through_dovecot=True
    )
    assert f"sasl_username={CLERK}" in bed.wait_for_log(f"{sent.queue_id}: client=")


def test_a_wrong_password_opens_nothing(bed: Bed) -> None:
    sent = bed.send_as_user(compose(DESK, CITIZEN, "x"), DESK, CITIZEN, password="sai")
    assert (sent.answer.stage, sent.answer.code, sent.accepted) == ("auth", 535, False)
    for read in (bed.inbox, bed.pop3_inbox):
        with pytest.raises(LoginRefused):
            read(DESK, password="sai")


def test_logins_are_logged_from_the_address_the_client_names(bed: Bed) -> None:
    bed.inbox(HEAD, address="198.51.100.31")
    bed.pop3_inbox(HEAD, address="198.51.100.32")
    for service, address in (("imap", "198.51.100.31"), ("pop3", "198.51.100.32")):
        line = bed.wait_for_log(f"rip={address}")
        assert f" {service}-login: Info: Log" in line
        assert f"user=<{HEAD}>" in line and f"auth_user=<{HEAD}>" in line


def test_a_master_users_login_is_told_from_the_owners(bed: Bed) -> None:
    name, password = MASTER
    bed.inbox(f"{CLERK}*{name}", password=password)
    line = bed.wait_for_log(f"auth_user=<{name}>")
    assert f"user=<{CLERK}>, " in line


def test_waiting_for_mail_leaves_no_login(bed: Bed) -> None:
    bed.sendmail(compose(f"root@{OFFICE}", HEAD, "Báo cáo của máy"), f"root@{OFFICE}", HEAD)
    before = bed.dovecot_log.read_text().count("-login: ")
    mail = bed.wait_for_mail(HEAD, lambda mail: mail["Subject"] == "Báo cáo của máy")
    assert "from userid" in _received(mail)[1]
    assert bed.dovecot_log.read_text().count("-login: ") == before


def test_sieve_redirects_a_copy_out_over_smtp(bed: Bed) -> None:
    bed.put_sieve(CLERK, 'redirect "rieng@gmail.com";\n')
    bed.send_as_stranger(compose(CITIZEN, CLERK, "Chuyển đi"), CITIZEN, CLERK)
    bed.settle()
    (departed,) = bed.outside.departed("rieng@gmail.com")
    assert departed.sender == CITIZEN
    assert departed.message["X-Sieve-Redirected-From"] == CLERK
    assert "with ESMTP" in _received(departed.message)[0]
    assert bed.stored(CLERK) == []


def test_sieve_redirects_a_copy_out_through_sendmail() -> None:
    sieve = {CLERK: 'redirect "rieng@gmail.com";\n'}
    with Bed(OFFICE, {CLERK: "mot"}, sieve=sieve, sieve_submission=False) as bed:
        bed.send_as_stranger(compose(CITIZEN, CLERK, "Chuyển đi"), CITIZEN, CLERK)
        bed.settle()
        (departed,) = bed.outside.departed("rieng@gmail.com")
        assert departed.sender == CITIZEN
        assert departed.message["X-Sieve-Redirected-From"] == CLERK
        assert "from userid" in _received(departed.message)[0]


def test_a_user_stores_a_script_over_managesieve_and_is_told_his_mistakes(bed: Bed) -> None:
    with pytest.raises(ScriptRefused, match="line 2: error: unknown command 'dungthu'"):
        bed.put_sieve(HEAD, "keep;\ndungthu;\n")
    bed.put_sieve(HEAD, 'require ["fileinto", "mailbox"]; fileinto :create "Rieng";\n')
    bed.send_as_stranger(compose(CITIZEN, HEAD, "Vào ngăn"), CITIZEN, HEAD)
    bed.settle()
    assert [mail["Subject"] for mail in bed.inbox(HEAD, folder="Rieng")] == ["Vào ngăn"]


@pytest.fixture
def deferred(bed: Bed) -> Iterator[tuple[Bed, str]]:
    """A bed in whose queue one mail waits because the outside has put it off, and the mail's queue id."""
    bed.outside.refusal = "451 4.3.0 try later"
    sent = bed.send_as_user(compose(DESK, "c@example.org", "Chờ"), DESK, "c@example.org")
    bed.wait_for_log(f"{sent.queue_id}: to=<c@example.org>")
    bed.outside.refusal = None
    assert sent.queue_id
    yield bed, sent.queue_id
    bed.flush()
    bed.settle()


def test_mail_that_the_outside_puts_off_waits_and_leaves_when_flushed(deferred: tuple[Bed, str]) -> None:
    bed, queue_id = deferred
    before = len(bed.outside.departed("c@example.org"))
    bed.flush()
    bed.settle()
    assert "status=deferred" in bed.wait_for_log(f"{queue_id}: to=")
    assert len(bed.outside.departed("c@example.org")) == before + 1


def test_mail_on_hold_stays_until_it_is_released(deferred: tuple[Bed, str]) -> None:
    bed, queue_id = deferred
    before = len(bed.outside.departed("c@example.org"))
    bed.postfix.run("postsuper", "-h", queue_id)
    bed.flush()
    bed.settle()
    assert [held["queue_id"] for held in bed.held()] == [queue_id]
    assert len(bed.outside.departed("c@example.org")) == before
    bed.release(queue_id)
    bed.flush()
    bed.settle()
    assert len(bed.outside.departed("c@example.org")) == before + 1


def test_postfix_takes_our_settings_without_a_complaint(bed: Bed) -> None:
    asked = subprocess.run(
        ["postconf", "-c", bed.postfix.config, "-n"], capture_output=True, text=True, check=True
    )
    assert asked.stderr == ""
    assert "milter_default_action = tempfail" in asked.stdout


def test_two_beds_run_side_by_side() -> None:
    with Bed(OFFICE, {DESK: "mot"}) as one, Bed("monre.gov.vn", {"vanthu@monre.gov.vn": "hai"}) as two:
        two.send_as_stranger(compose(CITIZEN, "vanthu@monre.gov.vn", "Hai"), CITIZEN, "vanthu@monre.gov.vn")
        two.wait_for_mail("vanthu@monre.gov.vn")
        assert one.queue() == [] and one.stored(DESK) == []


def test_a_stopped_bed_leaves_no_process_no_port_and_no_folder() -> None:
    bed = Bed(OFFICE, {DESK: "mot"}).start()
    bed.send_as_stranger(compose(CITIZEN, DESK, "Một"), CITIZEN, DESK)
    bed.inbox(DESK)
    ports = [bed.postfix.mx_port, bed.postfix.submission_port, bed.dovecot.ports.imap, bed.outside.port]
    sessions = {os.getsid(pid) for pid in bed.pids}
    assert len(sessions) == 2 and len(bed.pids) > 8
    bed.stop()
    bed.stop()
    assert not bed.folder.exists()
    assert guard.members(sessions) == []
    assert not any(_listens(port) for port in ports)


def test_nothing_is_written_to_the_systems_mail_folders() -> None:
    before = _system_files()
    with Bed(OFFICE, {DESK: "mot"}) as bed:
        bed.send_as_stranger(compose(CITIZEN, DESK, "Một"), CITIZEN, DESK)
        bed.wait_for_mail(DESK)
    assert _system_files() == before


def test_a_bed_that_starts_only_halfway_says_why_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bed.postfix._MASTER", "/nonexistent/master")
    bed = Bed(OFFICE, {DESK: "mot"})
    with pytest.raises(BedError, match=r"postfix ended.*(?s:.)*/nonexistent/master"):
        bed.start()
    assert bed.pids == [] and not bed.folder.exists()
    assert not _processes_naming(bed.folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_bed_ends_with_the_process_that_started_it(number: signal.Signals) -> None:
    program = (
        f"from bed import Bed; bed = Bed({OFFICE!r}, {{}}).start(); print(bed.folder, flush=True); input()"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as owner:
        assert owner.stdout
        folder = Path(owner.stdout.readline().strip())
        assert _processes_naming(folder)
        owner.send_signal(number)
        owner.wait(timeout=10)
    wait_for(lambda: not _processes_naming(folder) and not folder.exists(), 10, "the bed to end")


def test_without_root_the_bed_says_that_it_needs_root() -> None:
    os.seteuid(65534)
    try:
        with pytest.raises(BedError, match="the test bed needs root"):
            Bed(OFFICE, {DESK: "mot"}).start()
    finally:
        os.seteuid(0)


def test_free_ports_are_free_and_different() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    with socket.create_server(("127.0.0.1", free_port())) as server:
        assert server.getsockname()[1] not in free_ports(1)


def _received(mail: EmailMessage) -> list[str]:
    return [str(line) for line in mail.get_all("Received", [])]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _processes_naming(folder: Path) -> list[str]:
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(entry.read_text(errors="replace"))
        except OSError:  # it has ended meanwhile
            continue
    return [line for line in lines if str(folder) in line]


def _system_files() -> dict[Path, float]:
    roots = [
        "/etc/postfix",
        "/etc/dovecot",
        "/var/spool/postfix",
        "/var/lib/postfix",
        "/var/lib/dovecot",
        "/var/mail",
        "/run/dovecot",
    ]
    files = (file for root in roots for file in Path(root).rglob("*"))
    return {file: file.lstat().st_mtime for file in files}
