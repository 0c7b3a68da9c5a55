# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of the duties that have a clock: mailboxes, passwords, checking, keeping and clearing."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mailpolicy.files.fields import ARRAY
from mailpolicy.files.tables import wrong_value
from mailpolicy.parameters.base import Months, NoParameters, Parameters

Window = Literal["morning-start", "morning-end", "afternoon-start", "afternoon-end"]
Hours = Annotated[
    str,
    Field(
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        json_schema_extra={"expected": "hours, as in 07:30-11:30"},
    ),
]
Ahead = Annotated[int, Field(ge=1, le=90)]


class Inactivity(Parameters):
    """Row 11: what becomes of a mailbox nobody uses. All left out: units review their own mailboxes."""

    lock_after_months: Months | None = None
    """Calendar months without use after which a mailbox is locked."""
    reclaim_after_months: Months | None = None
    """Calendar months without use after which it is reclaimed or deleted."""
    reclaim_after_working_days: int | None = Field(default=None, ge=1, le=366)
    """Working days after the notice to the agency, if it does not confirm, after which it is reclaimed."""
    counted_from: Literal["last-use", "creation-or-last-use"] = "last-use"
    """What the text counts from. A mailbox never opened is judged by its creation in either case."""
    notify_agency: bool = False
    """The agency is told when a mailbox is locked."""
    excused_by_reason: bool = False
    """A mailbox is not locked while a stated reason holds."""
    unlock: Literal["unit-request"] | None = None
    """On what a locked mailbox is opened again."""
    warn_days_ahead: Annotated[tuple[Ahead, ...], ARRAY] = (14, 7, 1)
    """How many days ahead of a lock its user is warned. No text gives a number; these are ours."""
    extra_days_off: Annotated[tuple[date, ...], ARRAY] = ()
    """Days on which this office does not work, beside weekends and public holidays."""

    @model_validator(mode="after")
    def _steps_in_order(self) -> "Inactivity":
        reclaims = self.reclaim_after_months or self.reclaim_after_working_days
        if reclaims and self.lock_after_months is None:
            raise wrong_value("a mailbox is reclaimed but never locked", "lock_after_months too")
        if self.reclaim_after_months and self.reclaim_after_working_days:
            raise wrong_value("reclaimed both after months and after working days", "one of the two")
        if self.reclaim_after_months and self.reclaim_after_months <= (self.lock_after_months or 0):
            months = self.lock_after_months
            raise wrong_value("reclaim_after_months is not after the lock", f"more than {months} months")
        return self


class Leavers(Parameters):
    """Row 12: the mailbox of somebody who has left. Left out: the unit has it cancelled, without a period."""

    reclaim_within_months: Months | None = None
    """Calendar months after the unit's notice within which it is reclaimed."""
    reclaim_without_notice_months: Months | None = None
    """Calendar months after leaving by which it is reclaimed if there was no notice."""


class CheckingHabits(Parameters):
    """Row 13: how often mailboxes are looked into. Left out: regularly, without a number."""

    unit_checks_per_day: int | None = Field(default=None, ge=1, le=24)
    """How often a unit's mailbox is checked each working day."""
    unit_windows: Annotated[tuple[Window, ...], ARRAY] = ()
    """When: at the start and end of the morning and of the afternoon."""
    morning: Hours = "07:30-11:30"
    """When the office works in the morning; the texts do not say."""
    afternoon: Hours = "13:00-17:00"
    """When it works in the afternoon."""

    @model_validator(mode="after")
    def _one_after_the_other(self) -> "CheckingHabits":
        times = [*self.morning.split("-"), *self.afternoon.split("-")]
        if sorted(set(times)) != times:
            raise wrong_value(f"{self.morning}, then {self.afternoon}", "hours that follow each other")
        return self


class PasswordStrength(Parameters):
    """Row 15."""

    min_length: int = Field(ge=1, le=128)
    """The least number of characters."""
    min_classes: int = Field(ge=1, le=4)
    """How many of the four must occur: capitals, small letters, digits, special characters."""
    not_account_name: bool = False
    """The password must not be the account's name."""
    no_personal_data: bool = False
    """No personal data (names, dates) in it."""


class PasswordAge(Parameters):
    """Row 16."""

    change_first: bool = False
    """The password that was handed out is changed at the first login."""
    max_age_months: Months | None = None
    """Calendar months within which a person's password is changed."""
    shared_max_age_months: Months | None = None
    """The same for an agency's or unit's mailbox, where the text sets it apart."""
    lock_if_not_changed: bool = False
    """A mailbox whose first password is not changed is locked."""
    unlock_after_days: int | None = Field(default=None, ge=1, le=366)
    """Days after that lock before which a request to open it is not dealt with."""


class NoDeletion(Parameters):
    """Row 20: mail that is kept."""

    mailboxes: Literal["agency", "personal"]
    """Whose mailboxes are meant."""
    deleting_forbidden: bool = False
    """The text forbids deleting; false: it says that mail is to be kept."""
    except_for: Annotated[tuple[Literal["anonymous", "spam"], ...], ARRAY] = ()
    """What may be deleted all the same."""


class Violations(Parameters):
    """Row 22. Left out: by law, or by the office's disciplinary rules."""

    reminders: int | None = Field(default=None, ge=1, le=100)
    """Reminders after which the head of the agency is told."""
    suspend_if_serious: bool = False
    """A serious violation suspends the service."""


class OldMailPurge(Parameters):
    """Row 25: spam, advertisements and old mail are cleared from the server."""

    older_than_months: Months
    """Calendar months after which mail is old."""


class EmergencyRevocation(NoParameters):
    """Row 27."""


class Handover(Parameters):
    """Row 28: a unit's mailbox when its head changes."""

    contents: bool = False
    """All contents are handed over, beside address and password."""
    change_password: bool = False
    """The new head changes the password at once."""


class MailboxSharing(NoParameters):
    """Row 30."""
