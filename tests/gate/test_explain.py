# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate explain`: every code that a refusal may carry is explained, in both languages."""

import json

import pytest
from typer.testing import CliRunner, Result

from gate.offices import REGULATIONS
from mailgate import reply
from mailgate.cli import app
from mailgate.effects import Reply
from mailpolicy.regulation import load
from mailpolicy.rules import CODES


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


@pytest.mark.parametrize("name", REGULATIONS)
def test_the_code_of_every_refusal_is_explained(name: str) -> None:
    regulation = load(name)
    for duty in regulation.duties:
        if duty.code not in CODES:
            continue
        tag = reply.refusal(duty, regulation).lines[0].partition("]")[0] + "]"
        told = json.loads(explain("--json", tag).stdout)
        assert told["code"] == tag.strip("[]")
        assert (told["article"], told["sentence"]) == (duty.article, duty.sentence)
        assert told["help_en"]
        assert told["help_vi"]


@pytest.mark.parametrize("refusal", [reply.malformed(), reply.temporary()])
def test_so_is_what_no_regulation_speaks_of(refusal: Reply) -> None:
    told = explain(refusal.lines[0].partition("]")[0])
    assert told.exit_code == 0
    assert len(told.stdout.splitlines()) == 5


def test_a_person_reads_duty_article_help_and_the_law_itself() -> None:
    told = explain("PW-ST-attachment-cap").stdout
    assert told.startswith("PW-ST-attachment-cap: attachment-cap, article 7, Soc Trang e-mail regulation")
    for part in (
        "When enforced: reject.",
        "What the sender can do: ",
        "Người gửi có thể làm gì: ",
        "Điều 7, ",
        "552",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("attachment-cap", "expected one as in PW-ST-attachment-cap"),
        ("PW-attachment-cap", "names no regulation; expected PW-REGULATION-attachment-cap"),
        ("PW-XX-attachment-cap", "XX"),
        ("PW-ST-subject-required", 'refuses nothing by "subject-required"; expected'),
        ("", "is no code"),
    ],
)
def test_a_code_that_means_nothing_is_2(code: str, told: str) -> None:
    result = explain(code)
    assert result.exit_code == 2
    assert told in result.stderr
