# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes and usage: who uses what, how much mail there is, and whether the logs tell all of it."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import (
    A_MINUTE,
    BYTES,
    MOMENT,
    NUMBER,
    SECONDS,
    SHARE,
    board,
    course,
    number,
    ranking,
    side_by_side,
)

HERE = 'instance=~"$instance"'


def usage() -> Dashboard:
    """Build the dashboard."""
    made = board(
        "postwarden-usage",
        "Postwarden: mailboxes and usage",
        "What the audit knows from the logs. Nobody is named: mailaudit usage does that.",
        "mailaudit_store_up",
    )
    _now(made)
    _use(made)
    _logs(made)
    _reading(made)
    return made


def _now(made: Dashboard) -> None:
    month = f'mailaudit_active_mailboxes{{{HERE}, days="30"}}'
    side_by_side(
        made,
        "Now",
        number("Mailboxes", f"sum(mailaudit_directory_mailboxes{{{HERE}}})", NUMBER),
        number(
            "Used today", f'sum(mailaudit_active_mailboxes{{{HERE}, days="1"}})', NUMBER, "Within 24 hours."
        ),
        number("Used this week", f'sum(mailaudit_active_mailboxes{{{HERE}, days="7"}})', NUMBER),
        number("Used this month", f"sum({month})", NUMBER),
        number("Share used", f"sum({month}) / sum(mailaudit_directory_mailboxes{{{HERE}}})", SHARE),
        number("Logins in 24 hours", f"sum(increase(mailaudit_logins_total{{{HERE}}}[1d]))", NUMBER),
    )


def _use(made: Dashboard) -> None:
    units = f"mailaudit_unit_active_mailboxes{{{HERE}}} / mailaudit_unit_mailboxes{{{HERE}}}"
    side_by_side(
        made,
        "Use",
        course(
            "Logins",
            {"logins": f"sum(increase(mailaudit_logins_total{{{HERE}}}[1h]))"},
            NUMBER,
            "In an hour.",
        ),
        course(
            "Messages",
            {"{{direction}}": f"sum by (direction) (increase(mailaudit_messages_total{{{HERE}}}[1h]))"},
            NUMBER,
            "In an hour.",
        ),
        course(
            "Bytes",
            {"{{direction}}": f"sum by (direction) (increase(mailaudit_message_bytes_total{{{HERE}}}[1h]))"},
            BYTES,
            "In an hour.",
        ),
        ranking(
            "Mailboxes used this month, by unit", f"sort_desc({units})", "{{unit}}", SHARE, "With --units."
        ),
    )


def _logs(made: Dashboard) -> None:
    lines = f"mailaudit_lines_total{{{HERE}"
    side_by_side(
        made,
        "Logs",
        course(
            "Lines by program",
            {"{{program}}": f"60 * sum by (program) (rate({lines}}}[$__rate_interval]))"},
            A_MINUTE,
            stacked=True,
        ),
        course(
            "Lines not understood",
            {"{{program}}": f'sum by (program) (increase({lines}, kind=~"unparsed|unreadable"}}[1h]))'},
            NUMBER,
            "In an hour.",
        ),
        course("Share not understood", {"{{program}}": f"mailaudit_unparsed_ratio{{{HERE}}}"}, SHARE),
    )


def _reading(made: Dashboard) -> None:
    until = f"time() - max by (host) (mailaudit_coverage_until_timestamp_seconds{{{HERE}}})"
    looked = f"time() - mailaudit_follow_looked_timestamp_seconds{{{HERE}}}"
    newest = f"time() - mailaudit_follow_newest_line_timestamp_seconds{{{HERE}}}"
    side_by_side(
        made,
        "Whether all is read",
        ranking(
            "Missing in the last 7 days", f"mailaudit_coverage_missing_seconds{{{HERE}}}", "{{host}}", SECONDS
        ),
        ranking("Logs end so long ago", until, "{{host}}", SECONDS),
        course(
            "Since following looked", {"{{instance}}": looked, "{{log}}: its newest line": newest}, SECONDS
        ),
        course("Not read yet", {"{{log}}": f"mailaudit_follow_unread_bytes{{{HERE}}}"}, BYTES),
    )
    side_by_side(
        made,
        "What reads",
        number("Store", f"min(mailaudit_store_up{{{HERE}}})", NUMBER, "1: it answers.", red_below=1),
        number(
            "Followed logs there",
            f"min(mailaudit_follow_log_present{{{HERE}}})",
            NUMBER,
            "0: one is missing.",
            red_below=1,
        ),
        number("Last ingest", f"1000 * max(mailaudit_ingest_ended_timestamp_seconds{{{HERE}}})", MOMENT),
        number("Logs it could not read", f"sum(mailaudit_ingest_failed_logs{{{HERE}}})", NUMBER, red_from=1),
    )
