# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit] of a site file. Paths are taken from the folder the site file is in."""

from mailaudit.serverkeys import Table

from mailaudit.directory.settings import DirectorySettings
from mailaudit.notices.settings import NoticeSettings
from mailaudit.sweep.settings import SweepSettings


class AuditSettings(BaseModel):
    """The table [audit]."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    directory: DirectorySettings | None = None
    """Where the office's directory is."""
    sweep: SweepSettings = SweepSettings()
    """How much a sweep may do, and from what."""
    notices: NoticeSettings | None = None
    """Who writes to the office's people."""
