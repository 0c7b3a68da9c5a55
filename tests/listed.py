# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy with a directory, as the gate has it from a snapshot."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from mailpolicy.directory import Mailbox, Unit
from mailpolicy.judge import Policy
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.encode import encode
from mailpolicy.verdict import Judged, Verdict

MADE = datetime(2026, 11, 21, tzinfo=UTC)


def office(regulation: str, mailboxes: Iterable[Mailbox], units: Iterable[Unit] = ()) -> Policy:
    """A regulation with every duty that can be enforced in *enforce*, and this directory."""
    policy = Policy.of(for_regulation(load(regulation)))
    directory = Contents(encode(mailboxes, units, MADE))
    return replace(policy, context=replace(policy.context, directory=directory))


def without_directory(regulation: str) -> Policy:
    """The same office before it has published a directory."""
    return Policy.of(for_regulation(load(regulation)))


def found(verdict: Verdict, code: str) -> Judged | None:
    """What was found of this duty, if anything. A rule that failed fails the test."""
    assert not verdict.failures
    return next((one for one in verdict.judged if one.finding.code == code), None)
