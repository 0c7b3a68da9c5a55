# SPDX-License-Identifier: GPL-3.0-or-later
"""Every duty of every regulation on a real Postfix, all enforced: what breaks it, and a twin that passes."""

from collections.abc import Iterator

import pytest

from e2e.matrixcases import CASES, Post
from e2e.matrixoffice import Office
from mailpolicy.rules import RULES
from mailpolicy.verdict import Action

pytestmark = pytest.mark.e2e

SHORTS = ("HCM", "TS", "CT", "ST", "MR")
CELLS = [(short, code) for short in SHORTS for code in Office(short).enforced]
ACTIONS = {rule.code: rule.action for rule in RULES}


@pytest.fixture(scope="module")
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    with Office(request.param).running() as running:
        yield running


matrix = pytest.mark.parametrize(("office", "code"), CELLS, indirect=["office"], scope="module")


@matrix
def test_what_breaks_the_duty_gets_what_the_article_says(office: Office, code: str) -> None:
    post = CASES[code](office).broken
    match ACTIONS[code]:
        case Action.REJECT:
            _refused(office, code, post)
        case Action.QUARANTINE:
            _held(office, code, post)
        case Action.ANNOTATE:
            _delivered(office, post)
            assert _marks(office, post) == {f"{code}; {office.short} {_article(office, code)}"}
        case _:
            _delivered(office, post)
            assert not any(office.has(one, post.message_id) for one in post.misses)


@matrix
def test_the_twin_passes_untouched(office: Office, code: str) -> None:
    post = CASES[code](office).twin
    _delivered(office, post)
    assert _marks(office, post) == set()


def test_every_duty_that_can_be_enforced_has_its_pair_of_mails() -> None:
    assert CASES.keys() == {code for _, code in CELLS}


def _refused(office: Office, code: str, post: Post) -> None:
    sent = post.send(office)
    assert sent.answer.stage == "message"
    assert 500 <= sent.answer.code < 600
    assert sent.answer.text.count(f"[PW-{office.short}-{code}]") == 2  # in Vietnamese and in English
    office.bed.settle()
    assert not any(office.has(one, post.message_id) for one in post.to)


def _held(office: Office, code: str, post: Post) -> None:
    sent = post.send(office)
    assert sent.accepted
    assert sent.queue_id in [held["queue_id"] for held in office.bed.held()]
    found = [finding["code"] for finding in office.gate.verdicts()[-1]["findings"]]
    assert code in found
    assert not any(office.has(one, post.message_id) for one in post.to)


def _delivered(office: Office, post: Post) -> None:
    sent = post.send(office)
    assert sent.accepted, sent.answer
    office.bed.settle()
    missing = [one for one in post.reaches or post.to if not office.has(one, post.message_id)]
    assert missing == []


def _marks(office: Office, post: Post) -> set[str]:
    return {mark for one in post.reaches or post.to for mark in office.marks(one, post.message_id)}


def _article(office: Office, code: str) -> str:
    duty = office.regulation.duty(code)
    assert duty is not None
    return duty.article
