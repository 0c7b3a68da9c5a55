# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate check`: its options, what it prints, its exit status."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gate.offices import CANBO1, CITIZEN, DESK, PRIVATE, VANTHU
from gate.running import PROGRAM
from mailgate.cli import app

ST = ("--regulation", "soctrang")
PART_KEYS = {"path", "type", "filename", "filenames", "encoding", "encoded_size", "decoded_size"}
KEYS = {"file", "direction", "action", "reply", "malformed", "findings", "failures"}


def check(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["check", *arguments], input=stdin)


def judged(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in check("--json", *arguments).stdout.splitlines()]


@pytest.fixture
def ordinary(tmp_path: Path) -> str:
    file = tmp_path / "ordinary.eml"
    file.write_text(f"From: Dân <{CITIZEN}>\nTo: {VANTHU}\nCc: {CANBO1}\nSubject: Hỏi\n\nKính gửi\n")
    return str(file)


@pytest.fixture
def false(tmp_path: Path) -> str:
    file = tmp_path / "false.eml"
    file.write_text(f"From: {VANTHU}\nTo: {CANBO1}\nSubject: Gấp\n\nXem ngay\n")
    return str(file)


def test_all_accepted_is_0(ordinary: str) -> None:
    result = check(*ST, ordinary, ordinary)
    assert result.exit_code == 0
    assert result.stdout == f"{ordinary}: accept (inbound)\n" * 2


def test_one_that_is_not_accepted_is_1(ordinary: str, false: str) -> None:
    assert check(*ST, ordinary, false).exit_code == 1
    assert check(*ST, "--to", DESK, ordinary).exit_code == 1  # annotated is not "as it is"


def test_one_that_cannot_be_read_is_2_and_the_others_are_judged(ordinary: str, tmp_path: Path) -> None:
    result = check(*ST, str(tmp_path / "none.eml"), ordinary, str(tmp_path))
    assert result.exit_code == 2
    assert result.stdout == f"{ordinary}: accept (inbound)\n"
    assert f"{tmp_path}/none.eml: can't be read (No such file or directory)" in result.stderr
    assert f"{tmp_path}: can't be read (Is a directory)" in result.stderr


def test_json_is_one_object_in_a_line_for_each_message(ordinary: str, false: str) -> None:
    first, second = judged(*ST, ordinary, false)
    assert first.keys() == second.keys() == KEYS
    assert (first["file"], first["direction"], first["action"], first["reply"]) == (
        ordinary, "inbound", "accept", None,
    )  # fmt: skip
    assert (first["malformed"], first["findings"], first["failures"]) == ([], [], [])
    assert second["reply"].startswith("550-5.7.1 [PW-ST-sender-domain]")
    (finding,) = second["findings"]
    assert (finding["code"], finding["article"], finding["mode"]) == ("sender-domain", "6.1", "enforce")
    assert finding["detail"] == "a stranger sends as the official domain"
    assert finding["evidence"]["address"] == VANTHU


def test_parts_are_listed_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "parts.eml"
    file.write_bytes(
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nchao\r\n--b\r\n"
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''t%E1%BB%87p.pdf\r\n\r\nAAAA\r\n--b--\r\n"
    )
    (plain,) = judged(*ST, str(file))
    assert "parts" not in plain
    (detailed,) = judged(*ST, "--parts", str(file))
    assert all(part.keys() == PART_KEYS for part in detailed["parts"])
    pdf = detailed["parts"][-1]
    assert (pdf["type"], pdf["filename"], pdf["encoding"], pdf["decoded_size"]) == (
        "application/pdf", "tệp.pdf", "base64", 3,
    )  # fmt: skip
    assert 'application/pdf "tệp.pdf", base64' in check(*ST, "--parts", str(file)).stdout


def test_the_envelope_is_taken_from_the_header(ordinary: str) -> None:
    assert judged(*ST, ordinary)[0]["direction"] == "inbound"
    (as_vanthu,) = judged(*ST, "--login", VANTHU, ordinary)
    assert as_vanthu["findings"][0]["evidence"] == {
        "where": "MAIL FROM", "address": CITIZEN, "login": VANTHU,
    }  # fmt: skip


