# SPDX-License-Identifier: GPL-3.0-or-later
"""Postscreen's lines about clients that it lets through to smtpd or not."""

from mailaudit.logs.kinds import LineKind

_WORDS = (
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

POSTSCREEN = (
    LineKind(
        "postscreen",
        tuple(f"{word} " for word in _WORDS),
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
