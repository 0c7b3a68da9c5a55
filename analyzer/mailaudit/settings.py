# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit] of a site file. Paths are taken from the folder the site file is in."""

from mailaudit.directory.settings import DirectorySettings
from mailaudit.enforcement.settings import EnforcementSettings
from mailaudit.notices.settings import NoticeSettings
from mailaudit.reports.settings import ReportSettings
from mailaudit.serverkeys import Table
from mailaudit.sweep.settings import SweepSettings


class AuditSettings(Table):
    """The table [audit]."""

    directory: DirectorySettings | None = None
    """Where the office's directory is."""
    sweep: SweepSettings = SweepSettings()
    """How much a sweep may do, and on what grounds."""
    enforcement: EnforcementSettings | None = None
    """How mailboxes are closed, and where reclaimed mail goes."""
    notices: NoticeSettings | None = None
    """Who writes to the office's people."""
    reports: ReportSettings = ReportSettings()
    """The office's own forms of reports."""
