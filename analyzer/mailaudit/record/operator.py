# SPDX-License-Identifier: GPL-3.0-or-later
"""Who does it, and when: what every entry of the record bears."""

import os
import pwd
from datetime import UTC, datetime

from mailpolicy.officetime import office_time

SWEEP = "sweep"


def operator() -> str:
    """Return the login of the person at it; under sudo, of the one who called sudo."""
    uid = os.getuid()
    called = os.environ.get("SUDO_USER", "") if uid == 0 else ""
    if called:
        return called
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def now() -> datetime:
    """Return the time, as the offices' clocks show it."""
    return office_time(datetime.now(UTC))
