# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot as the gate opens it: everything in it is found, and nothing of a file that is not whole."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.snapshot import Snapshot, identity
from mailpolicy.directory import Directory, Kind, Mailbox, Status, Unit
from mailpolicy.files.problems import BadFile, UnreadableFile
from mailpolicy.office.lookalike import fold
from mailpolicy.snapshot.contents import BLOCK, Contents
from mailpolicy.snapshot.encode import encode
from mailpolicy.snapshot.header import BadSnapshot, Header

MADE = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
MAILBOXES = [
    Mailbox(
        "vanthu@example.org", Kind.UNIT, "Văn phòng", name="Văn thư Sở", managers=("canbo1@example.org",)
    ),
    Mailbox("canbo1@example.org", unit="Văn phòng", name="Nguyễn Thị Cán Bộ"),
    Mailbox("canbo2@example.org", status=Status.LOCKED, status_reason="inactivity"),
    Mailbox("tatca@example.org", Kind.LIST, managers=("vanthu@example.org", "canbo1@example.org")),
]
UNITS = [Unit("Văn phòng", "Sở", "canbo1@example.org"), Unit("Sở")]


def snapshot(folder: Path, data: bytes) -> Path:
    path = folder / "snapshot"
    path.write_bytes(data)
    return path


def encoded() -> bytes:
    return encode(MAILBOXES, UNITS, MADE)


def with_rest(rest: bytes, mailboxes: int, units: int) -> bytes:
    """A file whose first line agrees with what follows."""
    return Header(MADE, mailboxes, units, len(rest), hashlib.sha256(rest).hexdigest()).encode() + rest


@pytest.fixture
def opened(tmp_path: Path) -> Snapshot:
    return Snapshot.open(snapshot(tmp_path, encoded()))


def test_every_mailbox_and_unit_is_found_as_it_was_published(opened: Snapshot) -> None:
    directory: Directory = opened
    assert [directory.mailbox(one.address) for one in MAILBOXES] == MAILBOXES
    assert [directory.unit(one.name) for one in UNITS] == UNITS
    assert (directory.known, opened.made_at, opened.count) == (True, MADE, 4)


def test_a_mailbox_is_found_in_any_spelling_and_no_other_is(opened: Snapshot) -> None:
    assert opened.mailbox("<VanThu@EXAMPLE.org.>") == MAILBOXES[0]
    for stranger in (
        "anthu@example.org",
        "vanthu@example.or",
        "zzz@example.org",
        "\udcff@example.org",
        "a",
        "",
    ):
        assert opened.mailbox(stranger) is None
    for line in ("vanthu@example.org\tunit", "vanthu@example.org\tunit\tVăn phòng", "a\nvanthu@example.org"):
        assert opened.mailbox(line) is None


def test_a_domain_with_marks_is_found_in_both_spellings(tmp_path: Path) -> None:
    data = encode([Mailbox("vanthu@tỉnh.example.org")], [], MADE)
    found = Snapshot.open(snapshot(tmp_path, data))
    assert found.mailbox("vanthu@TỈNH.example.org") == found.mailbox("vanthu@xn--tnh-dlz.example.org")
    assert found.mailbox("vanthu@xn--tnh-dlz.example.org") is not None


def test_a_unit_is_found_however_its_marks_are_composed(opened: Snapshot) -> None:
    decomposed = "Va\u0306n pho\u0300ng"
    assert decomposed != "Văn phòng"
    assert opened.unit(decomposed) == UNITS[0]
    assert opened.unit("Phòng") is None


def test_officials_are_found_by_how_their_names_look_and_nobody_else_is(opened: Snapshot) -> None:
    assert opened.named(fold("VĂN THƯ SỞ")) == MAILBOXES[0]
    assert opened.named(fold("nguyen thi can bo")) == MAILBOXES[1]  # a head
    assert opened.named("") is opened.named(fold("canbo2")) is None


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 1000])
def test_the_first_and_the_last_of_every_block_are_found(count: int) -> None:
    mailboxes = [Mailbox(f"canbo{number}@example.org", name=f"{number}") for number in range(count)]
    contents = Contents(encode(mailboxes, [], MADE))
    assert [contents.mailbox(one.address) for one in mailboxes] == mailboxes
    assert contents.mailbox("canbo@example.org") is contents.mailbox(f"canbo{count}@example.org") is None
    assert sorted(contents.mailboxes(), key=lambda one: int(one.name)) == mailboxes


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=20))
def test_whatever_names_hold_comes_back(rows: list[tuple[str, str, str]]) -> None:
    mailboxes = [
        Mailbox(f"a{number}@example.org", name=name, status_reason=reason)
        for number, (name, reason, _) in enumerate(rows)
    ]
    units = [Unit(f"{number} {row[2]} .") for number, row in enumerate(rows)]
    contents = Contents(encode(mailboxes, units, MADE))
    assert {one.address: one for one in contents.mailboxes()} == {one.address: one for one in mailboxes}
    assert all(contents.unit(unit.name) for unit in units)


