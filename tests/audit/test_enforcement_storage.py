# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes reclaimed from a real Dovecot: archived, compared, removed, restored; and whatever goes wrong."""

import hashlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from bed import Bed, compose
from bed.dovecot import version
from mailaudit import enforcement
from mailaudit.enforcement import Archive, EnforcementError, EnforcementSettings, Storage, scripts
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.enforcement.mailcontent import Digest, contents
from mailaudit.enforcement.scripts import Scripts
from mailaudit.enforcement.storage import DovecotStorage

USER, OTHER = "canbo1@soctrang.gov.vn", "canbo2@soctrang.gov.vn"
DAY = date(2026, 11, 22)
NESTED = "Công văn.Năm 2025"
# Line ends of both kinds and none, what doveadm puts between messages, twice the same, nothing.
MAILS = [
    "Subject: một\n\nKính gửi\n".encode(),
    "Subject: hai\r\n\r\nKính gửi\r\n".encode(),
    b"Subject: ba\n\n\x0c\nmailbox: INBOX\nuid: 1\ntext:\n\xff\xfe no end",
    b"Subject: twice\n\nthe same\n",
    b"Subject: twice\n\nthe same\n",
    b"\n",
    b"Subject: long\n\n" + b"0123456789abcdef" * 40_000,
]

pytestmark = pytest.mark.e2e


@pytest.fixture
def doveadm(bed: Bed) -> Doveadm:
    return Doveadm(bed.dovecot.doveadm)


@pytest.fixture
def root() -> Iterator[Path]:
    """The archive's folder; the mail's owner can go through all above it, as not through pytest's own."""
    with tempfile.TemporaryDirectory(prefix="postwarden-archive-") as above:
        Path(above).chmod(0o711)
        root = Path(above) / "archive"
        root.mkdir(mode=0o711)
        yield root


@pytest.fixture
def storage(bed: Bed, root: Path) -> Storage:
    table = {
        "doveadm": bed.dovecot.doveadm,
        "lock": {"command": {"run": ["/bin/true"]}},
        "storage": {"archive": root.name},
    }
    _, storage = enforcement.open(EnforcementSettings.model_validate(table), root.parent)
    assert storage
    return storage


@pytest.fixture
def box(bed: Bed, doveadm: Doveadm) -> Iterator[str]:
    """A mailbox with mail in two folders, one of them read and flagged, and one folder empty."""
    empty(doveadm)
    for folder in ("Công văn", NESTED):
        doveadm.run("mailbox", "create", "-u", USER, "-s", folder)
    for number, mail in enumerate(MAILS):
        put(doveadm, mail, "INBOX" if number % 2 else NESTED)
    doveadm.run("flags", "add", "-u", USER, "\\Seen $Can", "mailbox", "INBOX", "uid", "2")
    yield USER
    empty(doveadm)


def put(doveadm: Doveadm, mail: bytes, folder: str = "INBOX") -> None:
    doveadm.run("save", "-u", USER, "-m", folder, given=mail)


def empty(doveadm: Doveadm) -> None:
    shutil.rmtree(doveadm.run("user", "-f", "home", USER).decode().strip(), ignore_errors=True)


def digests(mails: Sequence[bytes]) -> Counter[str]:
    return Counter(hashlib.sha256(mail.replace(b"\r\n", b"\n")).hexdigest() for mail in mails)


def held(doveadm: Doveadm) -> Counter[str]:
    return Counter(message.digest for message in contents(doveadm, USER))


def by_folder(doveadm: Doveadm) -> list[tuple[str, str]]:
    return sorted((message.folder, message.digest) for message in contents(doveadm, USER))


def flags(doveadm: Doveadm) -> list[str]:
    wanted = "mailbox size.physical date.received.unixtime flags"
    printed = doveadm.run("-f", "tab", "fetch", "-u", USER, wanted, "ALL").decode()
    return sorted(printed.replace("\\Recent", "").replace(" ", "").splitlines())


