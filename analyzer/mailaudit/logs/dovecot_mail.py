# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about mail: LMTP deliveries, what Sieve did, mail submitted, and the mail_log plugin."""

from mailaudit.logs.kinds import LineKind

DELIVERING = ("lmtp", "lda", "imap", "imap-urlauth", "sieve-filter", "imapsieve")

_MESSAGE_ID = r"msgid=(?P<message_id><[^<>]*>|[^<>: ]*): "
_SIEVE = r"(?:Error: |Warning: )?sieve: (?:" + _MESSAGE_ID + ")?"
_SIEVE_BEGINS = ("sieve: ", "Error: sieve: ", "Warning: sieve: ")
_MSG = "lmtp(canbo1@example.org)<18880><YeeXN4>: sieve: msgid=<t6@example.net>: "

MAIL = (
    LineKind(
        "lmtp-connect",
        "Connect from ",
        "Connect from (?P<address>[^ ]*)",
        {"lmtp(18506): Connect from 127.0.0.1": {"address": "127.0.0.1", "user": None}},
        services=("lmtp",),
    ),
    LineKind(
        "lmtp-disconnect",
        "Disconnect from ",
        "Disconnect from (?P<address>[^ ]*?):? (?P<reason>.*)",
        {
            "lmtp(18506): Disconnect from 127.0.0.1: Logged out (state=READY)": {
                "reason": "Logged out (state=READY)"
            }
        },
        services=("lmtp",),
    ),
    LineKind(
        "delivered",
        "msgid=",
        _MESSAGE_ID + "saved mail to (?P<folder>.*)",
        {
            "lmtp(postmaster@example.org)<21013><HNgK>: msgid=<2026.1@example.org>: saved mail to INBOX": {
                "user": "postmaster@example.org",
                "message_id": "<2026.1@example.org>",
                "folder": "INBOX",
            },
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-stored",
        _SIEVE_BEGINS,
        _SIEVE + "(?:[a-z]+ action: )?stored mail into mailbox '(?P<folder>.*)'",
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
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-forwarded",
        _SIEVE_BEGINS,
        _SIEVE + "(?:redirect action: )?forwarded to <(?P<target>[^<>]*)>",
        {
            f"{_MSG}redirect action: forwarded to <me@gmail.com>": {
                "user": "canbo1@example.org",
                "target": "me@gmail.com",
            },
            f"{_MSG}forwarded to <me@gmail.com>": {"target": "me@gmail.com"},
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve-not-forwarded",
        _SIEVE_BEGINS,
        _SIEVE
        + r"(?:redirect action: )?(?P<reason>discarded duplicate forward to|failed to redirect message to|"
        r"not forwarding message to|discarded vacation|failed to forward message to) "
        r"<(?P<target>[^<>]*)>(?::.*)?",
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
        + "(?P<action>vacation|notify|reject|ereject|report)(?: action)?: "
        + "sent [a-z -]+ to <(?P<target>[^<>]*)>",
        {
            f"{_MSG}vacation action: sent vacation response to <a@example.net>": {
                "action": "vacation",
                "target": "a@example.net",
            },
            f"{_MSG}notify action: sent mail notification to <me@gmail.com>": {"action": "notify"},
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
        _SIEVE_BEGINS,
        "(?:Error: )?sieve: Execution of script [^ ]* (?P<reason>failed|was aborted).*",
        {
            "lmtp(canbo1@example.org)<1><a>: sieve: Execution of script /home/a/.dovecot.sieve failed, but "
            "implicit "
            "keep was successful": {"reason": "failed"},
            "lmtp(canbo1@example.org)<1><a>: Error: sieve: Execution of script /home/a/.dovecot.sieve was "
            "aborted due to "
            "temporary failure": {"reason": "was aborted"},
        },
        services=DELIVERING,
    ),
    LineKind(
        "sieve",
        _SIEVE_BEGINS,
        _SIEVE + "(?P<reason>[^<>]*)(?:<(?P<target>[^<>]*)>)?(?::.*)?",
        {f"{_MSG}not sending reject message to <>": {"message_id": "<t6@example.net>", "target": None}},
        services=DELIVERING,
    ),
    LineKind(
        "relayed",
        "Successfully relayed message: ",
        (
            r"Successfully relayed message: from=<(?P<sender>[^<>]*)>, size=(?P<size>\d+), ",
            r"id=(?P<session>[^,]*), nrcpt=(?P<nrcpt>\d+), reply=`(?P<reply>.*)'",
        ),
        {
            "submission(canbo1@example.org)<7><s>: Successfully relayed message: from=<canbo1@example.org>, "
            "size=365, "
            "id=abc, nrcpt=1, reply=`250 2.0.0 Ok: queued as 4F5C64474F'": {
                "user": "canbo1@example.org",
                "size": 365,
                "reply": "250 2.0.0 Ok: queued as 4F5C64474F",
            },
        },
        services=("submission",),
    ),
    LineKind(
        "mail-log",
        (
            "delete: ",
            "undelete: ",
            "expunge: ",
            "autoexpunge: ",
            "save: ",
            "append: ",
            "flag_change: ",
            "copy from ",
        ),
        r"(?P<action>[a-z_]+)(?: from [^:]*)?: (?:box=(?P<folder>.*?), )?(?:uid=\d+, )?"
        r"(?:msgid=(?P<message_id><[^<>]*>|[^<>, ]*), )?(?:size=(?P<size>\d+).*)?",
        {
            "imap(canbo1@example.org)<7><s>: delete: box=INBOX, uid=1, msgid=<t6@example.net>, size=576": {
                "action": "delete",
                "folder": "INBOX",
                "message_id": "<t6@example.net>",
                "size": 576,
            },
            "imap(canbo1@example.org)<7><s>: copy from INBOX: box=Trash, uid=2, msgid=<t6@example.net>, "
            "size=576": {
                "action": "copy",
                "folder": "Trash",
            },
        },
        sure="action",
    ),
    LineKind(
        "mailbox-change",
        ("Mailbox created: ", "Mailbox deleted: ", "Mailbox renamed: "),
        "Mailbox (?P<action>created|deleted|renamed): (?P<folder>.*)",
        {
            "imap(canbo1@example.org)<7><s>: Mailbox created: Archive": {
                "action": "created",
                "folder": "Archive",
            }
        },
    ),
)
