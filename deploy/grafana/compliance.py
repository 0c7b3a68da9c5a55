# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps and compliance: who lies idle, what was done about it, which reports are due, which duties hold."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import DAYS, MOMENT, NUMBER, SECONDS, board, course, listing, number, ranking, side_by_side

HERE = 'instance=~"$instance"'
FIRING = 'ALERTS{alertstate="firing", job=~"mailgate|mailaudit"}'


def compliance() -> Dashboard:
    """Build the dashboard."""
    made = board(
        "postwarden-compliance",
        "Postwarden: sweeps and compliance",
        "What the regulation asks for, and what has been done. It needs mailaudit metrics --site.",
        "mailaudit_store_up",
    )
    _now(made)
    _idle(made)
    _done(made)
    _duties(made)
    return made


def _now(made: Dashboard) -> None:
    due = f"(min(mailaudit_report_due_timestamp_seconds{{{HERE}}}) - time()) / 86400"
    to_lock = f'sum(mailaudit_due_mailboxes{{{HERE}, step=~"lock|reclaim"}})'
    side_by_side(
        made,
        "Now",
        number("Next report due in", due, DAYS, red_below=7),
        number("To be locked or reclaimed", to_lock, NUMBER, "By a sweep of today."),
        number("Steps unfinished", f"sum(mailaudit_sweep_unfinished_steps{{{HERE}}})", NUMBER, red_from=1),
        number("Last sweep", f"1000 * max(mailaudit_sweep_last_run_timestamp_seconds{{{HERE}}})", MOMENT),
        number("Letters waiting", f'sum(mailaudit_notices{{{HERE}, state=~"queued|sending"}})', NUMBER),
        number("Alerts", f"count({FIRING}) or vector(0)", NUMBER, red_from=1),
    )


def _idle(made: Dashboard) -> None:
    ends = f"min by (by, period) (mailaudit_report_due_timestamp_seconds{{{HERE}}})"
    days = f"({ends} - time()) / 86400"
    side_by_side(
        made,
        "What is due",
        ranking(
            "Idle mailboxes by stage",
            f'sum by (step) (mailaudit_due_mailboxes{{{HERE}, duty="inactivity"}})',
            "{{step}}",
            NUMBER,
            "unproven: due by its dates, but the logs do not prove it.",
        ),
        course(
            "Due, by duty and step",
            {"{{duty}}: {{step}}": f"sum by (duty, step) (mailaudit_due_mailboxes{{{HERE}}})"},
            NUMBER,
        ),
        listing(
            "Reports due",
            f"sort({days})",
            DAYS,
            "Days left, by who reports and for which period.",
        ),
    )


def _done(made: Dashboard) -> None:
    side_by_side(
        made,
        "What was done",
        course(
            "Done with mailboxes",
            {"{{event}}": f"sum by (event) (increase(mailaudit_record_entries_total{{{HERE}}}[1d]))"},
            NUMBER,
            "In a day: steps of sweeps, and what people did or said.",
        ),
        ranking("In all", f"sum by (event) (mailaudit_record_entries_total{{{HERE}}})", "{{event}}", NUMBER),
        ranking("Letters", f"sum by (state) (mailaudit_notices{{{HERE}}})", "{{state}}", NUMBER),
    )


def _duties(made: Dashboard) -> None:
    side_by_side(
        made,
        "Duties at the door, all gates",
        ranking(
            "Breaches in the period",
            "sort_desc(sum by (duty, mode) (increase(mailgate_findings_total[$__range])) > 0)",
            "{{duty}} ({{mode}})",
            NUMBER,
        ),
        course(
            "Breaches",
            {"{{duty}}": "sum by (duty) (increase(mailgate_findings_total[1h])) > 0"},
            NUMBER,
            "In an hour.",
        ),
        ranking(
            "Directory by kind",
            f"sum by (kind) (mailaudit_directory_mailboxes{{{HERE}}})",
            "{{kind}}",
            NUMBER,
        ),
    )
    side_by_side(
        made,
        "Directory",
        number(
            "Directory", f"min(mailaudit_directory_up{{{HERE}}})", NUMBER, "1: it can be read.", red_below=1
        ),
        number(
            "Published",
            f"1000 * max(mailaudit_snapshot_made_timestamp_seconds{{{HERE}}})",
            MOMENT,
            "To the gate.",
        ),
        number(
            "The gates know it as of",
            "1000 * min(mailgate_snapshot_made_timestamp_seconds > 0)",
            MOMENT,
            "The gate that is furthest behind.",
        ),
        number(
            "Behind",
            "max(mailgate_snapshot_age_seconds)",
            SECONDS,
            "The age of the oldest snapshot in use.",
            red_from=2 * 86400,
        ),
    )