def untouched(root: Path, doveadm: Doveadm) -> None:
    """Nothing is removed, and of the archive nothing is left."""
    assert held(doveadm) == digests(MAILS)
    assert [path for path in root.rglob("*") if path.is_file()] == []


# What was archived, removed and restored


def test_a_mailbox_is_archived_removed_and_restored_with_every_letter(
    storage: Storage, doveadm: Doveadm, box: str
) -> None:
    storage.check()
    before, marked = by_folder(doveadm), flags(doveadm)
    assert held(doveadm) == digests(MAILS)

    archive = storage.archive(box.upper(), DAY)
    assert (archive.messages, by_folder(doveadm)) == (len(MAILS), before)
    assert archive.folder.name == "2026-11-22"

    storage.remove(box, archive)
    assert contents(doveadm, box) == []

    assert storage.restore(archive.folder, box) == len(MAILS)
    assert by_folder(doveadm) == before
    assert flags(doveadm) == marked


def test_restoring_twice_or_after_half_doubles_no_mail(storage: Storage, doveadm: Doveadm, box: str) -> None:
    archive = storage.archive(box, DAY)
    storage.remove(box, archive)
    storage.restore(archive.folder, box)
    once = by_folder(doveadm)
    assert storage.restore(archive.folder, box) == len(MAILS)
    assert by_folder(doveadm) == once
    doveadm.run("expunge", "-u", USER, "mailbox", "INBOX", "uid", "1:2")
    doveadm.run("move", "-u", USER, "Công văn", "mailbox", NESTED, "all")
    storage.restore(archive.folder, box)
    assert held(doveadm) == digests(MAILS)


def test_what_came_since_stays_when_an_archive_is_restored(
    storage: Storage, doveadm: Doveadm, box: str
) -> None:
    archive = storage.archive(box, DAY)
    storage.remove(box, archive)
    put(doveadm, b"Subject: new\n\n")
    storage.restore(archive.folder, box)
    assert held(doveadm) == digests([*MAILS, b"Subject: new\n\n"])


def test_an_empty_mailbox_is_archived_too(storage: Storage, doveadm: Doveadm, box: str) -> None:
    empty(doveadm)
    archive = storage.archive(box, DAY)
    assert (archive.messages, archive.size) == (0, 0)
    storage.remove(box, archive)
    assert storage.restore(archive.folder, box) == 0


def test_sieve_scripts_are_kept_and_put_back_where_they_are_missing(
    bed: Bed, storage: Storage, doveadm: Doveadm, box: str
) -> None:
    for name, script in (("vắng mặt", "keep;\n# một\n"), ("b-c", "discard;\n")):
        doveadm.run("sieve", "put", "-u", box, name, given=script.encode())
    doveadm.run("sieve", "activate", "-u", box, "vắng mặt")
    archive = storage.archive(box, DAY)
    doveadm.run("sieve", "put", "-u", box, "b-c", given=b"stop;\n")
    doveadm.run("sieve", "deactivate", "-u", box)
    doveadm.run("sieve", "delete", "-u", box, "vắng mặt")
    storage.restore(archive.folder, box)
    assert scripts.read(doveadm, box) == Scripts({"b-c": "stop;\n", "vắng mặt": "keep;\n# một\n"}, "vắng mặt")


def test_an_archive_is_roots_and_shares_no_file_with_the_mailbox_restored_or_not(
    storage: Storage, doveadm: Doveadm, box: str
) -> None:
    folder = storage.archive(box, DAY).folder
    for _ in range(2):
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
        assert modes == {"mail": 0o700, "sieve": 0o700, "manifest.json": 0o600}
        assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {0}
        assert {path.stat().st_nlink for path in folder.rglob("*") if path.is_file()} == {1}
        empty(doveadm)
        storage.restore(folder, box)


