# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force: the policy that judges mail begun now, replaced as a whole while mail goes on."""

import datetime as dt


def local_day() -> dt.date:
    """Return today's date where the office is: a duty's day begins at the host's own midnight."""
    return dt.date.today()  # noqa: DTZ011 - local time is meant
