# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit publish`: what was in the directory is what the gate finds, and a bad day changes nothing."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from audit.directories import PLACES, place
from mailaudit.cli import app
from mailaudit.directory import csvfile
from mailaudit.publish import file
from mailgate.snapshot import Snapshot
from mailpolicy.directory import Kind, Mailbox, Status, Unit
from mailpolicy.snapshot.encode import encode


class Site:
    """An office with a CSV directory of so many people, and where its gate's snapshot is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshot = folder / "published" / "directory"
        self.snapshot.parent.mkdir()
        self.write(f'[gate]\nsnapshot = "{self.snapshot}"\n[audit.directory.csv]\nmailboxes = "boxes.csv"\n')
        self.people(10)

    def write(self, tables: str) -> None:
        (self.folder / "site.toml").write_text(f'regulation = "ST"\n{tables}', "utf-8")

    def people(self, count: int, more: str = "") -> None:
        rows = "".join(f"canbo{number}@soctrang.gov.vn,,\n" for number in range(count))
        (self.folder / "boxes.csv").write_text(f"address,status,status_reason\n{rows}{more}")

    def publish(self, *options: object) -> Result:
        site = str(self.folder / "site.toml")
        return CliRunner().invoke(app, ["publish", "--site", site, *map(str, options)])

    def told(self, *options: object) -> Any:
        return json.loads(self.publish(*options, "--json").stdout)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_the_gate_finds_what_was_published(site: Site) -> None:
    site.people(3, "vanthu@soctrang.gov.vn,locked,inactivity\n")
    before = datetime.now(UTC).replace(microsecond=0)
    done = site.publish()
    assert (done.exit_code, done.stderr) == (0, "")
    found = Snapshot.open(site.snapshot)
    assert found.count == 4
    assert before <= found.made_at <= datetime.now(UTC)
    for mailbox in csvfile.read(site.folder / "boxes.csv").mailboxes:
        assert found.mailbox(mailbox.address) == mailbox
    locked = found.mailbox("vanthu@soctrang.gov.vn")
    assert locked and (locked.status, locked.status_reason) == (Status.LOCKED, "inactivity")


@pytest.mark.parametrize("kind", PLACES)
def test_it_publishes_from_every_source(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest, toml: Callable[[Any], str]
) -> None:
    site = Site(tmp_path)
    somewhere = place(kind, tmp_path, request.getfixturevalue)
    table = somewhere.put(
        [
            {"address": "vanthu@soctrang.gov.vn", "kind": "unit", "unit": "Văn phòng", "name": "Văn thư",
             "managers": "canbo1@soctrang.gov.vn"},
            {"address": "canbo1@soctrang.gov.vn", "unit": "Văn phòng"},
            {"address": "tatca@soctrang.gov.vn", "kind": "list", "managers": "vanthu@soctrang.gov.vn"},
        ],
        [{"name": "Sở"}, {"name": "Văn phòng", "parent": "Sở", "head": "canbo1@soctrang.gov.vn"}],
    )  # fmt: skip
    site.write(toml({"audit": {"directory": table}}))
    done = site.publish("--to", site.snapshot)
    assert done.exit_code == 0, done.output
    found = Snapshot.open(site.snapshot)
    assert found.unit("Văn phòng") == Unit("Văn phòng", "Sở", "canbo1@soctrang.gov.vn")
    office, everybody = found.mailbox("vanthu@soctrang.gov.vn"), found.mailbox("tatca@soctrang.gov.vn")
    assert office and (office.kind, office.managers) == (Kind.UNIT, ("canbo1@soctrang.gov.vn",))
    assert everybody and (everybody.kind, everybody.managers) == (Kind.LIST, ("vanthu@soctrang.gov.vn",))


@pytest.fixture
def toml() -> Callable[[Any], str]:
    def table(name: str, values: dict[str, Any]) -> str:
        own = "".join(
            f"{key} = {json.dumps(value)}\n" for key, value in values.items() if not isinstance(value, dict)
        )
        below = (table(f"{name}.{key}", value) for key, value in values.items() if isinstance(value, dict))
        return f"[{name}]\n{own}" + "".join(below)

    return lambda values: "".join(table(name, value) for name, value in values.items())


def test_it_says_what_is_new(site: Site) -> None:
    assert "no snapshot yet" in site.publish().stdout
    (site.folder / "boxes.csv").write_text(
        "address,status,created\n"
        + "".join(f"canbo{number}@soctrang.gov.vn,,2020-01-01\n" for number in range(8))
        + "canbo8@soctrang.gov.vn,suspended,\nmoi@soctrang.gov.vn,,\n"
    )
    told = site.told()
    assert (told["added"], told["removed"], told["changed"]) == (
        ["moi@soctrang.gov.vn"],
        ["canbo9@soctrang.gov.vn"],
        ["canbo8@soctrang.gov.vn"],
    )
    assert (told["published"], told["mailboxes"], told["statuses"]) == (
        True,
        10,
        {"active": 9, "suspended": 1},
    )
    assert told["since"] <= told["made_at"] == Snapshot.open(site.snapshot).made_at.isoformat()
    text = site.publish().stdout
    assert "0 added\n  0 removed\n  0 changed\n" in text
    assert f"published: {site.snapshot}" in text


@pytest.mark.parametrize(("left", "refused"), [(7, True), (8, False)])
def test_a_directory_that_lost_30_percent_is_refused(site: Site, left: int, refused: bool) -> None:
    site.publish()
    kept = site.snapshot.read_bytes()
    site.people(left)
    done = site.publish()
    assert done.exit_code == refused
    assert (site.snapshot.read_bytes() == kept) == refused
    if refused:
        assert "not published: 7 mailboxes, where the last snapshot has 10" in done.stderr
        assert site.told()["published"] is False
        assert site.publish("--allow-shrink").exit_code == 0
        assert Snapshot.open(site.snapshot).count == 7


@pytest.mark.parametrize(
    ("boxes", "status"),
    [("address\nnobody\n", 1), ("address\na@soctrang.gov.vn\na@soctrang.gov.vn\n", 1), ("", 1), (None, 2)],
)
def test_a_directory_with_mistakes_changes_nothing(site: Site, boxes: str | None, status: int) -> None:
    site.publish()
    kept = site.snapshot.read_bytes()
    path = site.folder / "boxes.csv"
    path.unlink() if boxes is None else path.write_text(boxes)
    done = site.publish()
    assert (done.exit_code, site.snapshot.read_bytes()) == (status, kept)
    assert str(path) in done.stderr


def test_a_damaged_snapshot_is_replaced_and_said(site: Site) -> None:
    site.publish()
    site.snapshot.write_bytes(site.snapshot.read_bytes()[:-3])
    done = site.publish()
    assert done.exit_code == 0
    assert "it was cut or added to; it is replaced, and nothing compared" in done.stderr
    assert Snapshot.open(site.snapshot).count == 10


def test_what_is_to_mend_is_counted_and_stops_nothing(site: Site) -> None:
    site.people(2, "canbo@gmail.com,,\n")
    done = site.publish()
    assert done.exit_code == 0
    assert "to mend: `mailaudit directory check` lists them" in done.stdout


def test_without_a_place_it_says_what_is_missing(site: Site) -> None:
    site.write('[audit.directory.csv]\nmailboxes = "boxes.csv"\n')
    done = site.publish()
    assert done.exit_code == 2
    assert "gate.snapshot: missing; expected a path from the root, or --to" in done.stderr
    assert site.publish("--to", site.snapshot).exit_code == 0


def test_only_a_command_that_needs_the_store_asks_for_its_folder(site: Site) -> None:
    assert site.publish().exit_code == 0
    done = CliRunner().invoke(app, ["summary"])
    assert done.exit_code == 2
    assert "--home" in done.stderr


def test_another_csv_file_may_be_given(site: Site) -> None:
    (site.folder / "other.csv").write_text("address\nvanthu@soctrang.gov.vn\n")
    assert site.told("--directory", site.folder / "other.csv")["mailboxes"] == 1


def test_mode_and_group_stay_as_they_were(site: Site) -> None:
    site.publish()
    assert stat.S_IMODE(site.snapshot.stat().st_mode) == 0o644
    site.snapshot.chmod(0o604)
    if os.geteuid() == 0:
        os.chown(site.snapshot, 1, 2)
    before = site.snapshot.stat()
    site.publish()
    after = site.snapshot.stat()
    assert before.st_ino != after.st_ino
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_a_folder_that_is_not_there_is_said(site: Site) -> None:
    done = site.publish("--to", site.folder / "none" / "directory")
    assert done.exit_code == 2
    assert "can't be written (No such file or directory)" in done.stderr


def test_a_full_disk_leaves_the_last_snapshot_and_no_rubbish(site: Site) -> None:
    site.publish()
    kept = site.snapshot.read_bytes()
    site.people(2000)
    program = """
