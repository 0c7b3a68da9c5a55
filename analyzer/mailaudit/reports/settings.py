# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.reports] of a site file: the office's own reports. docs/reports.md explains it."""

from mailaudit.serverkeys import Table
from mailpolicy.files.fields import Text


class ReportSettings(Table):
    """The table [audit.reports]."""

    templates: Text | None = None
    """A folder with forms and a report.docx of the office's own, in place of those that come with it."""
