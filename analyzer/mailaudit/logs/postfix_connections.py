# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about clients that connect: smtpd and postscreen, and milters in smtpd and cleanup."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix_pieces import CLIENT, ENVELOPE

_REFUSAL = (
    rf"(?P<stage>[A-Z-]+) from {CLIENT}: (?:\d{{3}} )?(?:(?P<dsn>\d\.\d+\.\d+) )?(?P<reason>.*?){ENVELOPE}"
)
_TLS = ("Anonymous TLS ", "Untrusted TLS ", "Trusted TLS ", "Verified TLS ")
_POSTSCREEN = (
    "CONNECT ", "DISCONNECT ", "PASS ", "ALLOWLISTED ", "WHITELISTED ", "DENYLISTED ", "BLACKLISTED ", "ALLOWLIST VETO ",
    "WHITELIST VETO ", "PREGREET ", "HANGUP ", "DNSBL ", "COMMAND ", "NON-SMTP COMMAND ", "BARE NEWLINE ", "BDAT ",
)  # fmt: skip

CONNECTIONS = (
    LineKind(
        "connect",
        "connect from ",
        rf"connect from {CLIENT}",
        {
            "connect from mail.example.org[192.0.2.7]": {"client_name": "mail.example.org", "address": "192.0.2.7"},
            "connect from unknown[2001:db8::7]": {"client_name": "unknown", "address": "2001:db8::7"},
        },
    ),
    LineKind(
        "disconnect",
        "disconnect from ",
        rf"disconnect from {CLIENT}(?: .*)?",
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
        rf"client={CLIENT}, sasl_method=(?P<method>[^,]*), sasl_username=(?P<user>[^,]+)(?:, .*)?",
        {
            "4F5C64474F: client=pc7.example.org[192.0.2.7], sasl_method=PLAIN, sasl_username=canbo1@example.org": {
                "queue_id": "4F5C64474F",
                "client_name": "pc7.example.org",
                "address": "192.0.2.7",
                "method": "PLAIN",
                "user": "canbo1@example.org",
            },
            "4fXq2L1zTnz9vKJ: client=unknown[192.0.2.7], sasl_method=LOGIN, sasl_username=canbo1, sasl_sender=x@y": {
                "queue_id": "4fXq2L1zTnz9vKJ",
                "user": "canbo1",
            },
        },
    ),
    LineKind(
        "client",
        "client=",
        rf"client={CLIENT}(?:, orig_queue_id=(?P<related_queue_id>[^,]+))?(?:, .*)?",
        {
            "7229D2266BB: client=localhost[127.0.0.1]": {"queue_id": "7229D2266BB", "address": "127.0.0.1"},
            "NOQUEUE: client=unknown[192.0.2.7]": {"queue_id": None, "address": "192.0.2.7"},
            "ED01244770: client=localhost[127.0.0.1], orig_queue_id=4F5C64474F, orig_client=unknown[192.0.2.7]": {
                "related_queue_id": "4F5C64474F",
            },
        },
    ),
    LineKind(
        "header-check",
        tuple(
            f"{action}: {part} "
            for action in ("reject", "warning", "info", "discard", "hold", "replace", "prepend", "redirect", "filter", "strip")
            for part in ("header", "body", "mime-header", "nested-header")
        ),
        r"(?P<action>[a-z]+): [a-z-]+ .*; from=<(?P<sender>.*?)> to=<(?P<recipient>.*?)>.*",
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
        rf"reject(?:_warning)?: {_REFUSAL}",
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
            "fully-qualified hostname; proto=SMTP helo=<User>": {"stage": "EHLO", "sender": None, "helo": "User"},
            "NOQUEUE: reject: CONNECT from [192.0.2.7]:1337: all server ports busy": {
                "reason": "all server ports busy",
                "address": "192.0.2.7",
            },
        },
    ),
    *(
        LineKind(
            f"milter-{action}",
            f"milter-{action}: ",
            f"milter-{action}: {_REFUSAL}",
            {f"{queue_id}: milter-{action}: {text}; from=<a@example.org> to=<b@example.com>": expected},
        )
        for action, queue_id, text, expected in (
            (
                "reject",
                "4F89C2266CD",
                "END-OF-MESSAGE from localhost[127.0.0.1]: 5.7.1 no subject",
                {"stage": "END-OF-MESSAGE", "dsn": "5.7.1", "reason": "no subject", "recipient": "b@example.com"},
            ),
            (
                "hold",
                "1310930001DB",
                "END-OF-MESSAGE from localhost[127.0.0.1]: milter triggers HOLD action",
                {"queue_id": "1310930001DB", "reason": "milter triggers HOLD action"},
            ),
            (
                "discard",
                "776E41855DB2",
                "END-OF-MESSAGE from localhost[127.0.0.1]: milter triggers DISCARD action",
                {"sender": "a@example.org"},
            ),
        )
    ),
    LineKind(
        "access-action",
        ("discard: ", "hold: ", "filter: ", "redirect: ", "warn: ", "bcc: ", "prepend: ", "delay: "),
        rf"(?P<action>[a-z]+): {_REFUSAL}",
        {
            "NOQUEUE: filter: RCPT from unknown[192.0.2.7]: <a@example.org>: Sender address triggers FILTER "
            "scan:[127.0.0.1]:10026; from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<pc7>": {
                "action": "filter",
                "stage": "RCPT",
                "recipient": "b@example.com",
            },
        },
    ),
    LineKind(
        "broken-off",
        ("lost connection after ", "timeout after ", "too many errors after ", "improper command pipelining after "),
        rf"(?P<reason>[a-z ]+) after (?P<stage>[A-Z-]+)(?: \(\d+ bytes\))? from {CLIENT}(?::.*)?",
        {
            "lost connection after AUTH from unknown[192.0.2.7]": {"reason": "lost connection", "stage": "AUTH"},
            "timeout after END-OF-MESSAGE from unknown[192.0.2.7]": {"stage": "END-OF-MESSAGE"},
            "lost connection after DATA (0 bytes) from unknown[192.0.2.7]": {"stage": "DATA", "address": "192.0.2.7"},
        },
    ),
    LineKind(
        "sasl-failure",
        "warning: ",
        rf"warning: {CLIENT}: SASL (?P<method>[^ ]+) authentication (?:failed|aborted)"
        r"(?:: ?(?P<reason>.*?))?(?:, sasl_username=(?P<user>.*))?",
        {
            "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=admin": {
                "address": "192.0.2.7",
                "method": "LOGIN",
                "reason": "(reason unavailable)",
                "user": "admin",
            },
            "warning: unknown[192.0.2.7]: SASL PLAIN authentication failed:": {"method": "PLAIN", "user": None},
        },
    ),
    LineKind(
        "hostname-mismatch",
        "warning: hostname ",
        r"warning: hostname (?P<client_name>[^ ]+) does not resolve to address (?P<address>[^ ]+?)(?:: (?P<reason>.*))?",
        {
            "warning: hostname bad.example.org does not resolve to address 192.0.2.7: Name or service not known": {
                "client_name": "bad.example.org",
                "address": "192.0.2.7",
            },
        },
    ),
    LineKind(
        "rate-limit",
        "warning: ",
        rf"warning: (?P<reason>[A-Z][A-Za-z ]+ limit exceeded): \d+ from {CLIENT} for service .*",
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
        rf"warning: non-SMTP command from {CLIENT}: .*",
        {"warning: non-SMTP command from unknown[192.0.2.7]: GET / HTTP/1.1": {"address": "192.0.2.7"}},
    ),
    LineKind(
        "tls",
        _TLS,
        rf"[A-Z][a-z]+ TLS connection (?:established|reused) (?:from|to) {CLIENT}: .*",
        {
            "Anonymous TLS connection established from pc7.example.org[192.0.2.7]: TLSv1.3 with cipher "
            "TLS_AES_256_GCM_SHA384 (256/256 bits)": {"client_name": "pc7.example.org"},
        },
    ),
    LineKind(
        "tls-error",
        ("SSL_accept error from ", "SSL_connect error to "),
        rf"SSL_[a-z]+ error (?:from|to) {CLIENT}: (?P<reason>.*)",
        {"SSL_accept error from unknown[192.0.2.7]: -1": {"address": "192.0.2.7", "reason": "-1"}},
    ),
    LineKind(
        "proxy-reply",
        ("proxy-accept: ", "proxy-reject: "),
        rf"(?P<action>proxy-[a-z]+): (?P<stage>[A-Z-]+): (?P<reply>.*?){ENVELOPE}",
        {
            "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as A0320E00C3; from=<a@example.org> "
            "to=<b@example.com> proto=ESMTP helo=<mail.example.org>": {
                "action": "proxy-accept",
                "reply": "250 2.0.0 Ok: queued as A0320E00C3",
                "helo": "mail.example.org",
            },
        },
    ),
    LineKind(
        "bare-newline",
        ("bare <LF> received ", "disconnect: bare <LF>"),
        rf"(?P<reason>bare <LF> received) after (?P<stage>[A-Z-]+) from {CLIENT}",
        {"bare <LF> received after DATA from mail.example.org[192.0.2.7]": {"stage": "DATA"}},
    ),
    LineKind(
        "postscreen",
        _POSTSCREEN,
        r"(?P<action>[A-Z][A-Z -]*[A-Z])(?: [a-z0-9].*?)? (?:from |for )?\[(?P<address>[^\]]*)\]:\d+(?:[ :].*)?",
        {
            "CONNECT from [192.0.2.7]:53024 to [192.0.2.25]:25": {"action": "CONNECT", "address": "192.0.2.7"},
            "PASS OLD [192.0.2.7]:53024": {"action": "PASS OLD"},
            "PREGREET 14 after 0.08 from [192.0.2.7]:59415: EHLO ylmf-pc": {"action": "PREGREET"},
            "DNSBL rank 6 for [192.0.2.7]:53024": {"action": "DNSBL", "address": "192.0.2.7"},
            "COMMAND TIME LIMIT from [192.0.2.7]:3608 after CONNECT": {"action": "COMMAND TIME LIMIT"},
        },
    ),
)  # fmt: skip
