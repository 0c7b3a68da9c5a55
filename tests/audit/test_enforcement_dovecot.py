# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes closed in a real Dovecot: nobody gets in, sessions end, mail still arrives, and back again."""

import imaplib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bed import Bed, LoginRefused, compose
from bed.dovecot import MASTER
from mailaudit import enforcement
from mailaudit.enforcement import EnforcementError, EnforcementSettings
from mailaudit.enforcement.denyfile import DenyFile, parse, text_of
from mailaudit.enforcement.doveadm import Doveadm, plain
from mailaudit.enforcement.dovecot import DovecotLock

USER, OTHER = "canbo1@soctrang.gov.vn", "canbo2@soctrang.gov.vn"
SHIPPED = Path(__file__).parents[2] / "deploy/dovecot/postwarden-locked"

pytestmark = pytest.mark.e2e


@pytest.fixture
def lock(bed: Bed) -> Iterator[DovecotLock]:
    """The lock of the bed's Dovecot; afterwards nobody is locked."""
    settings = EnforcementSettings.model_validate(
        {"doveadm": bed.dovecot.doveadm, "lock": {"dovecot": {"file": bed.dovecot.closed.name}}}
    )
    lock, storage = enforcement.open(settings, bed.dovecot.closed.parent)
    assert isinstance(lock, DovecotLock)
    assert storage is None
    yield lock
    if lock.locked():
        with lock._file.changing() as closed:
            closed.clear()
        time.sleep(1.1)  # Dovecot looks at the file once a second


def idle(bed: Bed, user: str) -> imaplib.IMAP4:
    """A phone that has logged in and waits for mail."""
    phone = imaplib.IMAP4("127.0.0.1", bed.dovecot.ports.imap, timeout=20)
    phone.login(user, bed.users[user])
    phone.select()
    phone.send(b"x IDLE\r\n")
    assert phone.readline() == b"+ idling\r\n"
    return phone


def hung_up(phone: imaplib.IMAP4) -> bool:
    while line := phone.readline():
        assert line.startswith(b"* BYE")
    return True


def get_in(bed: Bed, user: str) -> set[str]:
    """The roads on which the user's own password lets him in."""
    mail = compose(user, OTHER, "Kính gửi")
    roads: dict[str, Callable[[], object]] = {
        "IMAP": lambda: bed.inbox(user),
        "POP3": lambda: bed.pop3_inbox(user),
        "ManageSieve": lambda: bed.put_sieve(user, "keep;"),
    }
    inside = set()
    for name, road in roads.items():
        try:
            road()
            inside.add(name)
        except LoginRefused:
            pass
    inside |= {"submission"} if bed.send_as_user(mail, user, OTHER).accepted else set()
    through = bed.send_as_user(mail, user, OTHER, through_dovecot=True)
    return inside | ({"Dovecot's submission"} if through.accepted else set())


ALL = {"IMAP", "POP3", "ManageSieve", "submission", "Dovecot's submission"}


def test_a_locked_user_gets_in_nowhere_his_mail_arrives_and_unlocked_he_is_back(
    bed: Bed, lock: DovecotLock
) -> None:
    lock.check()
    assert get_in(bed, USER) == ALL
    lock.lock(USER, "lịch sử: 6 tháng không dùng")
    assert get_in(bed, USER) == set()
    assert get_in(bed, OTHER) == ALL
    assert lock.locked() == [USER]

    bed.send_as_stranger(compose("dan@example.org", USER, "Hồ sơ của tôi"), "dan@example.org", USER)
    assert bed.wait_for_mail(USER, lambda mail: mail["Subject"] == "Hồ sơ của tôi")

    lock.unlock(USER)
    assert lock.locked() == []
    assert get_in(bed, USER) == ALL
    assert "Hồ sơ của tôi" in [mail["Subject"] for mail in bed.inbox(USER)]


