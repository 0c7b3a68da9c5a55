# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing, opening and reclaiming mailboxes on the servers that an office runs."""

from mailaudit.enforcement.backend import Archive, EnforcementError, Lock, Storage
from mailaudit.enforcement.opening import open  # noqa: A004  read as enforcement.open(...)
from mailaudit.enforcement.settings import EnforcementSettings

__all__ = ["Archive", "EnforcementError", "EnforcementSettings", "Lock", "Storage", "open"]