def test_it_is_text_that_a_person_can_read() -> None:
    first, *lines = encoded().decode().splitlines()
    assert '"made_at": "2026-11-22T03:30:00+00:00", "mailboxes": 4, "units": 2' in first
    assert lines[1] == "canbo2@example.org\tperson\t\tlocked\tinactivity\t\t"
    assert lines[-1] == "Văn phòng\tSở\tcanbo1@example.org"


def test_one_address_twice_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"canbo1@example\.org is there twice"):
        encode([Mailbox("canbo1@example.org"), Mailbox("CanBo1@example.org")], [], MADE)


def test_a_file_cut_anywhere_is_refused() -> None:
    data = encoded()
    for end in range(len(data)):
        with pytest.raises(BadSnapshot):
            Contents(data[:end])


def test_a_file_with_one_byte_changed_anywhere_is_refused_or_means_the_same() -> None:
    data = encoded()
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        try:
            contents = Contents(bytes(changed))
        except BadSnapshot:
            continue
        assert position < data.index(b"\n")  # the time it was made
        assert list(contents.mailboxes()) == list(Contents(data).mailboxes())


GOOD = b"a@example.org\tperson\t\tactive\t\t\t\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0" * 8192, "first line"),
        (b"[" * 4000 + b"\n", "first line"),
        (b'{"format": "postwarden-snapshot", "version": 2}\n', "version 2; this program reads 1"),
        (b'{"format": "postwarden-snapshot", "version": 1}\n', "lacks something"),
        (Header(MADE, -1, 0, 0, "").encode(), "lacks something"),
        (with_rest(GOOD, 2, 0), "out of form"),
        (with_rest(GOOD, 0, 0), "out of form"),
        (with_rest(GOOD + GOOD, 2, 0), "out of order"),
        (with_rest(GOOD.replace(b"person", b"nobody"), 1, 0), "out of form"),
        (with_rest(GOOD.replace(b"active", b"asleep"), 1, 0), "out of form"),
        (with_rest(GOOD.replace(b"person", b"\xff"), 1, 0), "out of form"),
        (with_rest(GOOD.replace(b"a@", b"\\"), 1, 0), "out of form"),
        (with_rest(b"Unit\n", 0, 1), "out of form"),
        (with_rest(b"Unit\t\t\n\t\t\n", 0, 2), "out of order"),
    ],
)
def test_a_file_that_agrees_with_itself_but_is_no_snapshot_is_refused(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = snapshot(tmp_path, data)
    with pytest.raises(BadFile, match=reason) as raised:
        Snapshot.open(path)
    assert str(path) in str(raised.value)
    assert "mailaudit publish" in str(raised.value)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        Snapshot.open(tmp_path / "none")
    with pytest.raises(UnreadableFile, match="directory"):
        Snapshot.open(tmp_path)
    with pytest.raises(BadFile, match="is empty"):
        Snapshot.open(snapshot(tmp_path, b""))


def test_a_replaced_file_is_another_one_and_the_one_that_was_opened_stays_as_it_was(tmp_path: Path) -> None:
    path = snapshot(tmp_path, encoded())
    opened, before = Snapshot.open(path), identity(path)
    assert before == identity(path) is not None
    newer = tmp_path / "newer"
    newer.write_bytes(encode(MAILBOXES[:1], [], MADE))
    newer.replace(path)
    assert before != identity(path)
    assert (opened.count, Snapshot.open(path).count) == (4, 1)
    path.unlink()
    assert identity(path) is None
    assert opened.mailbox("canbo1@example.org") == MAILBOXES[1]


def test_processes_share_the_memory_of_a_large_snapshot(tmp_path: Path) -> None:
    """A second process that maps it and has asked it everywhere has little memory of its own."""
    mailboxes = [Mailbox(f"canbo{number}@example.org", name="x" * 300) for number in range(30_000)]
    path = snapshot(tmp_path, encode(mailboxes, [], MADE))
    program = f"""
import sys
from pathlib import Path
from mailgate.snapshot import Snapshot
def own():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
before = own()
snapshot = Snapshot.open(Path({str(path)!r}))
assert all(snapshot.mailbox(f"canbo{{n}}@example.org") for n in range(30_000))
print(own() - before)
"""
    kept = Snapshot.open(path)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < path.stat().st_size / 2
    assert kept.count == 30_000