def test_open_sessions_of_a_locked_user_end_and_nobody_elses(bed: Bed, lock: DovecotLock) -> None:
    phones, neighbour = [idle(bed, USER) for _ in range(3)], idle(bed, OTHER)
    lock.lock(USER, "")
    assert all(map(hung_up, phones))
    assert Doveadm(bed.dovecot.doveadm).sessions(USER) == []
    neighbour.send(b"DONE\r\n")
    assert neighbour.readline().startswith(b"x OK")
    neighbour.logout()


def test_the_helpdesk_still_opens_a_locked_mailbox(bed: Bed, lock: DovecotLock) -> None:
    lock.lock(USER, "")
    helpdesk, password = MASTER
    assert bed.inbox(f"{USER}*{helpdesk}", password=password) is not None
    with pytest.raises(LoginRefused):
        bed.inbox(f"{USER}*{helpdesk}", password="wrong")


def test_locking_and_unlocking_twice_is_doing_it_once(bed: Bed, lock: DovecotLock) -> None:
    lock.lock(USER.upper(), "first")
    lock.lock(USER, "second")
    assert DenyFile(bed.dovecot.closed).read() == {USER: "first"}
    lock.unlock(USER)
    lock.unlock(USER)
    assert bed.dovecot.closed.read_bytes() == SHIPPED.read_bytes()


def test_one_locked_and_one_unlocked_within_a_second_are_told_apart(bed: Bed, lock: DovecotLock) -> None:
    doveadm = Doveadm(bed.dovecot.doveadm)
    for closed, opened in ((USER, OTHER), (OTHER, USER), (USER, OTHER)):
        lock.unlock(opened)
        lock.lock(closed, "")
        assert doveadm.denies(closed)
        assert not doveadm.denies(opened)


def test_the_file_keeps_its_owner_group_and_mode(bed: Bed, lock: DovecotLock) -> None:
    before = bed.dovecot.closed.stat()
    lock.lock(USER, "")
    after = bed.dovecot.closed.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert after.st_ino != before.st_ino
    assert [file.name for file in bed.dovecot.closed.parent.glob(".*")] == []


