# SPDX-License-Identifier: GPL-3.0-or-later
"""The table regulation x duty: nothing that can be kept at the door is without a rule or a written reason."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from mailpolicy.cli import app
from mailpolicy.dutytable import duty_table, reasons
from mailpolicy.implemented import BY_MAILAUDIT
from mailpolicy.lifecycle import CLOCKS
from mailpolicy.parameters import ROWS
from mailpolicy.regulation import How, load, load_all
from mailpolicy.rules import CODES

# The list of duties marks these rows E: kept at the door. Transcribed from it: row, code, and the regulations
# whose texts hold the duty.
AT_THE_DOOR = [
    (1, "attachment-cap", "HCM ST MR"),
    (3, "subject-required", "MR"),
    (4, "auto-forward", "ST"),
    (5, "spam-report", "HCM TS CT ST MR"),
    (6, "sender-domain", "HCM TS CT ST MR"),
    (7, "provisioning-desk", "HCM TS CT ST MR"),
    (8, "online-registration", "HCM ST"),
    (9, "state-secrets", "HCM TS CT ST MR"),
    (10, "unicode", "HCM TS CT ST"),
    (17, "address-format", "HCM TS CT ST MR"),
    (18, "display-name", "CT"),
    (19, "mailing-list", "CT"),
    (21, "digital-signature", "CT ST MR"),
    (22, "violations", "HCM TS CT ST MR"),
    (31, "spam-spreading", "HCM TS CT ST MR"),
]
CELLS = [(row, code, short) for row, code, shorts in AT_THE_DOOR for short in shorts.split()]
ROWS_BY_CODE = {row.code: row for row in duty_table(load_all())}


@pytest.mark.parametrize(("row", "code", "short"), CELLS)
def test_a_duty_kept_at_the_door_has_a_rule_or_a_written_reason(row: int, code: str, short: str) -> None:
    assert ROWS_BY_CODE[code].number == row
    cell = ROWS_BY_CODE[code].cells[load(short).name]
    assert cell is not None
    assert cell.exists.get(How.ENFORCE, False) != bool(cell.not_enforced)


def test_there_is_a_rule_for_every_duty_kept_at_the_door() -> None:
    assert {code for _, code, _ in AT_THE_DOOR} <= CODES


@pytest.mark.parametrize("regulation", load_all(), ids=lambda one: one.short)
def test_reasons_stand_exactly_where_a_rule_there_is_enforces_nothing(regulation: Any) -> None:
    enforced_somewhere = {duty.code for one in load_all() for duty in one.duties if How.ENFORCE in duty.how}
    wanted = {
        duty.code
        for duty in regulation.duties
        if duty.code in enforced_somewhere and How.ENFORCE not in duty.how
    }
    assert {code for code, by_name in reasons().items() if regulation.name in by_name} == wanted


def test_every_reason_is_of_a_duty_and_a_regulation_and_is_a_sentence() -> None:
    names = {one.name for one in load_all()}
    for code, by_name in reasons().items():
        assert code in ROWS
        assert by_name.keys() <= names
        assert all(text.endswith(".") and len(text) > 40 for text in by_name.values())


def _print(*args: str) -> str:
    done = CliRunner().invoke(app, ["table", *args])
    assert done.exit_code == 0
    return str(done.stdout)


def test_the_table_prints_every_duty_and_every_reason() -> None:
    lines = _print().splitlines()
    printed = [line.split()[1] for line in lines if line[:1].isdigit()]
    assert printed == list(ROWS)
    (cap,) = [line for line in lines if " attachment-cap " in line]
    assert cap.split() == ["1", "attachment-cap", "-", "4.2", "E+", "4.4", "E+", "7", "E+", "-"]
    for code, by_name in reasons().items():
        for name, text in by_name.items():
            one = load(name)
            duty = one.duty(code)
            assert duty is not None
            assert f"  {code}, {one.short} {duty.article}: {text}" in lines


def test_the_table_as_json_is_computed_from_rules_and_clocks() -> None:
    rows = json.loads(_print("--json"))
    assert [(row["row"], row["code"]) for row in rows] == [(number, code) for code, number in ROWS.items()]
    for row in rows:
        assert row["regulations"].keys() == {one.name for one in load_all()}
        for name, cell in row["regulations"].items():
            duty = load(name).duty(row["code"])
            assert (cell is None) == (duty is None)
            if cell and duty:
                assert cell["article"] == duty.article
                assert cell["how"] == list(cell["exists"]) == list(duty.how)
                assert cell["exists"].get("enforce", row["code"] in CODES) == (row["code"] in CODES)
                swept = row["code"] in CLOCKS or row["code"] in BY_MAILAUDIT[How.SWEEP]
                assert cell["exists"].get("sweep", swept) == swept
                assert bool(cell["not_enforced"]) == (name in reasons().get(row["code"], {}))
