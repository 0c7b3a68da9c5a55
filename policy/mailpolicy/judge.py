# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging: every duty in force is asked about a message, and the answers become one verdict."""

import datetime as dt
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address

from mailpolicy.context import Context
from mailpolicy.directory import Directory
from mailpolicy.malformed import MalformedMail
from mailpolicy.message import Direction, Envelope, Message, Origin
from mailpolicy.regulation import Duty, Regulation
from mailpolicy.rules import RULES, Rule
from mailpolicy.site import Site
from mailpolicy.verdict import Action, Certainty, Failure, Finding, Judged, Mode, Verdict, decide

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Charge:
    """One duty in force at a site: the duty with the site's parameters, its rule, its mode.

    On the day `enforce_from`, if there is one, *observe* becomes *enforce*: `Policy.on` sees to it.
    """

    duty: Duty
    rule: Rule
    mode: Mode
    fail_open: bool
    undecided: Action = Action.TEMPFAIL
    enforce_from: dt.date | None = None

    def is_due(self, day: dt.date) -> bool:
        """Whether the day on which *observe* becomes *enforce* has come."""
        return self.mode is Mode.OBSERVE and self.enforce_from is not None and self.enforce_from <= day

    def judge(self, finding: Finding) -> Judged:
        """Say what a finding of this duty leads to here. A sign leads to nothing but its record."""
        if finding.certainty is Certainty.UNDECIDED:
            return Judged(finding, self.mode, self.undecided)
        mode = Mode.OBSERVE if finding.certainty is Certainty.SIGN else self.mode
        return Judged(finding, mode, self.rule.action, self.rule.shields)


@dataclass(frozen=True, slots=True)
class Policy:
    """A regulation as one site applies it. Duties that are off, or have no rule, are left out.

    `on(day)` is what judges the mail of a day: until asked, no duty's day has come.
    """

    regulation: Regulation
    context: Context
    trusted_networks: tuple[Network, ...]
    charges: tuple[Charge, ...]
    malformed: MalformedMail

    @classmethod
    def of(cls, site: Site) -> "Policy":
        """Compile a site's choices, in the order of the RULES table."""
        context = Context(frozenset(site.domains), site.public_mail, site.report_mailbox)
        charges = [
            Charge(
                duty,
                rule,
                site.mode(rule.code),
                site.fail_open(rule.code),
                site.undecided(rule.code),
                site.enforce_from(rule.code),
            )
            for rule in RULES
            if (duty := site.duty(rule.code)) is not None and site.mode(rule.code) is not Mode.OFF
        ]
        return cls(site.regulation, context, tuple(site.trusted_networks), tuple(charges), site.malformed)

    def on(self, day: dt.date) -> "Policy":
        """Return the policy of this day: every duty whose day has come is in *enforce*."""
        if not any(charge.is_due(day) for charge in self.charges):
            return self
        charges = [
            replace(charge, mode=Mode.ENFORCE) if charge.is_due(day) else charge for charge in self.charges
        ]
        return replace(self, charges=tuple(charges))

    def with_directory(self, directory: Directory) -> "Policy":
        """Return the policy whose rules ask this directory."""
        return replace(self, context=replace(self.context, directory=directory))

    def origin(self, envelope: Envelope) -> Origin:
        """Who handed this envelope over. An address that can't be read is a stranger's."""
        if envelope.login:
            return Origin.LOGIN
        try:
            client = ip_address(envelope.client_address)
        except ValueError:
            return Origin.STRANGER
        trusted = any(client in network for network in self.trusted_networks)
        return Origin.TRUSTED if trusted else Origin.STRANGER

    def direction(self, envelope: Envelope, origin: Origin) -> Direction:
        """Inbound from a stranger; else outbound if any recipient is outside the official domains."""
        if origin is Origin.STRANGER:
            return Direction.INBOUND
        inside = all(self.context.is_official(recipient) for recipient in envelope.recipients)
        return Direction.INTERNAL if inside else Direction.OUTBOUND


def judge(message: Message, policy: Policy) -> Verdict:
    """Ask every rule in force, then look at malformed MIME. Never raises: a rule that does is a Failure."""
    judged: list[Judged] = []
    failures: list[Failure] = []
    for charge in policy.charges:
        try:
            finding = charge.rule.check(message, charge.duty, policy.context)
        except Exception as error:  # whatever a rule trips over, the message gets a verdict
            failures.append(Failure.of(charge.duty.code, error, fail_open=charge.fail_open))
            continue
        if finding is not None:
            judged.append(charge.judge(finding))
    if message.malformed:
        judged.append(policy.malformed.judge(message.malformed))
    return decide(judged, failures)