def test_two_who_lock_at_once_lose_nobody(bed: Bed, lock: DovecotLock) -> None:
    addresses = [f"canbo{number}@soctrang.gov.vn" for number in range(10, 30)]
    threads = [threading.Thread(target=lock.lock, args=(address, "")) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lock.locked() == sorted(addresses)


def test_a_file_that_dovecot_does_not_read_locks_nobody_and_says_so(
    bed: Bed, lock: DovecotLock, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "postwarden-locked"
    shutil.copy(SHIPPED, elsewhere)
    misled = DovecotLock(elsewhere, Doveadm(bed.dovecot.doveadm))
    misled.check()  # the probe is in both files
    with pytest.raises(
        EnforcementError, match=r"does not keep canbo1@.* in force, before every other passdb"
    ):
        misled.lock(USER, "")
    assert get_in(bed, USER) == ALL


def test_a_file_that_dovecot_may_not_open_is_said(bed: Bed, lock: DovecotLock) -> None:
    mode = bed.dovecot.closed.stat().st_mode
    os.chown(bed.dovecot.closed, 0, 0)
    bed.dovecot.closed.chmod(0o600)
    try:
        os.utime(bed.dovecot.closed, (1, 1))
        time.sleep(1.1)
        with pytest.raises(EnforcementError, match="readable for Dovecot"):
            lock.check()
    finally:
        bed.dovecot.closed.chmod(mode)
        shutil.chown(bed.dovecot.closed, group="dovecot")
        os.utime(bed.dovecot.closed)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace("# 1 closed\n", ""), "the file's end is missing"),
        (lambda text: text[:-1], "the file's end is missing"),
        (lambda text: text.replace(f"{USER}::::vắng\n", ""), "1 closed, but 0 addresses"),
        (lambda text: text.replace("::::vắng", ""), "line 3: not an address with a reason"),
        (lambda text: text.partition("\n")[2], "line 1: not the first lines"),
        (lambda _: "", "line 1: not the first lines"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_and_left_alone(
    bed: Bed, lock: DovecotLock, tmp_path: Path, damage: Callable[[str], str], said: str
) -> None:
    file = tmp_path / "postwarden-locked"
    file.write_text(damage(text_of({USER: "vắng"})), "utf-8")
    before = file.read_bytes()
    damaged = DovecotLock(file, Doveadm(bed.dovecot.doveadm))
    for act in (damaged.check, damaged.locked, lambda: damaged.lock(OTHER, ""), lambda: damaged.unlock(USER)):
        with pytest.raises(EnforcementError, match=said):
            act()
    assert file.read_bytes() == before


def test_without_a_file_it_says_which_to_put_there(bed: Bed, tmp_path: Path) -> None:
    lost = DovecotLock(tmp_path / "none", Doveadm(bed.dovecot.doveadm))
    with pytest.raises(
        EnforcementError, match="No such file or directory; put deploy/dovecot/postwarden-locked there"
    ):
        lost.check()


def test_a_reason_cannot_become_a_line_or_a_field() -> None:
    told = parse(text_of({USER: "one\ncanbo2@soctrang.gov.vn:x: \0\ttwo "}))
    assert told == {USER: "one canbo2@soctrang.gov.vn,x, two"}


@pytest.mark.parametrize(
    "address", ["*@soctrang.gov.vn", "a?b@x.vn", "-u@x.vn", "a:b@x.vn", "../a@x.vn", "a b@x.vn", "x"]
)
def test_an_address_that_means_more_than_itself_is_not_locked(
    bed: Bed, lock: DovecotLock, address: str
) -> None:
    with pytest.raises(EnforcementError, match="must be seen to by hand"):
        lock.lock(address, "")
    assert lock.locked() == []


def test_common_addresses_are_plain() -> None:
    assert plain("So.NNPTNT+tin'tuc_1@Soctrang.GOV.vn") == "so.nnptnt+tin'tuc_1@soctrang.gov.vn"


def test_the_shipped_file_is_an_empty_one() -> None:
    assert SHIPPED.read_text("utf-8") == text_of({})


def test_a_dovecot_that_is_down_is_said_and_running_again_is_enough(bed: Bed, tmp_path: Path) -> None:
    config = tmp_path / "dovecot.conf"
    there = bed.dovecot.config.read_text("utf-8").replace(f"{bed.folder}/dovecot/run", str(tmp_path / "run"))
    config.write_text(there, "utf-8")
    down = DovecotLock(bed.dovecot.closed, Doveadm(("doveadm", "-c", str(config))))
    up = DovecotLock(bed.dovecot.closed, Doveadm(bed.dovecot.doveadm))
    with pytest.raises(EnforcementError, match="does not keep nobody@postwarden"):
        down.check()
    with pytest.raises(EnforcementError, match="is Dovecot running"):
        down.lock(USER, "vắng")
    up.lock(USER, "vắng")
    assert up.locked() == [USER]
    up.unlock(USER)


def test_a_doveadm_that_is_not_there_is_said(bed: Bed) -> None:
    lock = DovecotLock(bed.dovecot.closed, Doveadm(("/nonexistent/doveadm",)))
    with pytest.raises(EnforcementError, match="/nonexistent/doveadm can't be run"):
        lock.check()


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", tmp_path], check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copy(SHIPPED, tmp_path)
        file = DenyFile(tmp_path / SHIPPED.name)
        with (
            pytest.raises(EnforcementError, match="No space left on device; it is as it was"),
            file.changing() as to,
        ):
            to.update({f"canbo{number}@soctrang.gov.vn": "vắng" * 20 for number in range(100)})
        assert file.path.read_bytes() == SHIPPED.read_bytes()
        assert [path.name for path in tmp_path.iterdir()] == [SHIPPED.name]
    finally:
        subprocess.run(["umount", tmp_path], check=True)
