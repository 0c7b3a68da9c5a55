# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/rules.md against the RULES table."""

import re
from pathlib import Path

import pytest

from mailpolicy import malformed
from mailpolicy.regulation import How, load_all
from mailpolicy.rules import RULES, Rule

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", PAGE))
SHORT_NAMES = {"HCM": "TP.HCM", "TS": "Tây Sơn", "CT": "Cần Thơ", "ST": "Sóc Trăng", "MR": "Bộ TN&MT"}


def test_the_page_has_a_section_for_every_rule_in_the_order_they_are_asked() -> None:
    assert list(SECTIONS) == [*(rule.code for rule in RULES), malformed.CODE]


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_says_what_its_rule_sees_cannot_see_and_is_fooled_by(code: str) -> None:
    for words in ("**Sees**", "**Can't see**", "an be fooled**"):
        assert words in SECTIONS[code]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_section_names_every_regulation_that_enforces_the_duty(rule: Rule) -> None:
    head = SECTIONS[rule.code].partition("**Sees**")[0]
    for one in load_all():
        duty = one.duty(rule.code)
        if duty and How.ENFORCE in duty.how and "All five" not in head:
            assert SHORT_NAMES[one.short] in head
            assert all(article in head for article in duty.articles)
