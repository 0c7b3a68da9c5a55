# SPDX-License-Identifier: GPL-3.0-or-later
"""Days whose totals an older version made by UTC's days: they are named, never taken for others."""

from datetime import date

import sqlalchemy as sa

from mailaudit.officedays import MICROSECOND
from mailaudit.store import EPOCH, Store
from mailaudit.store.usage_tables import UTC_DAYS
from mailpolicy.officetime import office_day


def last_utc_day(store: Store) -> date | None:
    """Return the last office day that holds lines counted by UTC's days; None if there are none."""
    rows = store.rows(sa.select(UTC_DAYS))
    return office_day(EPOCH + rows[0][0] * MICROSECOND) if rows else None
