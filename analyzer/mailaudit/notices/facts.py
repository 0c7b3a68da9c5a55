# SPDX-License-Identifier: GPL-3.0-or-later
"""What a letter's template can say: every variable of docs/notices.md, worked out of a matter and a site."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from mailaudit.notices.matter import Listed, Matter, Occasion
from mailaudit.notices.settings import NoticeSettings
from mailpolicy.citation import article_vi, date_vi, regulation_vi
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.officetime import office_day
from mailpolicy.parameters import Inactivity, PasswordAge, ProvisioningDesk, Violations
from mailpolicy.site import Site

INACTIVITY = "inactivity"


@dataclass(frozen=True, slots=True)
class Facts:
    """The variables of a template. Days are in words, as in `ngày 21 tháng 11 năm 2026`, or ""."""

    occasion: str
    mailbox: str
    name: str
    unit: str
    is_shared: bool
    day: str
    duty: str
    article: str
    regulation: str
    sentence: str
    last_used: str
    since: str
    lock_on: str
    reclaim_on: str
    answer_by: str
    locked_on: str
    unlock_from: str
    locking: str
    lock_months: int
    reclaim_months: int
    working_days: int
    excusable: bool
    unit_request: bool
    password_months: int
    first_password: bool
    count: int
    reminders: int
    reason: str
    violations: tuple[dict[str, str], ...]
    listed: tuple[dict[str, str], ...]
    desk: str
    contact: str
    office: str
    stand_in: bool

    def variables(self) -> dict[str, Any]:
        """Return them by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def facts(matter: Matter, site: Site, settings: NoticeSettings, *, stand_in: bool = False) -> Facts:
    """Return what can be said of a matter. `stand_in`: the letter goes to the approver in another's place."""
    mailbox, duty = matter.mailbox, site.duty(matter.code)
    inactivity = _inactivity(site) if matter.code == INACTIVITY else Inactivity()
    days = inactivity.reclaim_after_working_days or 0
    return Facts(
        occasion=matter.occasion,
        mailbox=mailbox.address,
        name=_in_one_line(mailbox.name),
        unit=_in_one_line(mailbox.unit),
        is_shared=mailbox.kind is not Kind.PERSON,
        day=date_vi(matter.day),
        duty=matter.code,
        article=article_vi(matter.article) if matter.article else "",
        regulation=regulation_vi(site.regulation),
        sentence=duty.sentence if duty else "",
        last_used=_day(matter.last_used),
        since=_day(matter.since),
        lock_on=_day(matter.lock_on),
        reclaim_on=_day(matter.reclaim_on),
        answer_by=_day(matter.answer_by),
        locked_on=_day(matter.locked_on),
        unlock_from=_day(matter.unlock_from),
        locking=_locking(matter.code, days),
        lock_months=inactivity.lock_after_months or 0,
        reclaim_months=inactivity.reclaim_after_months or 0,
        working_days=days,
        excusable=inactivity.excused_by_reason,
        unit_request=inactivity.unlock == "unit-request",
        password_months=_password_months(mailbox, site),
        first_password=matter.first_password,
        count=matter.count or (_reminders(site) if matter.occasion is Occasion.ESCALATED else 0),
        reminders=_reminders(site),
        reason=_in_one_line(matter.reason),
        violations=tuple(_violation(one, site) for one in matter.violations),
        listed=tuple(map(_listed, matter.listed)),
        desk=_desk(site),
        contact=settings.contact or settings.sender,
        office=settings.signed_by,
        stand_in=stand_in,
    )


def _day(day: date | None) -> str:
    return date_vi(day) if day else ""


def _locking(code: str, working_days: int) -> str:
    """What the texts call a lock: CT 5.4 "tạm đình chỉ", CT 14.2 "tạm ngưng", HCM 8.1 "tạm khóa"."""
    if code == "violations":
        return "tạm ngưng"
    return "tạm đình chỉ" if working_days else "tạm khóa"


def _in_one_line(text: str) -> str:
    """Names come from a directory that others write: no line of theirs is to look like one of the letter."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _listed(one: Listed) -> dict[str, str]:
    mailbox = one.mailbox
    known = {"since": _day(one.since), "last_used": _day(one.last_used)}
    return {"mailbox": mailbox.address, "name": _in_one_line(mailbox.name), **known}


def _violation(one: Violation, site: Site) -> dict[str, str]:
    duty = site.duty(one.code)
    return {
        "day": date_vi(office_day(one.time)),
        "article": article_vi(one.article),
        "sentence": duty.sentence if duty else "",
        "target": _in_one_line(one.target),
    }


def _inactivity(site: Site) -> Inactivity:
    duty = site.duty(INACTIVITY)
    return duty.parameters if duty and isinstance(duty.parameters, Inactivity) else Inactivity()


def _password_age(site: Site) -> PasswordAge:
    duty = site.duty("password-age")
    return duty.parameters if duty and isinstance(duty.parameters, PasswordAge) else PasswordAge()


def _password_months(mailbox: Mailbox, site: Site) -> int:
    age = _password_age(site)
    shared = age.shared_max_age_months if mailbox.kind is not Kind.PERSON else None
    return shared or age.max_age_months or 0


def _reminders(site: Site) -> int:
    duty = site.duty("violations")
    return (duty.parameters.reminders or 0) if duty and isinstance(duty.parameters, Violations) else 0


def _desk(site: Site) -> str:
    duty = site.duty("provisioning-desk")
    return (duty.parameters.mailbox or "") if duty and isinstance(duty.parameters, ProvisioningDesk) else ""