def test_sender_and_recipients_may_be_given(false: str) -> None:
    assert judged(*ST, "--from", CITIZEN, false)[0]["findings"][0]["evidence"]["where"] == "From"
    assert judged(*ST, "--from", "", false)[0]["findings"][0]["evidence"]["where"] == "From"
    assert judged(*ST, "--from", "<>", false)[0]["findings"][0]["evidence"]["where"] == "From"
    (report,) = judged(*ST, "--to", DESK, "--to", CANBO1, false)
    assert (report["action"], report["findings"][0]["evidence"]["others"]) == ("redirect", 1)


def test_who_hands_it_over_decides(false: str) -> None:
    assert judged(*ST, false)[0]["action"] == "reject"
    assert judged(*ST, "--client", "192.0.2.7", false)[0]["action"] == "reject"
    assert judged(*ST, "--client", "127.0.0.1", false)[0]["action"] == "accept"
    assert judged(*ST, "--client", "::1", false)[0]["action"] == "accept"
    assert judged(*ST, "--login", VANTHU, false)[0]["action"] == "accept"


def test_a_saved_forward_is_turned_back(tmp_path: Path) -> None:
    file = tmp_path / "forward.eml"
    file.write_text(f"X-Sieve-Redirected-From: {VANTHU}\nFrom: {CITIZEN}\nTo: {VANTHU}\nSubject: Hỏi\n\nx\n")
    (result,) = judged(*ST, "--client", "127.0.0.1", "--to", PRIVATE, str(file))
    assert (result["action"], result["reply"]) == ("redirect", None)


def test_a_site_file_decides_what_is_enforced(false: str, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('regulation = "ST"\n')
    (observed,) = judged("--site", str(site), false)
    assert (observed["action"], observed["findings"][0]["mode"]) == ("accept", "observe")
    site.write_text('regulation = "ST"\nduties.sender-domain.mode = "enforce"\n')
    assert judged("--site", str(site), false)[0]["action"] == "reject"


def test_standard_input_is_a_message_too() -> None:
    result = check("--json", *ST, "-", stdin=f"From: {VANTHU}\nSubject: a\n\n".encode())
    assert (json.loads(result.stdout)["file"], json.loads(result.stdout)["action"]) == ("-", "reject")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\r\n\r\n",
        b"no header at all",
        b"From:",
        b"\xff\xfe\x00",
        b"From a@b Sat\n\n",
        b":\n" * 99,
    ],
)
def test_any_bytes_are_judged(raw: bytes) -> None:
    result = check("--json", *ST, "-", stdin=raw)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["failures"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say either --site FILE or --regulation NAME"),
        ((*ST, "--site", "x.toml"), "say either --site FILE or --regulation NAME"),
        (("--regulation", "hanoi"), "hanoi"),
        ((*ST, "--client", "localhost"), '--client "localhost" is not an IP address'),
        (("--site", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_asked_is_said(ordinary: str, arguments: tuple[str, ...], said: str) -> None:
    result = check(*arguments, ordinary)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_every_mistake_of_a_site_file_is_named(ordinary: str, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        'regulation = "ST"\ncolour = 1\nduties.attachment-cap.mode = "on"\n[gate]\nworkers = "two"\n'
    )
    result = check("--site", str(site), ordinary)
    assert result.exit_code == 2
    for key in ("colour", "duties.attachment-cap.mode", "gate.workers"):
        assert f"{site}: {key}: " in result.stderr


def test_a_reply_is_printed_whole_where_no_terminal_is(false: str) -> None:
    done = subprocess.run([*PROGRAM, "check", *ST, false], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == f"{false}: reject (inbound)"
    assert lines[1].startswith("    550-5.7.1 [PW-ST-sender-domain] Dia chi nguoi gui khong dung.")
    assert lines[2].endswith("Decision 59/2024/QD-UBND)")
    assert lines[3] == "    sender-domain, article 6.1, enforce: a stranger sends as the official domain"


def test_what_proof_might_have_averted_says_that_none_was_sought(false: str, ordinary: str) -> None:
    note = "proof by DKIM is not sought in saved mail"
    assert note in check(*ST, false).stdout
    assert note not in check(*ST, ordinary).stdout
    assert note not in check(*ST, "--login", CANBO1, false).stdout


def test_names_with_brackets_and_escapes_are_printed_as_text(tmp_path: Path) -> None:
    file = tmp_path / "[red]a\x1b[31m.eml"
    file.write_text("Subject: a\n\n")
    assert check(*ST, str(file)).stdout == f"{tmp_path}/[red]a?[31m.eml: accept (inbound)\n"
