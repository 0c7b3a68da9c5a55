# SPDX-License-Identifier: GPL-3.0-or-later
"""Where logs come from: however they are packed, named and laid out."""

import bz2
import gzip
import lzma
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from audit.maillog import START, day_of_work, login
from audit.office import Office
from mailaudit.logs.order import by_first_time
from mailaudit.logs.source import UnreadableError, files_in

LOG = day_of_work(people=3, lines=40)
Packer = Callable[[bytes], bytes]


def zstandard(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


PACKERS: dict[str, Packer] = {
    "gzip": gzip.compress,
    "bzip2": partial(bz2.compress, compresslevel=1),  # small blocks: short logs have several
    "xz": partial(lzma.compress, preset=0),
    "Zstandard": zstandard,
}
BLOCK = 70_000  # more than a block of Zstandard's takes of these texts: it has no sum that tells of less
every_packing = pytest.mark.parametrize("name", PACKERS)


@every_packing
def test_a_packed_log_is_known_whatever_its_name(office: Office, name: str) -> None:
    [outcome] = office.ingest(office.write("mail.log", PACKERS[name]("".join(LOG).encode())))
    assert (outcome.lines, outcome.unparsed, outcome.notes) == (40, 0, [])


@every_packing
def test_a_log_read_plain_is_the_same_when_it_is_packed(office: Office, name: str) -> None:
    plain = office.write("mail.log", LOG)
    office.ingest(plain)
    before = office.state()[:2]
    plain.unlink()
    packed = office.write("mail.log.2", PACKERS[name]("".join(LOG).encode()))
    assert office.ingest(packed)[0].notes == ["nothing new"]
    assert office.state()[:2] == before
    assert {one.evidence.file for one in office.seen().values()} == {str(packed)}


@every_packing
def test_of_a_packed_log_that_is_cut_off_what_is_there_is_read_once(office: Office, name: str) -> None:
    lines = [line[:-1] + os.urandom(300).hex() + "\n" for line in LOG * 30]
    whole = PACKERS[name]("".join(lines).encode())
    [outcome] = office.ingest(office.write("mail.log", whole[: len(whole) // 3 * 2]))
    assert 0 < outcome.lines < len(lines)
    assert f"cut off {name} data" in " ".join(outcome.notes)
    office.ingest(office.write("mail.log", whole))
    assert sum(office.kinds().values()) == len(lines)


@every_packing
def test_of_a_damaged_packed_log_what_stands_before_the_damage_is_read(office: Office, name: str) -> None:
    lines = [line[:-1] + os.urandom(900).hex() + "\n" for line in LOG * 12]
    whole = bytearray(PACKERS[name]("".join(lines).encode()))
    middle = len(whole) * 3 // 4
    whole[middle : middle + BLOCK] = b"\xff" * BLOCK
    [outcome] = office.ingest(office.write("mail.log", bytes(whole)))
    assert f"damaged {name} data" in " ".join(outcome.notes)
    assert 0 < outcome.lines < len(lines)


@every_packing
def test_logs_packed_one_behind_the_other_are_one_log(office: Office, name: str) -> None:
    parts = [PACKERS[name]("".join(part).encode()) for part in (LOG[:10], LOG[10:])]
    [outcome] = office.ingest(office.write("mail.log", b"".join(parts)))
    assert (outcome.lines, outcome.notes) == (40, [])


def test_the_zstd_programs_own_files_are_read(office: Office) -> None:
    packed = subprocess.run(["zstd", "-19"], input="".join(LOG).encode(), capture_output=True, check=True)
    assert office.ingest(office.write("mail.zst", packed.stdout))[0].lines == 40


def test_folders_in_a_folder_are_read(office: Office) -> None:
    for host in ("mx1", "mx2"):
        (office.logs / "remote" / host).mkdir(parents=True)
        office.write(f"remote/{host}/mail.log", [line.replace(" mail ", f" {host} ") for line in LOG])
    office.ingest(office.logs)
    assert office.kinds()["login"] == 20


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(UnreadableError, match="a folder without any file"):
        files_in(tmp_path)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="/dev/null: neither a file nor a folder"):
        files_in(Path("/dev/null"))
    with pytest.raises(UnreadableError, match="no such file or folder"):
        files_in(tmp_path / "none")


NAMES = [
    ["mail.log.3", "mail.log.2", "mail.log.1", "mail.log"],
    ["mail.log.12.gz", "mail.log.11.gz", "mail.log.9.gz", "mail.log"],
    ["mail.log-20260907", "mail.log-20261005.gz", "mail.log-20261102", "mail.log"],
    ["zz", "a.gz", "b", "0"],
]


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
def test_rotated_logs_are_read_in_order_of_time(office: Office, names: list[str]) -> None:
    starts = [START + timedelta(days=days) for days in (0, 25, 50, 75)]
    for name, start in zip(names, starts, strict=True):
        office.write(name, day_of_work(people=3, lines=8, start=start))
    outcomes = office.ingest(office.logs)
    assert [outcome.path.name for outcome in outcomes] == names


def test_over_new_year_the_older_log_comes_first(office: Office) -> None:
    written = datetime(2027, 1, 3).astimezone().timestamp()
    new = office.write("a", [login(datetime.fromisoformat("2027-01-02T08:00"), "a@example.org")], written)
    old = office.write("b", [login(datetime.fromisoformat("2026-12-30T08:00"), "a@example.org")], written)
    assert by_first_time([new, old]) == [old, new]


def test_a_log_without_times_takes_its_place_by_its_date(office: Office) -> None:
    old, junk, new = START, START + timedelta(days=5), START + timedelta(days=9)
    files = [
        office.write("a", day_of_work(people=1, lines=4, start=new)),
        office.write("b", ["no time\n"], junk.astimezone().timestamp()),
        office.write("c", b"", (junk + timedelta(hours=1)).astimezone().timestamp()),
        office.write("d", day_of_work(people=1, lines=4, start=old)),
    ]
    assert [file.name for file in by_first_time(files)] == ["d", "b", "c", "a"]


def _ingest(office: Office, argument: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
    program = "from mailaudit.cli import app; app()"
    command = [sys.executable, "-c", program, "--home", str(office.home), "ingest", argument]
    return subprocess.run(command, input=data, capture_output=True, check=False)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("argument", ["-", "/dev/stdin"])
def test_standard_input_is_a_log_like_any_other(office: Office, pack: Packer, argument: str) -> None:
    done = _ingest(office, argument, pack("".join(LOG).encode()))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{argument}: 40 new lines\n"
    assert office.ingest(office.write("mail.log", LOG))[0].notes == ["nothing new"]
