# SPDX-License-Identifier: GPL-3.0-or-later
"""How findings become one verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.verdict import Action, Failure, Finding, Judged, Mode, decide

ORDER = ["accept", "annotate", "redirect", "drop-recipients", "quarantine", "tempfail", "reject"]


def found(
    action: Action,
    mode: Mode = Mode.ENFORCE,
    *,
    shields: bool = False,
    recipients: tuple[str, ...] = ("x@gmail.com",),
) -> Judged:
    finding = Finding("code", "9.3", "seen", recipients=recipients, owner="a@soctrang.gov.vn")
    return Judged(finding, mode, action, shields)


judgements = st.builds(found, st.sampled_from(Action), st.sampled_from(Mode))


def test_actions_are_ordered_from_mild_to_strong() -> None:
    assert [str(action) for action in Action] == ORDER
    assert [action.strength for action in Action] == list(range(len(ORDER)))


@given(st.lists(judgements))
def test_the_strongest_enforced_finding_wins_and_every_finding_is_kept(judged: list[Judged]) -> None:
    verdict = decide(judged)
    enforced = [one.action for one in judged if one.mode is Mode.ENFORCE]
    assert verdict.action == max(enforced, key=lambda action: action.strength, default=Action.ACCEPT)
    assert list(verdict.judged) == judged


@given(st.lists(judgements))
def test_the_order_of_the_findings_does_not_change_the_action(judged: list[Judged]) -> None:
    assert decide(judged).action == decide(judged[::-1]).action


def test_an_observed_finding_changes_nothing() -> None:
    verdict = decide([found(Action.REJECT, Mode.OBSERVE), found(Action.REDIRECT, Mode.OBSERVE)])
    assert (verdict.action, verdict.remove, verdict.add, verdict.deciding) == (Action.ACCEPT, (), (), None)


def test_a_redirect_replaces_the_recipients_by_the_owner() -> None:
    verdict = decide([found(Action.REDIRECT), found(Action.REDIRECT)])
    assert (verdict.remove, verdict.add) == (("x@gmail.com",), ("a@soctrang.gov.vn",))


def test_dropping_recipients_adds_nobody() -> None:
    verdict = decide([found(Action.DROP_RECIPIENTS)])
    assert (verdict.action, verdict.remove, verdict.add) == (Action.DROP_RECIPIENTS, ("x@gmail.com",), ())


def test_redirecting_nobody_is_annotating() -> None:
    assert decide([found(Action.REDIRECT, recipients=())]).action is Action.ANNOTATE


def test_a_shielded_message_is_out_of_the_other_rules_hands() -> None:
    report = found(Action.REDIRECT, shields=True, recipients=())
    verdict = decide([found(Action.REJECT), report])
    assert verdict.action is Action.ANNOTATE
    assert len(verdict.judged) == 2


def test_a_shield_that_is_only_observed_protects_nothing() -> None:
    report = found(Action.REDIRECT, Mode.OBSERVE, shields=True)
    assert decide([found(Action.REJECT), report]).action is Action.REJECT


@pytest.mark.parametrize(
    ("judged", "fail_open", "action"),
    [
        ([], False, Action.TEMPFAIL),
        ([], True, Action.ACCEPT),
        ([found(Action.REDIRECT)], False, Action.TEMPFAIL),
        ([found(Action.REJECT)], False, Action.REJECT),
        ([found(Action.REDIRECT, shields=True)], False, Action.TEMPFAIL),
    ],
)
def test_a_rule_that_failed_is_never_an_accept_unless_the_site_says_so(
    judged: list[Judged], fail_open: bool, action: Action
) -> None:
    verdict = decide(judged, [Failure("code", "ValueError: x", fail_open)])
    assert verdict.action is action
    if action is Action.TEMPFAIL:
        assert (verdict.remove, verdict.add) == ((), ())
