# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's log: whole lines of valid JSON, whatever strangers write and whatever becomes of the file."""

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.offices import CANBO1, INSIDE, OUTSIDE, PRIVATE, VANTHU, forwarded, letter, office, outcome
from mailgate.linefile import LineFile
from mailgate.record import RECIPIENTS, Record, fields, printable

POLICY = office()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def no_failure(error: OSError) -> None:
    raise AssertionError(error)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "verdicts.log"


def test_a_verdict_line_tells_all_that_the_audit_needs(log: Path) -> None:
    Record(LineFile(str(log), no_failure)).verdict(outcome(POLICY, forwarded(), INSIDE), 0.00123456)
    (line,) = lines(log)
    assert list(line)[:2] == ["timestamp", "event"]
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "verdict",
        "queue_id": "4QTest0001",
        "message_id": "<1@example.org>",
        "sender": "nguoidan@example.org",
        "recipients": [PRIVATE],
        "recipient_count": 1,
        "login": "",
        "client": "127.0.0.1",
        "origin": "trusted",
        "direction": "outbound",
        "size": line["size"],
        "action": "redirect",
        "withheld": False,
        "reply": None,
        "malformed": [],
        "signatures": [],
        "findings": [
            {
                "code": "auto-forward",
                "article": "9.3",
                "mode": "enforce",
                "action": "redirect",
                "certainty": "certain",
                "detail": f"automatic forward of {VANTHU} to a public mail provider",
                "evidence": line["findings"][0]["evidence"],
            }
        ],
        "seconds": 0.001235,
    }
    assert line["size"] > 0


def test_a_refusals_line_holds_the_whole_reply() -> None:
    said = fields(outcome(POLICY, letter(sender=VANTHU, to=[CANBO1]), OUTSIDE))
    first, second = said["reply"].splitlines()
    assert first.startswith("550-5.7.1 [PW-ST-sender-domain]")
    assert second.startswith("550 5.7.1 [PW-ST-sender-domain]")


def test_an_alarm_line_names_code_and_error(log: Path) -> None:
    Record(LineFile(str(log), no_failure)).alarm("attachment-cap", "ValueError at x.py:1", "4Q1")
    (line,) = lines(log)
    assert {key: line[key] for key in ("event", "queue_id", "code", "error")} == {
        "event": "alarm",
        "queue_id": "4Q1",
        "code": "attachment-cap",
        "error": "ValueError at x.py:1",
    }


hostile = st.text(st.characters(codec=None), max_size=2000)  # lone surrogates and controls included


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sender=hostile, recipient=hostile, login=hostile, subject=st.binary(max_size=3000))
def test_hostile_input_gives_one_line_of_valid_json(
    log: Path, sender: str, recipient: str, login: str, subject: bytes
) -> None:
    log.unlink(missing_ok=True)
    mail = replace(
        letter(), sender=sender, recipients=[recipient] * 3, login=login,
        fields=[(b"From", subject), (b"Message-ID", subject), (b"Subject", subject)],
    )  # fmt: skip
    Record(LineFile(str(log), no_failure)).verdict(outcome(POLICY, mail), 0.0)
    (line,) = lines(log)
    json.dumps(line, ensure_ascii=False).encode("utf-8")  # no lone surrogate came through
    assert all(text.isprintable() for text in (line["sender"], line["login"], line["message_id"]))


def test_long_lists_are_cut_and_counted() -> None:
    said = fields(outcome(POLICY, letter(to=[f"a{number}@example.org" for number in range(200)])))
    assert (len(said["recipients"]), said["recipient_count"]) == (RECIPIENTS, 200)


def test_what_cannot_be_printed_is_a_question_mark() -> None:
    assert printable("a\nb\x1b[31m\u2028\udcffc") == "a?b?[31m??c"
    assert printable("Nguyễn Văn A") == "Nguyễn Văn A"
    assert printable("x" * 1000) == "x" * 500


def test_a_file_that_was_renamed_is_opened_anew(log: Path) -> None:
    record = Record(LineFile(str(log), no_failure))
    record.alarm("a", "before")
    log.rename(log.with_suffix(".1"))
    record.alarm("a", "after")
    assert [line["error"] for line in lines(log.with_suffix(".1"))] == ["before"]
    assert [line["error"] for line in lines(log)] == ["after"]


def test_a_file_that_was_copied_and_emptied_goes_on_at_its_start(log: Path) -> None:
    record = Record(LineFile(str(log), no_failure))
    record.alarm("a", "before")
    os.truncate(log, 0)
    record.alarm("a", "after")
    assert [line["error"] for line in lines(log)] == ["after"]


def test_a_line_that_cannot_be_written_goes_to_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    failures: list[OSError] = []
    record = Record(LineFile(str(folder / "verdicts.log"), failures.append))
    (folder / "verdicts.log").unlink()
    folder.rmdir()
    record.alarm("a", "nowhere to write")
    assert len(failures) == 1
    assert json.loads(capfd.readouterr().err)["error"] == "nowhere to write"


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk: writes stop short at this size. Python ignores the SIGXFSZ that comes with it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_after_half_a_line_on_a_full_disk_the_next_line_is_whole(
    log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    failures: list[OSError] = []
    record = Record(LineFile(str(log), failures.append))
    record.alarm("a", "first")
    with no_file_longer_than(log.stat().st_size + 20):
        record.alarm("a", "second")
    record.alarm("a", "third")
    first, half, third = log.read_text().splitlines()
    assert json.loads(first)["error"] == "first"
    assert len(half) == 20
    assert json.loads(third)["error"] == "third"
    assert len(failures) == 1
    assert json.loads(capfd.readouterr().err)["error"] == "second"
