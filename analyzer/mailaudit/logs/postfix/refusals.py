# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about what it refused, held or changed: restrictions, milters, checks and proxies."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import ENVELOPE, REFUSAL, REFUSED_AT, USUAL_CLIENT, address

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
    "bcc",
    "pass",
    "delay",
    "milter-header-reject",
    "milter-header-discard",
    "milter-header-hold",
    "milter-header-warning",
)
# A header holds what its writer likes: only what looks like one envelope and no second is read as one.
_WITHOUT_ENVELOPE = "(?:[^;]|;+(?:[^ ;]| [^f;]| f[^r;]))*"

REFUSALS = (
    LineKind(
        "header-check",
        tuple(
            f"{action}: {part} "
            for action in _CHECKED
            for part in ("header", "body", "mime-header", "nested-header", "mime-error")
        ),
        "(?P<action>[a-z-]+): [a-z-]+ "
        f"(?:{_WITHOUT_ENVELOPE}; from={address('sender')} to={address('recipient')}[^;]*|.*)",
        {
            "D8B07E3DB6: warning: header Subject: thu moi hop from unknown[192.0.2.7]; from=<a@example.org> "
            "to=<vanthu@example.com> proto=ESMTP helo=<pc7>": {
                "action": "warning",
                "sender": "a@example.org",
                "recipient": "vanthu@example.com",
            },
            "D8B07E3DB6: info: header Subject: x; from=<boss@example.org> to=<y> proto=ESMTP helo=<z> from "
            "unknown[192.0.2.7]; from=<a@example.org> to=<vanthu@example.com> proto=ESMTP helo=<pc7>: see": {
                "action": "info",
                "sender": None,
                "recipient": None,
            },
            "D8B07E3DB6: reject: mime-error improper use of 8-bit data in message header: x from "
            "unknown[192.0.2.7]; from=<a@example.org> to=<vanthu@example.com>": {"sender": "a@example.org"},
        },
        sure="action",
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
            'NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 550 5.1.1 <"x; from=<b@c> to=<d>"@example.com>: '
            "User unknown; from=<a@b> to=<e@example.com> proto=ESMTP helo=<x>": {
                "sender": "a@b",
                "helo": "x",
            },
            "reject: connect from [192.0.2.7]:1337: all screening ports busy": {"stage": "connect"},
            "NOQUEUE: reject: RCPT from [192.0.2.7]:1337: 550 5.7.1 Service unavailable; client [192.0.2.7] "
            "blocked using list.example.net; from=<a@b>, to=<c@d>, proto=ESMTP, helo=<x>": {
                "reason": "Service unavailable; client [192.0.2.7] blocked using list.example.net",
                "recipient": "c@d",
            },
            "NOQUEUE: reject: CONNECT from [192.0.2.7]:1337: all server ports busy": {
                "address": "192.0.2.7",
                "reason": "all server ports busy",
            },
        },
        sure="reason",
        usual=(
            f"reject: {{stage+: |A-Z-}} from {USUAL_CLIENT}: "
            "{:3*0-9} {<dsn}{:1*0-9}.{:1*0-9}.{+: |0-9}{>dsn} "
            '{reason+:;"}; from=<{sender:<>"}> to=<{recipient:<>"}> proto={+: ,} helo=<{helo:<>}>',
        ),
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
)
