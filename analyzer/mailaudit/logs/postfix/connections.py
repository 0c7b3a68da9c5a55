# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about clients that connect to smtpd."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import CLIENT, USUAL_CLIENT

CONNECTIONS = (
    LineKind(
        "connect",
        "connect from ",
        f"connect from {CLIENT}",
        {
            "connect from mail.example.org[192.0.2.7]": {
                "client_name": "mail.example.org",
                "address": "192.0.2.7",
            },
            "connect from unknown[2001:db8::7]": {"client_name": "unknown", "address": "2001:db8::7"},
        },
        usual=(f"connect from {USUAL_CLIENT}",),
    ),
    LineKind(
        "disconnect",
        "disconnect from ",
        f"disconnect from {CLIENT}(?: .*)?",
        {
            "disconnect from unknown[192.0.2.7] ehlo=2 starttls=1 auth=0/1 quit=1 commands=4/5": {
                "client_name": "unknown",
                "address": "192.0.2.7",
            },
        },
        usual=(
            f"disconnect from {USUAL_CLIENT} {{}}",
            f"disconnect from {USUAL_CLIENT}",
        ),
    ),
    LineKind(
        "client-login",
        "client=",
        f"client={CLIENT}, sasl_method=(?P<method>[^,]*), sasl_username=(?P<user>[^,]+)(?:, .*)?",
        {
            "4F5C64474F: client=pc7[192.0.2.7], sasl_method=PLAIN, sasl_username=canbo1@example.org": {
                "queue_id": "4F5C64474F",
                "client_name": "pc7",
                "address": "192.0.2.7",
                "method": "PLAIN",
                "user": "canbo1@example.org",
            },
            "4fXq2L1zTnz9vKJ: client=unknown[192.0.2.7], sasl_method=LOGIN, sasl_username=a, "
            "sasl_sender=b@c": {
                "queue_id": "4fXq2L1zTnz9vKJ",
                "user": "a",
            },
        },
        sure="user",
        usual=(f"client={USUAL_CLIENT}, sasl_method={{method:,}}, sasl_username={{user+:,}}",),
    ),
    LineKind(
        "client",
        "client=",
        f"client={CLIENT}(?:, orig_queue_id=(?P<related_queue_id>[^,]+))?(?:, .*)?",
        {
            "7229D2266BB: client=localhost[127.0.0.1]": {"queue_id": "7229D2266BB", "address": "127.0.0.1"},
            "NOQUEUE: client=unknown[192.0.2.7]": {"queue_id": None, "address": "192.0.2.7"},
            "ED01244770: client=localhost[127.0.0.1], orig_queue_id=4F5C64474F, "
            "orig_client=unknown[192.0.2.7]": {
                "related_queue_id": "4F5C64474F",
            },
        },
        usual=(f"client={USUAL_CLIENT}",),
    ),
    LineKind(
        "broken-off",
        (
            "lost connection after ",
            "timeout after ",
            "too many errors after ",
            "improper command pipelining after ",
        ),
        f"(?P<reason>[a-z ]+) after (?P<stage>[A-Z-]+)(?: [(][0-9]+ bytes[)])? from {CLIENT}(?::.*)?",
        {
            "lost connection after AUTH from unknown[192.0.2.7]": {
                "reason": "lost connection",
                "stage": "AUTH",
            },
            "timeout after END-OF-MESSAGE from unknown[192.0.2.7]": {"stage": "END-OF-MESSAGE"},
            "lost connection after DATA (0 bytes) from unknown[192.0.2.7]": {"address": "192.0.2.7"},
            "improper command pipelining after NOOP from unknown[192.0.2.7]: QUIT": {"stage": "NOOP"},
        },
        sure="reason",
        usual=(
            f"{{<reason}}lost connection{{>reason}} after {{stage+: |A-Z-}} from {USUAL_CLIENT}",
            f"{{<reason}}timeout{{>reason}} after {{stage+: |A-Z-}} from {USUAL_CLIENT}",
        ),
    ),
    LineKind(
        "sasl-failure",
        "warning: ",
        (
            f"warning: {CLIENT}: SASL ",
            "(?P<method>[^ ]+) authentication (?:failed|aborted)"
            "(?:: ?(?P<reason>.*?))?(?:, sasl_username=(?P<user>.*))?",
        ),
        {
            "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: (reason unavailable), "
            "sasl_username=admin": {
                "address": "192.0.2.7",
                "method": "LOGIN",
                "reason": "(reason unavailable)",
                "user": "admin",
            },
            "warning: unknown[192.0.2.7]:55729: SASL PLAIN authentication failed:": {
                "method": "PLAIN",
                "user": None,
            },
        },
        usual=(
            f"warning: {USUAL_CLIENT}: SASL {{method+: }} authentication failed: {{reason:,:}}, "
            "sasl_username={user}",
        ),
    ),
    LineKind(
        "hostname-mismatch",
        "warning: hostname ",
        "warning: hostname (?P<client_name>[^ ]+) does not resolve to address (?P<address>[^ ]+?)"
        "(?:: (?P<reason>.*))?",
        {
            "warning: hostname bad.example.org does not resolve to address 192.0.2.7: Name not known": {
                "client_name": "bad.example.org",
                "address": "192.0.2.7",
                "reason": "Name not known",
            },
        },
        usual=("warning: hostname {client_name+: } does not resolve to address {address+: }",),
    ),
    LineKind(
        "rate-limit",
        "warning: ",
        f"warning: (?P<reason>[A-Z][A-Za-z ]+ limit exceeded): [0-9]+ from {CLIENT} for service .*",
        {
            "warning: Connection rate limit exceeded: 31 from unknown[192.0.2.7] for service smtpd": {
                "reason": "Connection rate limit exceeded",
                "address": "192.0.2.7",
            },
        },
    ),
    LineKind(
        "non-smtp-command",
        "warning: non-SMTP command from ",
        f"warning: non-SMTP command from {CLIENT}: .*",
        {"warning: non-SMTP command from unknown[192.0.2.7]: GET / HTTP/1.1": {"address": "192.0.2.7"}},
    ),
    LineKind(
        "etrn-refused",
        ("reject: ETRN ", "bad ETRN "),
        rf"(?:reject:|bad) ETRN .*\.\.\. from {CLIENT}",
        {"reject: ETRN x from y[192.0.2.8]... from pc7[192.0.2.7]": {"address": "192.0.2.7"}},
    ),
    LineKind(
        "stress",
        ("entering STRESS mode ", "leaving STRESS mode "),
        "(?P<action>entering|leaving) STRESS mode with .*",
        {"entering STRESS mode with 70 connections": {"action": "entering"}},
    ),
    LineKind(
        "bare-newline",
        "bare <LF> received ",
        f"bare <LF> received after (?P<stage>[A-Z-]+) from {CLIENT}",
        {"bare <LF> received after DATA from mail.example.org[192.0.2.7]": {"stage": "DATA"}},
    ),
)
