# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about itself: starts and stops, statistics, warnings and errors."""

from mailaudit.logs.kinds import LineKind

SERVICE = (
    LineKind(
        "service",
        (
            "starting the Postfix mail system",
            "stopping the Postfix mail system",
            "refreshing the Postfix mail system",
            "daemon started ",
            "terminating on signal ",
            "reload ",
            "waiting for the Postfix mail system",
            "aborting the Postfix mail system",
            "the Postfix mail system is ",
        ),
        "(?P<action>starting|stopping|refreshing|waiting|aborting|daemon started|terminating|reload|the) ?.*",
        {
            "daemon started -- version 3.7.11, configuration /etc/postfix": {"action": "daemon started"},
            "stopping the Postfix mail system": {"action": "stopping"},
        },
    ),
    LineKind(
        "statistics",
        ("statistics: ", "cache "),
        "(?:statistics:|cache) .*",
        {
            "statistics: max connection count 1 for (smtpd:192.0.2.7) at Oct 26 18:13:50": {},
            "cache btree:/var/lib/postfix/verify_cache full cleanup: retained=1 dropped=0 entries": {},
        },
        usual=("statistics: {}",),
    ),
    LineKind(
        "table-changed",
        "table ",
        r"table [^ ]+ has changed -+ (?:restarting|finishing in the background)",
        {"table hash:/etc/aliases(0,lock|fold_fix) has changed -- restarting": {}},
    ),
    LineKind(
        "default-used",
        "using backwards-compatible default setting ",
        "using backwards-compatible default setting (?P<reason>[^ ]*) .*",
        {
            'using backwards-compatible default setting append_dot_mydomain=yes to rewrite "a" to "a.b"': {
                "reason": "append_dot_mydomain=yes"
            }
        },
    ),
    LineKind(
        "dnsbl",
        "addr ",
        r"addr (?P<address>[^ ]+) listed by domain (?P<reason>.*)",
        {"addr 192.0.2.7 listed by domain list.example.net as 127.0.5.1": {"address": "192.0.2.7"}},
    ),
    LineKind(
        "repeated",
        "message repeated ",
        r"message repeated \d+ times: \[.*",
        {"message repeated 3 times: [ warning: x]": {}},
    ),
    *(
        LineKind(
            level,
            f"{level}: ",
            f"{level}: (?P<text>.*)",
            {f"{level}: dict_nis_init: no domain": {"text": "dict_nis_init: no domain"}},
        )
        for level in ("warning", "error", "fatal", "panic")
    ),
)
