# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of `mailaudit`: in which order its help shows them, and where each is."""

from collections.abc import Mapping

from mailaudit.later import Later

PANELS: Mapping[str, tuple[str, ...]] = {
    "Read logs": ("ingest", "follow", "summary", "coverage", "unparsed", "analyze"),
    "Who uses what": ("last-login", "usage", "habits", "acknowledgement", "signs", "trace"),
    "Keep the regulation": ("directory", "publish", "violations", "sweep", "mailbox", "notices"),
    "Report and watch": ("report", "calendar", "metrics"),
}
"""All commands, as the help puts them together."""

LATER: Mapping[str, Later] = {
    "follow": Later(
        "mailaudit.follow.cli",
        "follow_command",
        "Example: mailaudit --home /var/lib/mailaudit follow /var/log/mail.log",
    ),
    "coverage": Later(
        "mailaudit.coverage.cli",
        "coverage_command",
        "Example: mailaudit --home /var/lib/mailaudit coverage --host mail",
    ),
    "unparsed": Later(
        "mailaudit.unparsed.cli",
        "unparsed_command",
        "Example: mailaudit --home /var/lib/mailaudit unparsed --json",
    ),
    "analyze": Later(
        "mailaudit.analyze.cli",
        "analyze_command",
        "Example: mailaudit --engine spark://master:7077 analyze /srv/logs",
    ),
    "usage": Later(
        "mailaudit.usage.cli",
        "usage_command",
        "Example: mailaudit --home /var/lib/mailaudit usage --by unit --site /etc/postwarden/site.toml",
    ),
    "habits": Later(
        "mailaudit.habits.cli",
        "habits_command",
        "Example: mailaudit --home /var/lib/mailaudit habits --site /etc/postwarden/site.toml",
    ),
    "acknowledgement": Later(
        "mailaudit.acknowledgement.cli",
        "acknowledgement_command",
        "Example: mailaudit --home /var/lib/mailaudit acknowledgement --site /etc/postwarden/site.toml",
    ),
    "signs": Later(
        "mailaudit.signs.cli",
        "signs_command",
        "Example: mailaudit --home /var/lib/mailaudit signs --site /etc/postwarden/site.toml",
    ),
    "trace": Later(
        "mailaudit.trace.cli",
        "trace_command",
        "Example: mailaudit --home /var/lib/mailaudit trace 4F5C64474F",
    ),
    "directory": Later("mailaudit.directory.cli", "app"),
    "publish": Later(
        "mailaudit.publish.cli",
        "publish_command",
        "Example: mailaudit publish --site /etc/postwarden/site.toml",
    ),
    "violations": Later(
        "mailaudit.violations.cli",
        "violations_command",
        "Example: mailaudit --home /var/lib/mailaudit violations --site /etc/postwarden/site.toml",
    ),
    "sweep": Later("mailaudit.sweep.cli", "app"),
    "mailbox": Later("mailaudit.mailbox.cli", "app"),
    "notices": Later("mailaudit.notices.cli", "app"),
    "report": Later(
        "mailaudit.reports.cli",
        "report_command",
        "Example: mailaudit --home /var/lib/mailaudit report --site /etc/postwarden/site.toml "
        "--period 2026-H1 --out report.docx",
    ),
    "calendar": Later(
        "mailaudit.calendar.cli",
        "calendar_command",
        "Example: mailaudit calendar --regulation CT --year 2027 --ics reports.ics",
    ),
    "metrics": Later(
        "mailaudit.metrics.cli",
        "metrics_command",
        "Example: mailaudit --home /var/lib/mailaudit metrics --site /etc/postwarden/site.toml",
    ),
}
"""Those that are loaded when they are asked for; the others are in mailaudit.cli."""
