# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample letters of every kind: templates are tried out on them, and `notices preview` shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailaudit.notices.matter import Listed, Matter, Occasion, Role
from mailaudit.notices.recipients import Recipient
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.officetime import OFFICE_TIME
from mailpolicy.parameters import Inactivity
from mailpolicy.site import Site

DUTIES: dict[Occasion, tuple[str, ...]] = {
    Occasion.WARNED: ("inactivity", "leavers"),
    Occasion.LOCKED: ("inactivity", "password-age", "violations", "leavers"),
    Occasion.RECLAIMED: ("inactivity", "leavers"),
    Occasion.REMINDED: (
        "password-age",
        "violations",
        "leavers",
        "checking-habits",
        "no-deletion",
        "handover",
    ),
    Occasion.ESCALATED: ("password-age", "violations"),
    Occasion.REVIEW: (
        *("inactivity", "leavers", "password-age", "violations", "no-deletion", "handover"),
        *("old-mail-purge", "checking-habits"),
    ),
    Occasion.REVOKED: ("emergency-revocation",),
    Occasion.UNLOCKED: ("inactivity", "violations"),
    Occasion.RESTORED: ("inactivity", "leavers"),
    Occasion.PLAN: ("inactivity",),
}
"""The duties that letters about an occasion are written for."""
ROLES: dict[Occasion, tuple[Role, ...]] = {
    Occasion.RECLAIMED: (Role.UNIT, Role.HEAD),
    Occasion.REVIEW: (Role.UNIT,),
    Occasion.UNLOCKED: (Role.OWNER, Role.UNIT),
    Occasion.RESTORED: (Role.OWNER, Role.UNIT),
    Occasion.PLAN: (Role.APPROVER,),
}
"""Who may be told of an occasion; of one that is not named here, owner, unit and head."""
WEEK = timedelta(days=7)


def all_of(site: Site, day: date) -> Iterator[tuple[Matter, Recipient]]:
    """Give every letter with all that can be said in it, then with as little as is ever known."""
    yield from full(site, day)
    for matter, recipient in full(site, day):
        yield _bare(matter), replace(recipient, stand_in=recipient.role is not Role.OWNER)


def full(site: Site, day: date) -> Iterator[tuple[Matter, Recipient]]:
    """Give a letter for every occasion, duty of the office's regulation, and role."""
    for occasion, codes in DUTIES.items():
        known = [code for code in codes if site.duty(code)] or [""]
        for code in known:
            for role in ROLES.get(occasion, (Role.OWNER, Role.UNIT, Role.HEAD)):
                yield _matter(occasion, code, site, day), Recipient(f"{role}@{site.domains[0]}", role)


def _matter(occasion: Occasion, code: str, site: Site, day: date) -> Matter:
    duty = site.duty(code)
    mailbox = _mailbox(site, "canbo1", "Nguyễn Văn Minh")
    first = code == "password-age" and occasion is Occasion.LOCKED
    return Matter(
        key=f"sample|{code}|{occasion}",
        occasion=occasion,
        mailbox=mailbox,
        day=day,
        code=code,
        article=duty.article if duty else "",
        last_used=day - 12 * WEEK,
        since=day - 12 * WEEK,
        lock_on=day + WEEK if occasion in (Occasion.WARNED, Occasion.ESCALATED) else None,
        reclaim_on=_reclaim_on(occasion, code, day),
        answer_by=_answer_by(occasion, code, site, day),
        unlock_from=day + timedelta(days=5) if first and occasion is Occasion.LOCKED else None,
        locked_on=day - WEEK if occasion in (Occasion.RECLAIMED, Occasion.UNLOCKED) else None,
        count=2 if occasion is Occasion.REMINDED else 3,
        first_password=first,
        reason="nghi lộ mật khẩu" if occasion is Occasion.REVOKED else "",
        violations=[_violation(mailbox, site, day)] if code == "violations" else (),
        listed=[
            Listed(mailbox, day - 15 * WEEK, day - 15 * WEEK),
            Listed(_mailbox(site, "canbo2", ""), day - 20 * WEEK, None),
        ],
    )


def _reclaim_on(occasion: Occasion, code: str, day: date) -> date | None:
    ahead = occasion in (Occasion.WARNED, Occasion.LOCKED) and code in ("inactivity", "leavers")
    return day + 4 * WEEK if ahead else None


def _answer_by(occasion: Occasion, code: str, site: Site, day: date) -> date | None:
    duty = site.duty(code)
    asks = isinstance(duty.parameters, Inactivity) and duty.parameters.notify_agency if duty else False
    return day + 4 * WEEK - timedelta(days=1) if asks and occasion is Occasion.LOCKED else None


def _bare(matter: Matter) -> Matter:
    """The same with nothing but what every letter has: of a warning, the day of the lock."""
    mailbox = Mailbox(matter.mailbox.address, Kind.UNIT)
    lock_on = matter.lock_on if matter.occasion is Occasion.WARNED else None
    bare = Matter(matter.key, matter.occasion, mailbox, matter.day, lock_on=lock_on)
    return replace(bare, code=matter.code, listed=[Listed(mailbox, None, None)])


def _mailbox(site: Site, local: str, name: str) -> Mailbox:
    address = f"{local}{site.regulation.account_suffix}@{site.domains[0]}"
    return Mailbox(address, Kind.PERSON, "Phòng Tổ chức - Hành chính", name=name)


def _violation(mailbox: Mailbox, site: Site, day: date) -> Violation:
    duty = next(duty for duty in site.regulation.duties if duty.code in ("auto-forward", "sender-domain"))
    time = datetime(day.year, day.month, day.day, 9, tzinfo=OFFICE_TIME) - WEEK
    return Violation(duty.code, duty.article, mailbox.address, time, "", "delivered", "log", "mail.log", 0)
