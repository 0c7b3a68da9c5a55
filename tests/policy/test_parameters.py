# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary of parameters: described, bounded, strict, and without values that contradict each other."""

from typing import Any

import pytest
from pydantic import ValidationError

from mailpolicy.files.problems import Problems
from mailpolicy.files.tables import check
from mailpolicy.parameters import PARAMETERS, Due, Parameters


def _mistakes(code: str, **values: Any) -> list[str]:
    problems = Problems("file")
    assert check(values, PARAMETERS[code], "", problems) is None
    return [f"{one.key}: {one.wrong}; expected {one.expected}" for one in problems.found]


@pytest.mark.parametrize("code", PARAMETERS)
def test_every_parameter_says_what_it_is(code: str) -> None:
    for name, field in PARAMETERS[code].model_fields.items():
        assert field.description, f"{code}.{name}"
        assert field.description.endswith("."), f"{code}.{name}"


@pytest.mark.parametrize("code", PARAMETERS)
def test_every_number_is_bounded_on_both_sides(code: str) -> None:
    for name, schema in PARAMETERS[code].model_json_schema().get("properties", {}).items():
        choices = schema.get("anyOf", [schema])
        for choice in choices:
            if choice.get("type") in {"integer", "number"}:
                assert "maximum" in choice, f"{code}.{name}"
                assert "minimum" in choice or "exclusiveMinimum" in choice, f"{code}.{name}"


@pytest.mark.parametrize("code", PARAMETERS)
def test_an_unknown_parameter_is_refused(code: str) -> None:
    assert any(line.startswith('colour: unknown name "colour"') for line in _mistakes(code, colour="red"))


def test_every_code_has_a_model_of_its_own() -> None:
    models = list(PARAMETERS.values())
    assert len(set(models)) == len(models)
    assert all(issubclass(model, Parameters) for model in models)


@pytest.mark.parametrize("value", ["3", 3.0, True, 0, -1, 121])
def test_months_are_whole_and_positive_and_not_text(value: object) -> None:
    (line,) = _mistakes("inactivity", lock_after_months=value)
    assert line.startswith("lock_after_months: ")
    assert line.endswith("expected an integer from 1 to 120")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reclaim_after_months": 6}, "a mailbox is reclaimed but never locked"),
        ({"reclaim_after_working_days": 15}, "a mailbox is reclaimed but never locked"),
        ({"lock_after_months": 6, "reclaim_after_months": 6}, "reclaim_after_months is not after the lock"),
        (
            {"lock_after_months": 3, "reclaim_after_months": 6, "reclaim_after_working_days": 15},
            "reclaimed both after months and after working days",
        ),
    ],
)
def test_the_steps_of_inactivity_must_follow_each_other(values: dict[str, object], said: str) -> None:
    (line,) = _mistakes("inactivity", **values)
    assert said in line


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"months": [2], "day": 29}, "month 2 has no day 29; expected a day every one of the months has"),
        ({"months": [6, 12], "day": 31}, "month 6 has no day 31"),
        ({"months": [6]}, "months without a day, or a day without months; expected both or neither"),
        ({"day": 5}, "months without a day, or a day without months"),
    ],
)
def test_a_report_is_due_on_days_that_exist_every_year(values: dict[str, object], said: str) -> None:
    (line,) = _mistakes(
        "usage-report", due=[{"by": "units", "period": "year"}, {"by": "units", "period": "year"} | values]
    )
    assert line.startswith("due[2]: ")
    assert said in line


def test_a_line_of_the_calendar_reads_as_one_would_say_it() -> None:
    line = Due(by="units", period="quarter", months=(3, 6, 9, 12), day=5)
    assert str(line) == "units each quarter on 5 Mar/Jun/Sep/Dec"
    assert str(Due(by="agencies", period="quarter")) == "agencies each quarter"


@pytest.mark.parametrize("pattern", ["", "{name}", "{s}{m", "Nguyen", "{given} {s}", "{given}@office"])
def test_a_name_pattern_has_only_letters_and_known_placeholders(pattern: str) -> None:
    (line,) = _mistakes("address-format", person=["{given}", pattern])
    assert line.startswith("person[2]: ")
    assert "{surname} {middle} {given}" in line


@pytest.mark.parametrize(
    "address", ["support", "@monre.gov.vn", "a@b", "a b@monre.gov.vn", "<a@monre.gov.vn>x"]
)
def test_a_mailbox_must_be_an_address(address: str) -> None:
    (line,) = _mistakes("spam-report", mailbox=address)
    assert line == f'mailbox: "{address}"; expected a mail address, as in vanthu@soctrang.gov.vn'


def test_parameters_once_read_cannot_be_changed() -> None:
    parameters = PARAMETERS["attachment-cap"].model_validate({"limit_mb": 1, "per": "file"})
    with pytest.raises(ValidationError, match="frozen"):
        parameters.limit_mb = 2  # type: ignore[attr-defined]
