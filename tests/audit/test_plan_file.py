# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan's file: complete, the same plan again when read, and nobody changes it unseen."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.sweepoffice import TODAY, SweepOffice, address
from mailaudit.sweep.planfile import read
from mailpolicy.clocks.step import StepKind
from mailpolicy.files.problems import BadFile, UnreadableFile

Values = dict[str, Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SweepOffice:
    """An office with a plan; the tests write theirs beside it."""
    office = SweepOffice(tmp_path_factory.mktemp("plan"))
    office.plan()
    return office


@pytest.fixture
def changed(office: SweepOffice, tmp_path: Path) -> Callable[[Callable[[Values], object]], Path]:
    """The plan's file as somebody changed it."""

    def change(how: Callable[[Values], object]) -> Path:
        values = office.planned()
        how(values)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
        return path

    return change


def test_every_step_says_all_that_a_person_must_know(office: SweepOffice) -> None:
    [step] = [one for one in office.planned()["steps"] if one["mailbox"] == address("canbo1")]
    assert (step["unit"], step["step"], step["article"], step["duty"]) == (
        "Phòng A",
        "lock",
        "8.1",
        "inactivity",
    )
    assert step["last_activity"]["evidence"]["line"].count("user=<canbo1@example.org>") == 1
    assert step["last_activity"]["evidence"]["file"].endswith("mail.log")
    assert step["next_step"] == "reclaim"
    assert step["next_on"] > str(TODAY)
    assert "reclaim on" in step["next"]


def test_the_file_is_text_that_a_person_can_read_and_only_its_owner(office: SweepOffice) -> None:
    text = office.plan_path.read_text("utf-8")
    assert '\n      "unit": "Phòng A",\n' in text
    assert office.plan_path.stat().st_mode & 0o777 == 0o600


def test_read_again_it_is_the_same_plan(office: SweepOffice) -> None:
    plan = read(office.plan_path)
    assert (plan.store, plan.as_of, plan.mailboxes, plan.planned) == (office.store.identity(), TODAY, 11, 3)
    assert plan.regulation == "hcm-tnmt-2018-draft"
    assert plan.steps == office.planned()["steps"]
    assert plan.keys(StepKind.LOCK) == {step["key"]: step for step in plan.steps}


def test_shown_it_looks_as_when_it_was_made(office: SweepOffice) -> None:
    made = office.run("sweep", "plan", "--site", str(office.site))
    shown = office.run("sweep", "show", str(office.plan_path))
    assert (shown.exit_code, shown.stdout) == (0, made.stdout)


def test_steps_may_be_taken_out(changed: Callable[..., Path], office: SweepOffice) -> None:
    path = changed(lambda values: values["steps"].pop(0))
    assert len(read(path).steps) == 2
    assert "1 of 3 steps were taken out of the file." in office.run("sweep", "show", str(path)).stdout


def test_the_order_of_keys_and_the_form_of_the_text_play_no_part(changed: Callable[..., Path]) -> None:
    """As jq and editors leave it."""
    path = changed(lambda values: values["steps"].reverse())
    values = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(values, sort_keys=True), "utf-8")
    assert len(read(path).steps) == 3


CHANGES: dict[str, Callable[[Values], object]] = {
    "another mailbox": lambda values: values["steps"][0].update(mailbox="canbo9@example.org"),
    "another step": lambda values: values["steps"][0].update(step="reclaim"),
    "a step more": lambda values: values["steps"].append(
        copy.deepcopy(values["steps"][0]) | {"mailbox": "canbo9@example.org"}
    ),
    "a step twice": lambda values: values["steps"].append(copy.deepcopy(values["steps"][0])),
    "a step without its check": lambda values: values["steps"][0].pop("check"),
    "no step but a word": lambda values: values["steps"].append("canbo9@example.org"),
    "another day": lambda values: values.update(as_of="2030-01-01"),
    "another store": lambda values: values.update(store="x"),
    "more mailboxes": lambda values: values.update(mailboxes=100_000),
    "no steps at all": lambda values: values.pop("steps"),
    "another name": lambda values: values.update(plan="x"),
}


@pytest.mark.parametrize("how", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_or_added_is_seen(
    changed: Callable[..., Path], how: Callable[[Values], object]
) -> None:
    with pytest.raises(BadFile, match="plan again"):
        read(changed(how))


def test_every_changed_step_is_named_in_one_go(changed: Callable[..., Path]) -> None:
    def two(values: Values) -> None:
        for step in values["steps"][:2]:
            step["article"] = "9.9"

    with pytest.raises(BadFile) as raised:
        read(changed(two))
    lines = str(raised.value).splitlines()
    assert len(lines) == 2
    assert "steps[1] (canbo1@example.org, lock): was changed or added" in lines[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1, column 2: not JSON"),
        ("[]", "not an object"),
        ('{"format": "x"}', "format: 'x'; expected 'postwarden-sweep-plan-1'"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_what_is_no_plan_is_told_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadFile) as raised:
        read(path)
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="can't be read"):
        read(tmp_path / "none.json")


def test_a_plan_that_cannot_be_written_leaves_what_was_there(office: SweepOffice, tmp_path: Path) -> None:
    done = office.run(
        "sweep", "plan", "--site", str(office.site), "--out", str(tmp_path / "none" / "plan.json")
    )
    assert done.exit_code == 2
    assert "can't be written" in done.stderr


def test_planning_changes_nothing_in_the_store(office: SweepOffice) -> None:
    before = (office.home / "store.sqlite").read_bytes()
    office.run("sweep", "plan", "--site", str(office.site))
    assert (office.home / "store.sqlite").read_bytes() == before
    assert office.events() == {}


@pytest.mark.parametrize("options", [[], ["--regulation", "HCM"], ["--site", "x", "--regulation", "HCM"]])
def test_what_a_plan_is_made_from_is_said_one_way(office: SweepOffice, options: list[str]) -> None:
    done = office.run("sweep", "plan", *options)
    assert (done.exit_code, "--site, or --regulation" in done.output) == (2, True)