def test_a_link_in_an_archive_is_not_followed(
    storage: Storage, doveadm: Doveadm, box: str, tmp_path: Path
) -> None:
    """Where each user is one of the system's, he might put one there while Dovecot writes as him."""
    archive = storage.archive(box, DAY)
    (tmp_path / "secret").write_text("x")
    (archive.folder / "mail/cur/link").symlink_to(tmp_path / "secret")
    empty(doveadm)
    with pytest.raises(EnforcementError, match="mail/cur/link: neither folder nor a file of its own"):
        storage.restore(archive.folder, box)
    assert (tmp_path / "secret").stat().st_uid == 0


# When it may not be removed


def test_mail_that_came_since_is_not_removed_and_neither_is_any_other(
    bed: Bed, storage: Storage, doveadm: Doveadm, box: str
) -> None:
    archive = storage.archive(box, DAY)
    bed.send_as_stranger(compose("dan@example.org", box, "Đơn mới"), "dan@example.org", box)
    bed.wait_for_mail(box, lambda mail: mail["Subject"] == "Đơn mới")
    with pytest.raises(EnforcementError, match=r"1 messages in INBOX are not in .* archive it again"):
        storage.remove(box, archive)
    assert len(contents(doveadm, box)) == len(MAILS) + 1
    again = storage.archive(box, DAY)
    assert (again.folder.name, again.messages) == ("2026-11-22-2", len(MAILS) + 1)
    storage.remove(box, again)
    assert contents(doveadm, box) == []


@pytest.mark.parametrize("what", ["changed", "lost", "manifest", "recomputed", "other"])
def test_an_archive_that_is_not_as_it_was_verified_removes_and_restores_nothing(
    storage: Storage, doveadm: Doveadm, box: str, what: str
) -> None:
    archive = storage.archive(box, DAY)
    damage(archive, what)
    if what == "other":
        archive = Archive(archive.folder, archive.messages, archive.size, "0" * 64)
    with pytest.raises(EnforcementError):
        storage.remove(box, archive)
    assert held(doveadm) == digests(MAILS)
    if what not in ("other", "recomputed"):
        empty(doveadm)
        with pytest.raises(EnforcementError):
            storage.restore(archive.folder, box)
        assert contents(doveadm, box) == []


def damage(archive: Archive, what: str) -> None:
    manifest = archive.folder / "manifest.json"
    mail = next(path for path in (archive.folder / "mail").rglob("*/*,S=*"))
    match what:
        case "changed":
            mail.write_bytes(mail.read_bytes()[:-1] + b"x")
        case "lost":
            mail.unlink()
        case "manifest":
            manifest.write_text(manifest.read_text()[:-20])
        case "recomputed":
            manifest.write_text(manifest.read_text() + " ")


def test_somebody_elses_archive_removes_nothing(storage: Storage, doveadm: Doveadm, box: str) -> None:
    archive = storage.archive(OTHER, DAY)
    with pytest.raises(EnforcementError, match="not the archive that was verified"):
        storage.remove(box, archive)
    assert held(doveadm) == digests(MAILS)


# When it is run again


def test_an_archive_of_the_day_that_holds_everything_is_taken_as_it_is(
    storage: Storage, doveadm: Doveadm, box: str
) -> None:
    archive = storage.archive(box, DAY)
    assert storage.archive(box, DAY) == archive
    doveadm.run("expunge", "-u", USER, "mailbox", "INBOX", "uid", "1:2")  # a removal that was killed
    assert storage.archive(box, DAY) == archive
    storage.remove(box, archive)
    storage.remove(box, archive)
    assert contents(doveadm, box) == []


KILLED = """
import sys
from datetime import date
from pathlib import Path
from mailaudit.enforcement import manifest
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.enforcement.storage import DovecotStorage
root, act, box, *command = sys.argv[1:]
storage, home = DovecotStorage(Doveadm(command), Path(root)), Path(root) / box / "2026-11-22"
archive = manifest.read(home)[1] if act != "archive" else None
print(flush=True)
if act == "archive":
    storage.archive(box, date(2026, 11, 22))
elif act == "remove":
    storage.remove(box, archive)
else:
    storage.restore(home, box)
"""


