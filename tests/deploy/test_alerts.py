# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy/prometheus: valid, tested rule by rule, and each alert with a page that says what to do."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

import mailaudit.cli
import mailgate.cli
import mailpolicy.cli
from bed.prometheus import faster
from cli_names import arguments_and_options

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RULES = (FOLDER / "postwarden.rules.yml").read_text("utf-8")
TESTS = sorted((FOLDER / "tests").glob("*.yml"))
PAGE = (ROOT / "docs" / "alerts.md").read_text("utf-8")
RUNBOOKS = {file.stem: file.read_text("utf-8") for file in (ROOT / "docs" / "runbooks").glob("*.md")}
ALERTS = re.findall(r"- alert: (\w+)", RULES)
SEVERITY = dict(re.findall(r"- alert: (\w+).*?severity: (\w+)", RULES, re.DOTALL))
PROGRAMS = {"mailaudit": mailaudit.cli.app, "mailgate": mailgate.cli.app, "mailpolicy": mailpolicy.cli.app}
METRICS = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "metrics.md").read_text("utf-8"), re.MULTILINE))


def promtool(*arguments: object) -> str:
    done = subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_promtool_finds_nothing_wrong_with_the_rules_and_the_configuration(
    prometheus: None, tmp_path: Path
) -> None:
    assert f"{len(ALERTS)} rules found" in promtool("check", "rules", FOLDER / "postwarden.rules.yml")
    assert "SUCCESS" in promtool("check", "config", FOLDER / "prometheus.yml")
    (tmp_path / "fast.yml").write_text(faster(RULES, 60))
    assert f"{len(ALERTS)} rules found" in promtool("check", "rules", tmp_path / "fast.yml")


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_the_rules_tests_hold(prometheus: None, file: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", file)


def test_the_rules_tests_can_fail(prometheus: None, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "tests", tmp_path / "tests")
    (tmp_path / "postwarden.rules.yml").write_text(RULES.replace("[10m]) > 3\n", "[10m]) > 300\n"))
    command = ["promtool", "test", "rules", str(tmp_path / "tests" / "mailgate.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MailgateWorkersDying" in done.stdout + done.stderr


def test_every_alert_fires_in_a_rules_test() -> None:
    fired = re.findall(r'alertname="(\w+)", alertstate="firing"', "".join(file.read_text() for file in TESTS))
    assert set(fired) == set(ALERTS)


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    assert sorted(RUNBOOKS) == sorted(ALERTS)
    named = dict(re.findall(r"- alert: (\w+).*?runbook: (\S+)", RULES, re.DOTALL))
    assert named == {name: f"docs/runbooks/{name}.md" for name in ALERTS}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_says_what_it_means_what_to_look_at_and_what_to_do(name: str) -> None:
    assert RUNBOOKS[name].startswith(f"# {name}\n")
    headings = re.findall(r"^## (.*)$", RUNBOOKS[name], re.MULTILINE)
    assert headings == ["What it means", "What to look at", "What to do"]


COMMANDS = [
    (name, command.strip())
    for name, page in sorted(RUNBOOKS.items())
    for line in re.findall(r"^# (.*)$", page.partition("\n")[2], re.MULTILINE)
    for command in re.split(r"[|;]|&&", line)
    if command.split()[0] in PROGRAMS
]


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[f"{n}: {c}" for n, c in COMMANDS])
def test_a_pages_commands_are_those_of_the_programs(name: str, command: str) -> None:
    program, *words = shlex.split(command)
    here = typer.main.get_command(PROGRAMS[program])
    known = {option for parameter in here.params for option in parameter.opts} | {"--help"}
    while words and (inner := getattr(here, "commands", {})):
        word = words.pop(0)
        if word.startswith("-"):
            assert word in known
            words.pop(0)  # its value
        else:
            here = inner[word]
            known = arguments_and_options(here) | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_list_of_alerts_is_complete() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(runbooks/(\w+)\.md\) \| (\w+) \|", PAGE, re.MULTILINE)
    assert [(name, page) for name, page, _ in rows] == [(name, name) for name in ALERTS]
    assert {name: severity for name, _, severity in rows} == SEVERITY


def test_the_rules_use_no_metric_that_is_not_documented() -> None:
    used = set(re.findall(r"\b(mail(?:gate|audit)_\w+)", RULES))
    assert {name.removesuffix("_bucket") for name in used} <= METRICS
    documented = set(re.findall(r"\b(mail(?:gate|audit)_\w+)", "".join(RUNBOOKS.values())))
    assert documented <= METRICS


def test_the_example_configuration_has_the_jobs_that_the_rules_name() -> None:
    config = (FOLDER / "prometheus.yml").read_text("utf-8")
    assert set(re.findall(r'job="(\w+)"', RULES)) == set(re.findall(r"job_name: (\w+)", config))
