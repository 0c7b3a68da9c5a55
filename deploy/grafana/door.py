# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: what becomes of mail, which duties find something, and how the gate is doing."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import A_MINUTE, MOMENT, NUMBER, SECONDS, SHARE, board, course, number, ranking, side_by_side

HERE = 'instance=~"$instance"'
RATE = "[$__rate_interval]"


def door() -> Dashboard:
    """Build the dashboard."""
    made = board(
        "postwarden-door", "Postwarden: the door", "What the gate does with mail.", "mailgate_messages_total"
    )
    _now(made)
    _mail(made)
    _duties(made)
    _time(made)
    _health(made)
    return made


def _now(made: Dashboard) -> None:
    rejects = f'sum(rate(mailgate_verdicts_total{{{HERE}, action="reject"}}[1h]))'
    puts_off = f'sum(rate(mailgate_verdicts_total{{{HERE}, action="tempfail"}}[1h]))'
    messages = f"sum(rate(mailgate_messages_total{{{HERE}}}[1h]))"
    side_by_side(
        made,
        "Now",
        number("Messages", f"60 * sum(rate(mailgate_messages_total{{{HERE}}}{RATE}))", A_MINUTE),
        number("Refused in the last hour", f"{rejects} / {messages}", SHARE, red_from=0.2),
        number("Put off in the last hour", f"{puts_off} / {messages}", SHARE, red_from=0.05),
        number("Workers", f"sum(mailgate_workers{{{HERE}}})", NUMBER, red_below=1),
        number("Site file read", f"1000 * max(mailgate_config_loaded_timestamp_seconds{{{HERE}}})", MOMENT),
        number(
            "Snapshot's age", f"max(mailgate_snapshot_age_seconds{{{HERE}}})", SECONDS, red_from=2 * 86400
        ),
    )


def _mail(made: Dashboard) -> None:
    side_by_side(
        made,
        "What becomes of mail",
        course(
            "Messages by what was done",
            {"{{action}}": f"60 * sum by (action) (rate(mailgate_verdicts_total{{{HERE}}}{RATE}))"},
            A_MINUTE,
            stacked=True,
        ),
        course(
            "Messages by gate",
            {"{{instance}}": f"60 * sum by (instance) (rate(mailgate_messages_total{{{HERE}}}{RATE}))"},
            A_MINUTE,
        ),
    )


def _duties(made: Dashboard) -> None:
    findings = f"mailgate_findings_total{{{HERE}, mode="
    side_by_side(
        made,
        "Duties",
        ranking(
            "Enforced: findings in the period",
            f'sort_desc(sum by (duty, action) (increase({findings}"enforce"}}[$__range])) > 0)',
            "{{duty}}: {{action}}",
            NUMBER,
        ),
        ranking(
            "Observed: what would have been done",
            f'sort_desc(sum by (duty, action) (increase({findings}"observe"}}[$__range])) > 0)',
            "{{duty}}: {{action}}",
            NUMBER,
            "Mail was untouched: look here before a duty is enforced.",
        ),
        course(
            "Findings of enforced duties",
            {"{{duty}}": f'60 * sum by (duty) (rate({findings}"enforce"}}{RATE})) > 0'},
            A_MINUTE,
        ),
    )


def _time(made: Dashboard) -> None:
    buckets = f"sum by (le) (rate(mailgate_message_seconds_bucket{{{HERE}}}{RATE}))"
    spent = f"sum(rate(mailgate_message_seconds_sum{{{HERE}}}{RATE}))"
    count = f"sum(rate(mailgate_message_seconds_count{{{HERE}}}{RATE}))"
    side_by_side(
        made,
        "Time",
        course(
            "From a message's end to the answer",
            {
                "half": f"histogram_quantile(0.5, {buckets})",
                "nine in ten": f"histogram_quantile(0.9, {buckets})",
                "99 in 100": f"histogram_quantile(0.99, {buckets})",
                "mean": f"{spent} / {count}",
            },
            SECONDS,
        ),
        course(
            "Waiting for DNS, per second",
            {"{{instance}}": f"sum by (instance) (rate(mailgate_dns_seconds_total{{{HERE}}}{RATE}))"},
            SECONDS,
        ),
        course(
            "Strangers' mail in an official name",
            {"{{outcome}}": f"60 * sum by (outcome) (rate(mailgate_sender_proofs_total{{{HERE}}}{RATE}))"},
            A_MINUTE,
        ),
    )


def _health(made: Dashboard) -> None:
    reloads = {
        "refused site files": f"sum(increase(mailgate_reload_failures_total{{{HERE}}}{RATE}))",
        "site file in force": f"min(mailgate_config_last_reload_success{{{HERE}}})",
        "snapshot in use": f"min(mailgate_snapshot_last_load_success{{{HERE}}})",
    }
    troubles = {
        "workers replaced": f"sum(increase(mailgate_worker_restarts_total{{{HERE}}}{RATE}))",
        "errors": f"sum(increase(mailgate_failures_total{{{HERE}}}{RATE}))",
        "lines not written": f"sum(increase(mailgate_log_failures_total{{{HERE}}}{RATE}))",
    }
    oddities = {
        "broken MIME": f"sum(increase(mailgate_malformed_messages_total{{{HERE}}}{RATE}))",
        "refusals nobody heard": f"sum(increase(mailgate_withheld_rejects_total{{{HERE}}}{RATE}))",
    }
    side_by_side(
        made,
        "Health",
        course("What should not happen", troubles, NUMBER),
        course("Configuration", reloads, NUMBER, "1: as it is now; 0: the one before is in force."),
        course("Odd mail", oddities, NUMBER),
        number("Mailboxes it knows", f"max(mailgate_snapshot_mailboxes{{{HERE}}})", NUMBER),
    )
