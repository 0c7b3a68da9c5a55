# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules at the door, in the order they are asked: one explicit table.

A rule is pure: `check(message, duty, context)` says what it saw, or None. The code names the duty, the
file of the rule, its fixtures, its section of docs/rules.md, the ledger value and the metric label.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mailpolicy.context import Context
from mailpolicy.message import Message
from mailpolicy.regulation import Duty
from mailpolicy.rules import (
    address_format,
    attachment_cap,
    auto_forward,
    digital_signature,
    display_name,
    emergency_revocation,
    inactivity,
    mailing_list,
    online_registration,
    provisioning_desk,
    sender_domain,
    spam_report,
    spam_spreading,
    state_secrets,
    subject_required,
    unicode,
    violations,
)
from mailpolicy.verdict import Action, Finding

Check = Callable[[Message, Duty, Context], Finding | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the duty's code, the check, the action its findings lead to.

    A rule that `shields` takes a message out of the other rules' hands when it is enforced.
    """

    code: str
    check: Check
    action: Action
    shields: bool = False


def _table(*rules: Rule) -> tuple[Rule, ...]:
    """Return the rules as given. Raises ValueError for a code that is there twice."""
    codes = [rule.code for rule in rules]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"rules listed twice: {', '.join(sorted(twice))}")
    return rules


RULES = _table(
    Rule("spam-report", spam_report.check, Action.REDIRECT, shields=True),
    Rule("emergency-revocation", emergency_revocation.check, Action.REJECT),
    Rule("violations", violations.check, Action.REJECT),
    Rule("inactivity", inactivity.check, Action.REJECT),
    Rule("spam-spreading", spam_spreading.check, Action.REJECT),
    Rule("sender-domain", sender_domain.check, Action.REJECT),
    Rule("display-name", display_name.check, Action.REJECT),
    Rule("mailing-list", mailing_list.check, Action.REJECT),
    Rule("provisioning-desk", provisioning_desk.check, Action.REJECT),
    Rule("attachment-cap", attachment_cap.check, Action.REJECT),
    Rule("subject-required", subject_required.check, Action.REJECT),
    Rule("auto-forward", auto_forward.check, Action.REDIRECT),
    Rule("digital-signature", digital_signature.check, Action.REJECT),
    Rule("address-format", address_format.check, Action.ANNOTATE),
    Rule("unicode", unicode.check, Action.REJECT),
    Rule("state-secrets", state_secrets.check, Action.QUARANTINE),
    Rule("online-registration", online_registration.check, Action.ANNOTATE),
)
CODES = frozenset(rule.code for rule in RULES)