def killed(bed: Bed, root: Path, act: str, delay: float) -> bool:
    """Whether SIGKILL met it before it came to its end."""
    command = [sys.executable, "-c", KILLED, str(root), act, USER, *bed.dovecot.doveadm]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
    return process.returncode == -signal.SIGKILL


def test_killed_at_any_moment_it_loses_nothing_and_running_again_is_enough(
    bed: Bed, storage: Storage, root: Path, doveadm: Doveadm, box: str
) -> None:
    assert sum(killed(bed, root, "archive", delay) for delay in (0.0, 0.05, 0.1, 0.2)) > 1
    assert held(doveadm) == digests(MAILS)
    archive = storage.archive(box, DAY)
    assert archive.messages == len(MAILS)
    assert [path.name for path in (root / box).glob(".*")] == []

    assert sum(killed(bed, root, "remove", delay) for delay in (0.0, 0.05, 0.1, 0.2)) > 1
    assert held(doveadm) <= digests(MAILS)
    assert storage.archive(box, DAY) == archive
    storage.remove(box, archive)
    assert contents(doveadm, box) == []

    assert sum(killed(bed, root, "restore", delay) for delay in (0.0, 0.05, 0.1, 0.2)) > 1
    assert held(doveadm) <= digests(MAILS)
    storage.restore(archive.folder, box)
    assert held(doveadm) == digests(MAILS)


# When a server or a disk fails


