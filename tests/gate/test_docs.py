# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/mailgate.md and docs/metrics.md against the program, both ways."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from cli_names import arguments_and_options
from gate.offices import letter, office, outcome
from mailgate.cli import app
from mailgate.config import GateSettings
from mailgate.examples import Expectation
from mailgate.record import fields
from mailpolicy import malformed
from mailpolicy.rules import CODES
from mailpolicy.verdict import Action

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mailgate.md").read_text("utf-8")
METRICS = (ROOT / "docs" / "metrics.md").read_text("utf-8")
GROUP = typer.main.get_command(app)
COMMANDS = GROUP.commands  # type: ignore[attr-defined]
ROW = re.compile(r"^\| `([^`]+)` \|", flags=re.MULTILINE)
# Printed by a process of its own: the library's choice of how to keep values is made once for a process.
SERVED = """
import sys
from pathlib import Path
from prometheus_client import generate_latest
from mailgate.metrics import Metrics, registry
metrics = Metrics(Path(sys.argv[1]))
metrics.workers.set(2)
print(generate_latest(registry(Path(sys.argv[1]))).decode())
"""


def section(heading: str) -> str:
    depth = re.match("#+", heading)
    assert depth
    below = PAGE.partition(f"\n{heading}\n")[2]
    assert below, heading
    return re.split(rf"\n#{{2,{len(depth[0])}}} ", below)[0]


def test_the_page_has_a_section_for_every_command_and_no_other() -> None:
    assert re.findall(r"^## mailgate (\S+)$", PAGE, flags=re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_section_names_every_argument_and_option_and_no_other(command: str) -> None:
    there = arguments_and_options(COMMANDS[command])
    options = section(f"## mailgate {command}").partition("\n### ")[0]
    assert set(ROW.findall(options)) | {"--help"} == there | {"--help"}


def test_the_page_names_every_setting_and_its_default() -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", section("### Settings"), flags=re.MULTILINE))
    assert documented.keys() == GateSettings.model_fields.keys()
    for name, field in GateSettings.model_fields.items():
        default = field.default
        default = default.model_dump(exclude_unset=True) if isinstance(default, BaseModel) else default
        assert tomllib.loads(f"value = {documented[name]}")["value"] == default


def test_the_page_names_every_key_of_an_example() -> None:
    keys = [field.alias or name for name, field in Expectation.model_fields.items()]
    assert ROW.findall(section("### What is expected of an example")) == keys


def test_the_page_names_every_action() -> None:
    assert ROW.findall(section("### What becomes of a message")) == [
        action.value for action in reversed(Action)
    ]


def test_the_page_names_every_key_of_a_verdict_line() -> None:
    told = outcome(office(), letter())
    assert ROW.findall(section("## The log")) == ["timestamp", "event", *fields(told), "seconds"]


@pytest.fixture(scope="module")
def at_the_start(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The metrics of a gate that has judged nothing yet."""
    command = [sys.executable, "-c", SERVED, str(tmp_path_factory.mktemp("metrics"))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("code", [*sorted(CODES), malformed.CODE])
@pytest.mark.parametrize("mode", ["observe", "enforce"])
@pytest.mark.parametrize("action", Action)
def test_findings_are_counted_from_zero(code: str, mode: str, action: str, at_the_start: str) -> None:
    counter = f'mailgate_findings_total{{action="{action}",duty="{code}",mode="{mode}"}}'
    assert f"{counter} 0.0\n" in at_the_start


def test_the_metrics_page_names_every_metric_with_its_kind_and_labels(at_the_start: str) -> None:
    served = set()
    for family in text_string_to_metric_families(at_the_start):
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = frozenset[str]().union(*(sample.labels for sample in family.samples))
        served.add((name, family.type, labels))
    documented = {
        (name, kind, frozenset(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in re.findall(
            r"^\| `(\w+)` \| (\w+) \| ([^|]*)\|", METRICS, flags=re.MULTILINE
        )
        if name.startswith("mailgate_")
    }
    assert documented == served
