# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate replay`: each message of an archive is judged once, counted by duty, and compared."""

import json
import mailbox
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gate.offices import CANBO1, CITIZEN, DESK, VANTHU
from mailgate.cli import app
from mailgate.replay.archive import NoMailError, files, messages

ORDINARY = f"From: Dân <{CITIZEN}>\nTo: {VANTHU}\nSubject: Hỏi\n\nKính gửi\nFrom here on it is text\n"
FALSE = (
    f"Received: from evil.example.org (x [192.0.2.7]) by mx (Postfix) with ESMTP id 4 for <{CANBO1}>; x\n"
    f"From: {VANTHU}\nTo: {CANBO1}\nSubject: Gấp\n\nXem ngay\n"
)
REPORT = f"From: {CITIZEN}\nTo: {DESK}\nSubject: Thư lạ\n\nXem\n"


def replay(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, arguments)])


def replayed(*arguments: str | Path) -> dict[str, Any]:
    result = replay("--json", *arguments)
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A maildir with a folder below it, an mbox and single messages: 3 ordinary ones, 3 false, 1 report."""
    folder = tmp_path / "archive"
    folder.mkdir()
    maildir = mailbox.Maildir(folder / "canbo1")
    maildir.add(ORDINARY.encode())
    maildir.add(FALSE.encode())
    maildir.add_folder("Sent").add(FALSE.encode())
    (folder / "canbo1" / "dovecot.index.log").write_bytes(b"\1\2\3")
    box = mailbox.mbox(folder / "old.mbox")
    for text in (ORDINARY, FALSE, ORDINARY):
        box.add(text.encode())
    box.close()
    (folder / "one.eml").write_text(REPORT)
    return folder


@pytest.fixture
def sites(tmp_path: Path) -> tuple[Path, Path]:
    careful, strict = tmp_path / "careful.toml", tmp_path / "strict.toml"
    careful.write_text('regulation = "soctrang"\n')
    strict.write_text('regulation = "soctrang"\n[duties.sender-domain]\nmode = "enforce"\n')
    return careful, strict


def test_each_message_is_judged_once_and_hits_are_counted_by_duty(
    archive: Path, sites: tuple[Path, Path]
) -> None:
    (site,) = replayed("--site", sites[0], archive)["sites"]
    assert site["messages"] == 7
    assert site["actions"] == {"accept": 7}  # all is observed
    duties = {duty["code"]: duty for duty in site["duties"]}
    false = duties["sender-domain"]
    assert (false["messages"], false["mode"], false["actions"]) == (3, "observe", {"reject": 3})
    assert false["share"] == pytest.approx(3 / 7, abs=1e-6)
    assert false["senders"] == {VANTHU: 3}
    assert duties["spam-report"]["messages"] == 1


def test_examples_say_where_the_message_is(archive: Path, sites: tuple[Path, Path]) -> None:
    (site,) = replayed("--site", sites[0], archive)["sites"]
    (false,) = [duty for duty in site["duties"] if duty["code"] == "sender-domain"]
    places = [example["place"] for example in false["examples"]]
    assert all(place.startswith(str(archive)) for place in places)
    assert any("old.mbox, byte " in place for place in places)
    assert all(example["detail"].startswith("a stranger ") for example in false["examples"])


def test_two_site_files_are_compared_message_by_message(archive: Path, sites: tuple[Path, Path]) -> None:
    document = replayed("--site", sites[0], "--compare", sites[1], archive)
    first, second = document["sites"]
    assert (first["actions"], second["actions"]) == ({"accept": 7}, {"accept": 4, "reject": 3})
    (change,) = document["changes"]
    assert (change["before"], change["after"], change["messages"]) == ("accept", "reject (sender-domain)", 3)


def test_one_line_counts_what_proof_might_have_averted(archive: Path, sites: tuple[Path, Path]) -> None:
    [site] = replayed("--site", sites[0], archive)["sites"]
    assert site["unproved"] == 3
    lines = replay("--site", sites[0], archive).stdout.splitlines()
    assert [line for line in lines if "DKIM" in line] == [
        "sender-domain, 3 messages: proof by DKIM is not sought in saved mail; "
        "at the door a valid signature of the domain averts this"
    ]
    one = archive / "one.eml"
    assert "DKIM" not in replay("--site", sites[0], one).stdout


def test_two_runs_print_the_same(archive: Path, sites: tuple[Path, Path]) -> None:
    assert replay("--site", sites[1], archive).stdout == replay("--site", sites[1], archive).stdout


def test_what_holds_no_mail_is_named_and_not_counted(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "empty").touch()
    document = replayed("--regulation", "soctrang", tmp_path)
    assert document["sites"][0]["messages"] == 0
    assert document["not_mail"]["files"] == 2
    assert "empty: is empty" in document["not_mail"]["first"][0]


def test_an_archive_that_is_not_there_is_2(tmp_path: Path) -> None:
    result = replay("--regulation", "soctrang", tmp_path / "none")
    assert result.exit_code == 2
    assert "none: there is no such file or folder" in result.stderr


def test_a_file_that_cannot_be_read_is_2_and_the_others_are_judged(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(ORDINARY)
    (tmp_path / "loop.eml").symlink_to(tmp_path / "loop.eml")
    result = replay("--regulation", "soctrang", tmp_path)
    assert result.exit_code == 2
    assert "soctrang: 1 messages: 1 accept" in result.stdout
    assert "1 files could not be read:" in result.stdout


def test_an_mbox_is_cut_where_a_message_begins_and_nowhere_else(archive: Path) -> None:
    found = list(messages(archive / "old.mbox"))
    assert len(found) == 3
    assert sum(stored.size for stored in found) == (archive / "old.mbox").stat().st_size
    assert all(b"".join(stored.pieces()).startswith(b"From ") for stored in found)


def test_an_mbox_with_crlf_is_cut_too(tmp_path: Path) -> None:
    file = tmp_path / "dos.mbox"
    one = b"From a@example.org Mon Nov  2 08:00:00 2026\r\nSubject: x\r\n\r\ntext\r\n\r\n"
    file.write_bytes(one * 3)
    assert [stored.offset for stored in messages(file)] == [0, len(one), 2 * len(one)]


def test_of_a_maildir_only_messages_count(archive: Path) -> None:
    assert not [path for path in files([archive]) if "dovecot" in path.name]


def test_a_file_that_begins_like_no_message_is_none(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"\0" * 100_000)
    with pytest.raises(NoMailError, match="does not begin like a message"):
        list(messages(file))