@pytest.fixture
def small_disk(root: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of its own with so much room."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"mode=711,{request.param}", "tmpfs", root],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    yield root
    subprocess.run(["umount", root], check=True)


@pytest.mark.parametrize("small_disk", ["size=512k"], indirect=True)
def test_without_room_nothing_is_begun(
    small_disk: Path, storage: Storage, doveadm: Doveadm, box: str
) -> None:
    for act in (storage.check, lambda: storage.archive(box, DAY)):
        with pytest.raises(
            EnforcementError, match=r"bytes are free and \d+ needed.*make room and run it again"
        ):
            act()
    untouched(small_disk, doveadm)


@pytest.mark.parametrize("small_disk", ["size=64m,nr_inodes=20"], indirect=True)
def test_a_disk_that_is_full_in_the_middle_leaves_all_as_it_was(
    small_disk: Path, storage: Storage, doveadm: Doveadm, box: str
) -> None:
    storage.check()
    with pytest.raises(EnforcementError, match=r"doveadm backup: .*No space left.*; make room and run"):
        storage.archive(box, DAY)
    untouched(small_disk, doveadm)


def test_a_folder_that_is_not_there_or_may_not_be_entered_is_said(
    bed: Bed, storage: Storage, root: Path, doveadm: Doveadm, box: str
) -> None:
    lost = DovecotStorage(doveadm, root / "none")
    for act in (lost.check, lambda: lost.archive(box, DAY)):
        with pytest.raises(EnforcementError, match=r"none.*: No such file or directory; nothing was removed"):
            act()
    root.chmod(0o700)
    with pytest.raises(EnforcementError, match="Permission denied"):
        storage.archive(box, DAY)
    root.chmod(0o711)
    untouched(root, doveadm)


def test_a_dovecot_that_is_down_is_said(
    bed: Bed, root: Path, doveadm: Doveadm, box: str, tmp_path: Path
) -> None:
    archive = DovecotStorage(doveadm, root).archive(box, DAY)
    config = tmp_path / "dovecot.conf"
    there = bed.dovecot.config.read_text("utf-8").replace(f"{bed.folder}/dovecot/run", str(tmp_path / "run"))
    config.write_text(there, "utf-8")
    down = DovecotStorage(Doveadm(("doveadm", "-c", str(config))), root)
    acts = (
        down.check,
        lambda: down.archive(box, DAY),
        lambda: down.remove(box, archive),
        lambda: down.restore(archive.folder, box),
    )
    for act in acts:
        with pytest.raises(EnforcementError, match="is Dovecot running"):
            act()
    assert held(doveadm) == digests(MAILS)


def test_an_address_without_a_mailbox_is_refused(storage: Storage, root: Path) -> None:
    with pytest.raises(EnforcementError, match="doesn't exist"):
        storage.archive("canbo9@soctrang.gov.vn", DAY)
    assert list(root.iterdir()) == []


COMPRESSED = {
    "2.3": ("-o", "mail_plugins=zlib", "-o", "plugin/zlib_save=gz"),
    "2.4": ("-o", "mail_plugins/mail_compress=yes", "-o", "mail_compress_write_method=gz"),
}
KEEPING = {
    "2.3": ("-o", "mail_plugins=lazy_expunge", "-o", "plugin/lazy_expunge=Deleted"),
    "2.4": ("-o", "mail_plugins/lazy_expunge=yes", "-o", "lazy_expunge_mailbox=Deleted"),
}
MDBOX = {"2.3": "userdb_mail=mdbox:~/mdbox", "2.4": "userdb_mail_driver=mdbox userdb_mail_path=~/mdbox"}


def test_a_mailbox_that_dovecot_compresses_is_archived_as_it_reads(
    bed: Bed, root: Path, doveadm: Doveadm, box: str
) -> None:
    mail = b"Subject: gz\n\n" + b"a" * 1000
    compressing = Doveadm((*bed.dovecot.doveadm, *COMPRESSED[version()]))
    put(compressing, mail)
    storage = DovecotStorage(compressing, root)
    archive = storage.archive(box, DAY)
    assert archive.messages == len(MAILS) + 1
    storage.remove(box, archive)
    storage.restore(archive.folder, box)
    assert held(compressing) == digests([*MAILS, mail])


@pytest.fixture
def mdbox(bed: Bed, doveadm: Doveadm, box: str) -> Iterator[str]:
    """The same mailbox in the format that keeps many messages in one file."""
    users = bed.dovecot.config.parent / "users"
    before = users.read_text()
    lines = [line + (MDBOX[version()] if line.startswith(USER) else "") for line in before.splitlines()]
    try:
        users.write_text("".join(f"{line}\n" for line in lines))
        time.sleep(1.1)  # Dovecot looks at the file once a second
        doveadm.run("mailbox", "create", "-u", USER, "Khác", "Khác/2025", "Khác/v1.2")
        for number, mail in enumerate(MAILS):
            put(doveadm, mail, ("INBOX", "Khác/2025", "Khác/v1.2")[number % 3])
        assert list(bed.dovecot.home(USER).glob("mdbox/storage/m.*"))
        yield box
    finally:
        users.write_text(before)
        time.sleep(1.1)


def test_a_mailbox_in_many_messages_to_a_file_is_reclaimed_and_restored(
    bed: Bed, storage: Storage, doveadm: Doveadm, mdbox: str
) -> None:
    before = by_folder(doveadm)
    archive = storage.archive(mdbox, DAY)
    assert (archive.folder / "mail/Kh&AOE-c/v1.2").is_dir()
    storage.remove(mdbox, archive)
    assert contents(doveadm, mdbox) == []
    assert list(bed.dovecot.home(USER).glob("mdbox/storage/m.*")) == []
    storage.restore(archive.folder, mdbox)
    assert by_folder(doveadm) == before


def test_mail_that_dovecot_keeps_though_it_was_removed_is_said(
    bed: Bed, root: Path, doveadm: Doveadm, box: str
) -> None:
    storage = DovecotStorage(Doveadm((*bed.dovecot.doveadm, *KEEPING[version()])), root)
    archive = storage.archive(box, DAY)
    with pytest.raises(EnforcementError, match=r"\d messages are still there, as in Deleted"):
        storage.remove(box, archive)
    assert held(doveadm) == digests(MAILS)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_digest_does_not_depend_on_pieces_or_line_ends(size: int) -> None:
    for text in (b"a\r\nb\r\n", b"a\r\r\n\r", b"\r", b"", b"a\nb\r"):
        digest = Digest()
        for start in range(0, len(text), size):
            digest.add(text[start : start + size])
        assert digest.hex() == hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()
