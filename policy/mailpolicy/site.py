# SPDX-License-Identifier: GPL-3.0-or-later
"""A site: how an office applies its regulation, as its file says or as the regulation alone does."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType

from mailpolicy.lists.publicmail import PublicMail
from mailpolicy.malformed import MalformedMail
from mailpolicy.parameters import SpamReport
from mailpolicy.regulation import Duty, How, Regulation
from mailpolicy.rules import CODES
from mailpolicy.verdict import Action, Mode

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a site chose for one duty. `duty` has the site's parameters in place of the regulation's.

    On the day `enforce_from`, if there is one, *observe* becomes *enforce*.
    """

    duty: Duty
    mode: Mode = Mode.OBSERVE
    enforce_from: dt.date | None = None
    fail_open: bool = False
    undecided: Action = Action.TEMPFAIL


@dataclass(frozen=True, slots=True)
class Site:
    """How one office applies its regulation. `choices` has every duty by code; `report_mailbox` may be ""."""

    regulation: Regulation
    domains: tuple[str, ...]
    trusted_networks: tuple[Network, ...]
    report_mailbox: str
    public_mail: PublicMail
    choices: Mapping[str, Choice]
    malformed: MalformedMail

    def duty(self, code: str) -> Duty | None:
        """Return the duty with the site's parameters, None if the regulation does not hold it."""
        choice = self.choices.get(code)
        return choice.duty if choice else None

    def mode(self, code: str) -> Mode:
        """Return the duty's mode: *observe* if the site does not name it, *off* if there is no such duty."""
        choice = self.choices.get(code)
        return choice.mode if choice else Mode.OFF

    def enforce_from(self, code: str) -> dt.date | None:
        """Return the day on which *observe* becomes *enforce* for this duty, if there is one."""
        choice = self.choices.get(code)
        return choice.enforce_from if choice else None

    def fail_open(self, code: str) -> bool:
        """Whether mail passes when this duty's rule fails."""
        choice = self.choices.get(code)
        return choice is not None and choice.fail_open

    def undecided(self, code: str) -> Action:
        """What mail gets about which this duty's rule could not find out what it needs to know."""
        choice = self.choices.get(code)
        return choice.undecided if choice else Action.TEMPFAIL


def for_regulation(regulation: Regulation) -> Site:
    """Return the site that a regulation alone describes.

    Every duty that is met at the door and has a rule is in *enforce*; domains and report mailbox are the
    regulation's; loopback is trusted; malformed mail gets the defaults.
    """
    choices = {
        duty.code: Choice(duty, Mode.ENFORCE if _enforceable(duty) else Mode.OBSERVE)
        for duty in regulation.duties
    }
    return Site(
        regulation,
        regulation.domains,
        LOOPBACK,
        report_mailbox_of(choices),
        PublicMail(),
        MappingProxyType(choices),
        MalformedMail(),
    )


def report_mailbox_of(choices: Mapping[str, Choice]) -> str:
    """Return the report mailbox, a parameter of the regulation or of the site in its place; or ""."""
    choice = choices.get("spam-report")
    parameters = choice.duty.parameters if choice else None
    return (isinstance(parameters, SpamReport) and parameters.mailbox) or ""


def _enforceable(duty: Duty) -> bool:
    return How.ENFORCE in duty.how and duty.code in CODES
