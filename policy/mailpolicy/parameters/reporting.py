# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of the duties that are provisioned for, answered for and reported."""

from calendar import month_abbr, monthrange
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mailpolicy.files.fields import ARRAY, NOT_EMPTY, Line
from mailpolicy.files.tables import wrong_value
from mailpolicy.parameters.base import Months, NoParameters, Parameters

Holder = Literal["agency", "unit", "person"]
Gigabytes = Annotated[float, Field(gt=0, le=10240)]
Month = Annotated[int, Field(ge=1, le=12)]


class MailboxQuota(Parameters):
    """Row 2. Left out: the text gives no size."""

    agency_gb: Gigabytes | None = None
    """Size of an agency's mailbox, in GB of 1024 * 1024 * 1024 bytes."""
    unit_gb: Gigabytes | None = None
    """Size of a unit's mailbox, in the same GB."""
    person_gb: Gigabytes | None = None
    """Size of a person's mailbox, in the same GB."""
    unlimited: Annotated[tuple[Holder, ...], ARRAY] = ()
    """Whose mailboxes have no limit."""


class Acknowledgement(NoParameters):
    """Row 14."""


class Due(Parameters):
    """One line of a reporting calendar: who reports, for which period, on or before which days."""

    by: Literal["office", "department", "agencies", "units"]
    """Who reports; an office or department runs the mail system, agencies and units use it."""
    period: Literal["quarter", "half-year", "year"]
    """What one report covers."""
    months: Annotated[tuple[Month, ...], ARRAY] = ()
    """The months (1 to 12) in which reports are due; empty: the text names no date."""
    day: int | None = Field(default=None, ge=1, le=31)
    """The day of those months."""
    before: bool = False
    """Due before that day; false: on it."""

    @model_validator(mode="after")
    def _days_exist(self) -> "Due":
        if bool(self.months) != (self.day is not None):
            raise wrong_value("months without a day, or a day without months", "both or neither")
        short = [month for month in self.months if (self.day or 0) > monthrange(2023, month)[1]]
        if short:
            raise wrong_value(f"month {short[0]} has no day {self.day}", "a day every one of the months has")
        return self

    def __str__(self) -> str:
        if not self.months:
            return f"{self.by} each {self.period}"
        months = "/".join(month_abbr[month] for month in self.months)
        return f"{self.by} each {self.period} {'before' if self.before else 'on'} {self.day} {months}"


class UsageReport(Parameters):
    """Row 23."""

    due: Annotated[tuple[Due, ...], ARRAY, NOT_EMPTY]
    """The calendar: who (`by`), for which `period`, in which `months` (1-12) on or `before` which `day`."""
    form: Line | None = None
    """The annex that holds the form."""
    per_person_and_unit: bool = False
    """Statistics per person and per unit are asked for."""


class DelegatedAdministration(Parameters):
    """Row 24."""

    units: Annotated[tuple[Line, ...], ARRAY] = ()
    """The units that run their own mailboxes, by name; empty: all of them."""


class Backup(Parameters):
    """Row 26. Left out: backups are kept, without a number."""

    no_loss_months: Months | None = None
    """Calendar months back from a disaster of which no mail may be lost."""
    restore_hours: int | None = Field(default=None, ge=1, le=8760)
    """Hours from the discovery within which the whole system is back."""


class Directory(Parameters):
    """Row 29."""

    unique: bool = False
    """No address is given out twice."""
    published: bool = False
    """Addresses are published."""
    single_sign_on: bool = False
    """The directory is also the login to the office's other systems."""
    protocol: Literal["LDAP"] | None = None
    """How other systems ask it."""
    changes_reported: Literal["quarter"] | None = None
    """How often units report changes."""
