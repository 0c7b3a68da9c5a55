# SPDX-License-Identifier: GPL-3.0-or-later
"""From findings to a verdict: what a rule saw is apart from what is done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

Evidence = str | int | bool | tuple[str, ...]


class Mode(StrEnum):
    """How far a duty is switched on at a site."""

    OFF = "off"  # not looked at
    OBSERVE = "observe"  # recorded and counted, the mail untouched
    ENFORCE = "enforce"


class Action(StrEnum):
    """What is done with a message, the mildest first; a message gets the strongest of its findings."""

    ACCEPT = "accept"
    ANNOTATE = "annotate"  # delivered, with a header added
    REDIRECT = "redirect"  # some recipients are replaced by another
    DROP_RECIPIENTS = "drop-recipients"  # some recipients are taken off
    QUARANTINE = "quarantine"  # held in Postfix's hold queue
    TEMPFAIL = "tempfail"  # 4xx: the sender's server tries again
    REJECT = "reject"  # 5xx

    @property
    def strength(self) -> int:
        """Position in the order above, from 0."""
        return _STRENGTH[self]


_STRENGTH = {action: rank for rank, action in enumerate(Action)}


class Certainty(StrEnum):
    """How sure a rule is of what it saw."""

    CERTAIN = "certain"
    SIGN = "sign"  # people should look: recorded and counted, never acted on
    UNDECIDED = "undecided"  # it could not be found out just now; the site says what such mail gets


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule saw in one message: facts only, never what happens next.

    `detail` is one English line for the office's own eyes; `evidence` holds the figures behind it.
    Where the duty concerns only some recipients they are in `recipients`, and `owner` is the address
    the mail belongs to instead, if the rule knows one.
    """

    code: str
    article: str
    detail: str
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    owner: str = ""
    certainty: Certainty = Certainty.CERTAIN


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, the mode its duty is in (*observe* for a sign), and the action such a finding leads to."""

    finding: Finding
    mode: Mode
    consequence: Action
    shields: bool = False

    @property
    def action(self) -> Action:
        """The consequence for this finding: to redirect nobody is to annotate."""
        if self.consequence is Action.REDIRECT and not self.finding.recipients:
            return Action.ANNOTATE
        return self.consequence


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that raised instead of answering. `error` names the exception and its place, for the log."""

    code: str
    error: str
    fail_open: bool

    @classmethod
    def of(cls, code: str, error: Exception, *, fail_open: bool) -> "Failure":
        """Describe an exception by type and place; its text is left out, it may quote a stranger."""
        place, raised_at = "", error.__traceback__
        while raised_at is not None:
            place = f" at {Path(raised_at.tb_frame.f_code.co_filename).name}:{raised_at.tb_lineno}"
            raised_at = raised_at.tb_next
        return cls(code, type(error).__name__ + place, fail_open)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a message. `remove` and `add` are recipients; `acting` are the findings that decided."""

    action: Action
    judged: tuple[Judged, ...] = ()
    failures: tuple[Failure, ...] = ()
    acting: tuple[Judged, ...] = ()
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()

    @property
    def deciding(self) -> Finding | None:
        """The finding whose text the sender is shown, if there is one."""
        return self.acting[0].finding if self.acting else None


def decide(judged: Sequence[Judged], failures: Sequence[Failure] = ()) -> Verdict:
    """Combine what was found into one verdict.

    Only duties in *enforce* act; the strongest action wins, and milder ones that go together with it
    (a header added, a recipient replaced) are done too. An acting finding that shields takes the say
    from all others. A rule that failed and may not fail open makes the verdict at least a tempfail.
    """
    enforced = [one for one in judged if one.mode is Mode.ENFORCE]
    acting = [one for one in enforced if one.shields] or enforced
    acting.sort(key=lambda one: one.action.strength, reverse=True)
    action = acting[0].action if acting else Action.ACCEPT
    if action is not Action.REJECT and any(not failure.fail_open for failure in failures):
        action, acting = Action.TEMPFAIL, []
    return Verdict(action, tuple(judged), tuple(failures), tuple(acting), *_recipients(acting))


def _recipients(acting: Sequence[Judged]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Recipients to take off and to add, each once, in the order found."""
    remove: dict[str, None] = {}
    add: dict[str, None] = {}
    for one in acting:
        if one.action in (Action.DROP_RECIPIENTS, Action.REDIRECT):
            remove |= dict.fromkeys(one.finding.recipients)
        if one.action is Action.REDIRECT and one.finding.owner:
            add[one.finding.owner] = None
    return tuple(remove), tuple(add)
