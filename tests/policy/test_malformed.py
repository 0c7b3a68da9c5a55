# SPDX-License-Identifier: GPL-3.0-or-later
"""What malformed mail gets, for every choice of a site."""

from dataclasses import replace
from pathlib import Path

import pytest

from mailpolicy.files.problems import BadFile
from mailpolicy.judge import Policy, judge
from mailpolicy.malformed import CODE, MalformedMail, Treatment
from mailpolicy.message import Direction, Envelope, Headers, Message, Origin
from mailpolicy.regulation import load
from mailpolicy.rules import CODES
from mailpolicy.site import for_regulation
from mailpolicy.siteloading import load_site
from mailpolicy.verdict import Action, Mode, Verdict

SITE = for_regulation(load("ST"))
CITIZEN, CLERK = "nguoidan@example.org", "vanthu@soctrang.gov.vn"
AMBIGUOUS, BOUND = ("boundary-loose", "nul"), ("too-deep",)
OBSERVE, QUARANTINE, REJECT = Treatment


def verdict(*reasons: str, choice: MalformedMail = SITE.malformed, to: tuple[str, ...] = (CLERK,)) -> Verdict:
    envelope = Envelope(CITIZEN, to, client_address="192.0.2.7")
    headers = Headers([("From", CITIZEN.encode())])
    message = Message(envelope, Origin.STRANGER, Direction.INBOUND, headers, malformed=reasons)
    return judge(message, Policy.of(replace(SITE, malformed=choice)))


def test_the_code_is_no_duty_of_any_rule() -> None:
    assert CODE not in CODES


def test_mail_that_is_not_malformed_has_no_finding() -> None:
    assert verdict(choice=MalformedMail(REJECT, REJECT)).judged == ()


def test_ambiguous_mail_is_observed_by_default_and_the_finding_names_the_reasons() -> None:
    told = verdict(*AMBIGUOUS)
    (one,) = told.judged
    assert (told.action, one.mode) == (Action.ACCEPT, Mode.OBSERVE)
    assert (one.finding.code, one.finding.article) == ("malformed", "")
    assert one.finding.evidence == {"reasons": AMBIGUOUS}


def test_a_bound_that_was_reached_is_never_an_accept_by_default() -> None:
    told = verdict(*BOUND)
    assert (told.action, told.judged[0].mode) == (Action.QUARANTINE, Mode.ENFORCE)


@pytest.mark.parametrize(
    ("ambiguous", "bound", "action"),
    [
        (OBSERVE, OBSERVE, Action.ACCEPT),
        (OBSERVE, REJECT, Action.REJECT),
        (QUARANTINE, OBSERVE, Action.QUARANTINE),
        (REJECT, QUARANTINE, Action.REJECT),
        (QUARANTINE, REJECT, Action.REJECT),
    ],
)
def test_the_stricter_choice_counts_for_mail_that_is_both(
    ambiguous: Treatment, bound: Treatment, action: Action
) -> None:
    assert verdict(*AMBIGUOUS, *BOUND, choice=MalformedMail(ambiguous, bound)).action is action


def test_each_choice_concerns_its_own_kind_only() -> None:
    assert verdict(*AMBIGUOUS, choice=MalformedMail(OBSERVE, REJECT)).action is Action.ACCEPT
    assert verdict(*BOUND, choice=MalformedMail(REJECT, OBSERVE)).action is Action.ACCEPT


def test_a_report_of_malformed_mail_arrives() -> None:
    told = verdict(*BOUND, choice=MalformedMail(REJECT, REJECT), to=(SITE.report_mailbox,))
    assert told.action is Action.ANNOTATE
    assert [one.finding.code for one in told.judged] == ["spam-report", "malformed"]


def test_a_site_file_chooses(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('regulation = "ST"\nmalformed.ambiguous = "reject"\n', "utf-8")
    assert load_site(path).site.malformed == MalformedMail(REJECT, QUARANTINE)
    path.write_text('regulation = "ST"\n', "utf-8")
    assert load_site(path).site.malformed == SITE.malformed == MalformedMail(OBSERVE, QUARANTINE)


def test_mistakes_are_named_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('regulation = "ST"\n[malformed]\nambiguous = "enforce"\nbounds = "reject"\n', "utf-8")
    with pytest.raises(BadFile) as caught:
        load_site(path)
    said = str(caught.value)
    assert "malformed.ambiguous" in said
    assert "quarantine" in said
    assert "malformed.bounds" in said
