# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about clients that connect: smtpd and postscreen, and milters in smtpd and cleanup."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix_pieces import CLIENT, ENVELOPE, REFUSAL, REFUSED_AT

_CHECKED = (
    "reject",
    "warning",
    "info",
    "discard",
    "hold",
    "replace",
    "prepend",
    "redirect",
    "filter",
    "strip",
)
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
    "DNSBL",
    "COMMAND",
    "NON-SMTP",
    "BARE",
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
    ),
    LineKind(
        "header-check",
        tuple(
            f"{action}: {part} "
            for action in _CHECKED
            for part in ("header", "body", "mime-header", "nested-header")
        ),
        "(?P<action>[a-z]+): [a-z-]+ .*; from=<(?P<sender>.*?)> to=<(?P<recipient>.*?)>.*",
        {
            "D8B07E3DB6: warning: header Subject: thu moi hop from unknown[192.0.2.7]; from=<a@example.org> "
            "to=<vanthu@example.com> proto=ESMTP helo=<pc7>": {
                "action": "warning",
                "sender": "a@example.org",
                "recipient": "vanthu@example.com",
            },
        },
    ),
    LineKind(
        "reject",
        ("reject: ", "reject_warning: "),
        (f"reject(?:_warning)?: {REFUSED_AT}", *REFUSAL),
        {
            "NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <y@example.com>: Relay access denied; "
            "from=<x@example.org> to=<y@example.com> proto=ESMTP helo=<bad>": {
                "queue_id": None,
                "stage": "RCPT",
                "address": "192.0.2.7",
                "dsn": "5.7.1",
                "reason": "<y@example.com>: Relay access denied",
                "sender": "x@example.org",
                "recipient": "y@example.com",
                "helo": "bad",
            },
            "NOQUEUE: reject: EHLO from unknown[192.0.2.7]: 504 5.5.2 <User>: Helo command rejected: need "
            "fully-qualified hostname; proto=SMTP helo=<User>": {"sender": None, "helo": "User"},
            "NOQUEUE: reject: CONNECT from [192.0.2.7]:1337: all server ports busy": {
                "address": "192.0.2.7",
                "reason": "all server ports busy",
            },
        },
        sure="reason",
    ),
    LineKind(
        "milter-reject",
        "milter-reject: ",
        (f"milter-reject: {REFUSED_AT}", *REFUSAL),
        {
            "4F89C2266CD: milter-reject: END-OF-MESSAGE from localhost[127.0.0.1]: 5.7.1 no subject; "
            "from=<a@example.org> to=<b@example.com>": {
                "stage": "END-OF-MESSAGE",
                "dsn": "5.7.1",
                "reason": "no subject",
                "recipient": "b@example.com",
            },
        },
        sure="reason",
    ),
    LineKind(
        "milter-hold",
        "milter-hold: ",
        (f"milter-hold: {REFUSED_AT}", *REFUSAL),
        {
            "1310930001DB: milter-hold: END-OF-MESSAGE from localhost[127.0.0.1]: milter triggers HOLD "
            "action; "
            "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<pc7>": {
                "reason": "milter triggers HOLD action",
                "sender": "a@example.org",
            },
        },
        sure="reason",
    ),
    LineKind(
        "milter-discard",
        "milter-discard: ",
        (f"milter-discard: {REFUSED_AT}", *REFUSAL),
        {
            "776E41855DB2: milter-discard: END-OF-MESSAGE from pc7[192.0.2.7]: milter triggers DISCARD "
            "action; "
            "from=<> to=<b@example.com>": {"sender": None, "recipient": "b@example.com"},
        },
        sure="reason",
    ),
    LineKind(
        "access-action",
        ("discard: ", "hold: ", "filter: ", "redirect: ", "warn: ", "bcc: ", "prepend: ", "delay: "),
        (f"(?P<action>[a-z]+): {REFUSED_AT}", *REFUSAL),
        {
            "NOQUEUE: filter: RCPT from unknown[192.0.2.7]: <a@example.org>: Sender address triggers FILTER "
            "scan:[127.0.0.1]:10026; from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<pc7>": {
                "action": "filter",
                "stage": "RCPT",
                "recipient": "b@example.com",
            },
        },
        sure="reason",
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
    ),
    LineKind(
        "tls-error",
        ("SSL_accept error from ", "SSL_connect error to "),
        f"SSL_[a-z]+ error (?:from|to) {CLIENT}: (?P<reason>.*)",
        {"SSL_accept error from unknown[192.0.2.7]: -1": {"address": "192.0.2.7", "reason": "-1"}},
    ),
    LineKind(
        "proxy-reply",
        ("proxy-accept: ", "proxy-reject: "),
        ("(?P<action>proxy-[a-z]+): (?P<stage>[A-Z-]+): ", f"(?P<reply>.+?){ENVELOPE}"),
        {
            "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as A0320E00C3; from=<a@example.org> "
            "to=<b@example.com> proto=ESMTP helo=<mail.example.org>": {
                "action": "proxy-accept",
                "reply": "250 2.0.0 Ok: queued as A0320E00C3",
                "helo": "mail.example.org",
            },
        },
        sure="reply",
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
        },
    ),
)
