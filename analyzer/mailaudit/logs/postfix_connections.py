# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about clients that connect: smtpd and postscreen."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix_pieces import CLIENT, USUAL_CLIENT

_POSTSCREEN = (
    "CONNECT",
    "DISCONNECT",
    "PASS",
    "ALLOWLISTED",
    "WHITELISTED",
    "DENYLISTED",
    "BLACKLISTED",
    "ALLOWLIST",
    "WHITELIST",
    "PREGREET",
    "HANGUP",
    "DENYLIST",
    "BLACKLIST",
    "UNPASS",
    "UNFAIL",
    "DROP",
    "SKIP",
    "ENFORCE",
    "DNSBL",
    "COMMAND",
    "NON-SMTP",
    "BARE",
    "DATA",
    "BDAT",
)

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
        "tls",
        ("Anonymous TLS ", "Untrusted TLS ", "Trusted TLS ", "Verified TLS "),
        f"[A-Z][a-z]+ TLS connection (?:established|reused) (?:from|to) {CLIENT}: .*",
        {
            "Anonymous TLS connection established from pc7[192.0.2.7]: TLSv1.3 with cipher "
            "TLS_AES_256_GCM_SHA384 (256/256 bits)": {"client_name": "pc7"},
            "Verified TLS connection established to mx.example.com[192.0.2.25]:25: TLSv1.3": {
                "address": "192.0.2.25",
            },
        },
        usual=tuple(
            f"{trust} TLS connection established {ends}: {{}}"
            for trust in ("Anonymous", "Untrusted", "Trusted", "Verified")
            for ends in (f"from {USUAL_CLIENT}", f"to {USUAL_CLIENT}:{{+::|0-9}}")
        ),
    ),
    LineKind(
        "tls-error",
        ("SSL_accept error from ", "SSL_connect error to "),
        f"SSL_[a-z]+ error (?:from|to) {CLIENT}: (?P<reason>.*)",
        {"SSL_accept error from unknown[192.0.2.7]: -1": {"address": "192.0.2.7", "reason": "-1"}},
    ),
    LineKind(
        "tls-setup",
        ("setting up TLS connection ", "TLS SNI ", "abort: TLS from ", "Refusing STARTTLS ", "Host offered "),
        "(?P<reason>setting up TLS|TLS SNI|abort: TLS|Refusing STARTTLS|Host offered STARTTLS).*",
        {
            "setting up TLS connection from pc7[192.0.2.7]": {"reason": "setting up TLS"},
            "NOQUEUE: abort: TLS from pc7[192.0.2.7]: handshake failed": {"reason": "abort: TLS"},
            "Host offered STARTTLS: [mx.example.com]": {},
        },
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
    LineKind(
        "postscreen",
        tuple(f"{word} " for word in _POSTSCREEN),
        r"(?P<action>[A-Z][A-Z -]*[A-Z])(?: [a-z0-9].*?)? (?:from |for )?\[(?P<address>[^\]]*)\]:\d+(?:[ "
        r":].*)?",
        {
            "CONNECT from [192.0.2.7]:53024 to [192.0.2.25]:25": {
                "action": "CONNECT",
                "address": "192.0.2.7",
            },
            "PASS OLD [192.0.2.7]:53024": {"action": "PASS OLD", "address": "192.0.2.7"},
            "PREGREET 14 after 0.08 from [192.0.2.7]:59415: EHLO ylmf-pc": {"action": "PREGREET"},
            "DNSBL rank 6 for [192.0.2.7]:53024": {"action": "DNSBL", "address": "192.0.2.7"},
            "COMMAND TIME LIMIT from [192.0.2.7]:3608 after CONNECT": {"action": "COMMAND TIME LIMIT"},
            "PASS NEW [2001:db8::7]:53024": {"action": "PASS NEW", "address": "2001:db8::7"},
            "HANGUP after 0.9 from [192.0.2.7]:59415 in tests after SMTP handshake": {"action": "HANGUP"},
            "BARE NEWLINE from [192.0.2.7]:3608 after MAIL": {"action": "BARE NEWLINE"},
            "COMMAND PIPELINING from [192.0.2.7]:3608 after HELO: MAIL FROM:<[a]:1>": {
                "address": "192.0.2.7"
            },
            "NON-SMTP COMMAND from [192.0.2.7]:3608 after CONNECT: GET / HTTP/1.1": {
                "action": "NON-SMTP COMMAND"
            },
            "ALLOWLIST VETO [192.0.2.7]:3608": {"action": "ALLOWLIST VETO"},
            "DATA without valid RCPT from [192.0.2.7]:3608": {"action": "DATA"},
        },
    ),
)