import resource, signal, sys
from mailaudit.cli import app
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
app()
"""
    command = [sys.executable, "-c", program, "publish", "--site", str(site.folder / "site.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "can't be written (File too large); what was there is unchanged" in done.stderr
    assert site.snapshot.read_bytes() == kept
    assert list(site.snapshot.parent.iterdir()) == [site.snapshot]


def test_a_reader_never_sees_half_a_snapshot(tmp_path: Path) -> None:
    """Two snapshots take turns, written by another process, while this one reads whatever is there."""
    program = f"""
from datetime import UTC, datetime
from pathlib import Path
from mailaudit.publish.file import replace
from mailpolicy.directory import Mailbox
from mailpolicy.snapshot.encode import encode
def snapshot(count):
    return encode([Mailbox(f"a{{n}}@example.org") for n in range(count)], [], datetime.now(UTC))
turns = [snapshot(500), snapshot(3000)] * 30
for data in turns:
    replace(Path({str(tmp_path / "directory")!r}), data)
"""
    file.replace(tmp_path / "directory", _snapshot_of(500))
    seen = set()
    with subprocess.Popen([sys.executable, "-c", program]) as writer:
        while writer.poll() is None:
            seen.add(Snapshot.open(tmp_path / "directory").count)
    assert writer.returncode == 0
    assert seen == {500, 3000}


def _snapshot_of(count: int) -> bytes:
    return encode([Mailbox(f"a{number}@example.org") for number in range(count)], [], datetime.now(UTC))
