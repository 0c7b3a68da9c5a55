# SPDX-License-Identifier: GPL-3.0-or-later
"""The times that a store holds: whole microseconds since 1970-01-01T00:00:00Z."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_time(microseconds: int) -> datetime:
    """Return a stored time in the machine's local zone."""
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone()
