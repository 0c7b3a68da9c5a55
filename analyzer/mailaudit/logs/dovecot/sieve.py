# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about what people's Sieve scripts did with mail, and what people did with their scripts."""

from mailaudit.logs.dovecot.pieces import DELIVERING, MESSAGE_ID
from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import address

_TARGET = address("target")
_SIEVE = f"(?:Error: |Warning: )?sieve: (?:{MESSAGE_ID})?"
_SIEVE_BEGINS = ("sieve: ", "Error: sieve: ", "Warning: sieve: ")
_SCRIPT_DONE = (
    *("Stored script ", "Checked script ", "Activated script ", "Deactivated ", "Deleted script "),
    *("Renamed script ", "Retrieved script "),
)
_MSG = "lmtp(canbo1@example.org)<18880><YeeXN4>: sieve: msgid=<t6@example.net>: "

SIEVE = (
    LineKind(
        "sieve-stored",
        _SIEVE_BEGINS,
        _SIEVE + "(?:[a-z]+ action: )?stored mail into mailbox '(?P<folder>.*?)'(?: \\(.*\\))?",
        {
            f"{_MSG}stored mail into mailbox 'INBOX'": {
                "user": "canbo1@example.org",
                "message_id": "<t6@example.net>",
                "folder": "INBOX",
            },
            "lmtp(canbo1@example.org): z5FOLrRhDVpddgAABvoInA: sieve: msgid=unspecified: stored mail into "
            "mailbox 'a b'": {
                "session": "z5FOLrRhDVpddgAABvoInA",
                "message_id": "unspecified",
                "folder": "a b",
            },
            f"{_MSG}fileinto action: stored mail into mailbox 'Thư đến' (Th&AbA- &AREBvw-n)": {
                "folder": "Thư đến",
            },
        },
        services=DELIVERING,
        usual=(
            "sieve: msgid={message_id::}: stored mail into mailbox '{folder:'}'",
            "sieve: msgid={message_id::}: {+: |a-z} action: stored mail into mailbox '{folder:'}'",
        ),
    ),
    LineKind(
        "sieve-forwarded",
        _SIEVE_BEGINS,
        _SIEVE + f"(?:redirect action: )?forwarded to {_TARGET}",
        {
            f"{_MSG}redirect action: forwarded to <me@gmail.com>": {
                "user": "canbo1@example.org",
                "target": "me@gmail.com",
            },
            f"{_MSG}forwarded to <me@gmail.com>": {"target": "me@gmail.com"},
            f'{_MSG}redirect action: forwarded to <"x>: stored mail"@gmail.com>': {
                "target": '"x>: stored mail"@gmail.com',
            },
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-not-forwarded",
        _SIEVE_BEGINS,
        _SIEVE
        + r"(?:redirect action: )?(?P<reason>discarded duplicate forward to|failed to redirect message to|"
        r"not forwarding message to|failed to forward message to|failed to check for duplicate forward to) "
        + _TARGET
        + r"(?: ?[:(].*)?",
        {
            f"{_MSG}redirect action: discarded duplicate forward to <me@gmail.com>": {
                "reason": "discarded duplicate forward to",
                "target": "me@gmail.com",
            },
            f"{_MSG}redirect action: failed to redirect message to <me@gmail.com>: smtp(127.0.0.1:25): DATA "
            f"failed: "
            "550 5.7.1 no (permanent failure)": {"reason": "failed to redirect message to"},
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-answered",
        _SIEVE_BEGINS,
        _SIEVE
        + "(?:(?P<action>vacation|notify|reject|ereject|report)(?: action)?: )?"
        + f"(?:sent [a-z `'-]+ to|rejected message from) {_TARGET}(?: \\(.*\\))?",
        {
            f"{_MSG}vacation action: sent vacation response to <a@example.net>": {
                "action": "vacation",
                "target": "a@example.net",
            },
            f"{_MSG}notify action: sent mail notification to <me@gmail.com>": {"action": "notify"},
            f"{_MSG}sent vacation response to <a@example.net>": {"action": None, "target": "a@example.net"},
            f"{_MSG}reject action: rejected message from <a@example.net> (ereject)": {"action": "reject"},
            f"{_MSG}report action: sent `abuse' report to <a@example.net>": {"action": "report"},
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-discarded",
        _SIEVE_BEGINS,
        _SIEVE + "(?:[a-z]+ action: )?(?:marked message to be discarded|discarded message).*",
        {f"{_MSG}marked message to be discarded if not explicitly delivered (discard action)": {}},
        services=DELIVERING,
    ),
    LineKind(
        "sieve-failed",
        tuple(f"{begin}Execution of script " for begin in _SIEVE_BEGINS),
        "(?:Error: |Warning: )?sieve: Execution of script (?:'.*'|[^ ]*) (?P<reason>failed|was aborted).*",
        {
            "lmtp(canbo1@example.org)<1><a>: sieve: Execution of script /home/a/.dovecot.sieve failed, but "
            "implicit "
            "keep was successful": {"reason": "failed"},
            "lmtp(canbo1@example.org)<1><a>: Error: sieve: Execution of script /home/a/.dovecot.sieve was "
            "aborted due to "
            "temporary failure": {"reason": "was aborted"},
            "lmtp(canbo1@example.org)<1><a>: sieve: Execution of script '/home/a/.dovecot.sieve' failed": {
                "reason": "failed",
            },
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve",
        _SIEVE_BEGINS,
        _SIEVE + "(?P<reason>[^<>:]*).*",
        {
            f"{_MSG}not sending reject message to <>": {"message_id": "<t6@example.net>"},
            f"{_MSG}vacation action: discarded vacation reply to <>": {"reason": "vacation action"},
        },
        services=DELIVERING,
    ),
    LineKind(
        "script",
        (*_SCRIPT_DONE, "Listed ", "Failed to ", "Quota is within limits for script "),
        "(?P<action>[A-Z][a-z ]*) .*",
        {
            "managesieve(canbo1@example.org)<7><s>: Stored script `x' successfully (0 warnings)": {
                "user": "canbo1@example.org",
                "action": "Stored script",
            },
            "managesieve(canbo1@example.org)<7><s>: Listed 2 scripts": {"action": "Listed"},
        },
        services=("managesieve",),
    ),
)
