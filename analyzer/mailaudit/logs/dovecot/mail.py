# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about mail: LMTP deliveries, mail submitted, and the mail_log plugin."""

from mailaudit.logs.dovecot.pieces import DELIVERING, MESSAGE_ID
from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import address

_EVENTS = ("delete", "undelete", "expunge", "autoexpunge", "save", "append", "flag_change")

MAIL = (
    LineKind(
        "lmtp-connect",
        "Connect from ",
        "Connect from (?P<address>[^ ]*)",
        {"lmtp(18506): Connect from 127.0.0.1": {"address": "127.0.0.1", "user": None}},
        services=("lmtp",),
        usual=("Connect from {address: }",),
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
        usual=("Disconnect from {address: :}: {reason}",),
    ),
    LineKind(
        "delivered",
        "msgid=",
        MESSAGE_ID + "saved mail to (?P<folder>(?:[^:]|:[^ ])*)",
        {
            "lmtp(postmaster@example.org)<21013><HNgK>: msgid=<2026.1@example.org>: saved mail to INBOX": {
                "user": "postmaster@example.org",
                "message_id": "<2026.1@example.org>",
                "folder": "INBOX",
            },
            "lmtp(canbo1@example.org)<21013><HNgK>: msgid=<much-too-long...: saved mail to Thư/2026": {
                "message_id": "<much-too-long...",
                "folder": "Thư/2026",
            },
        },
        services=DELIVERING,
        usual=("msgid={message_id::}: saved mail to {folder::}",),
    ),
    LineKind(
        "not-delivered",
        "msgid=",
        f"{MESSAGE_ID}(?P<reason>save failed to [^:]*|rejected|[Qq]uota exceeded[^:]*)(?:: .*)?",
        {
            "lmtp(canbo1@example.org)<21013><HNgK>: msgid=<2026.1@example.org>: save failed to INBOX: Quota "
            "exceeded (mailbox for user is full)": {
                "message_id": "<2026.1@example.org>",
                "reason": "save failed to INBOX",
            },
        },
        services=DELIVERING,
    ),
    LineKind(
        "lmtp-proxied",
        "Sent message to ",
        f"Sent message to {address('target')} at (?P<relay>[^ ]*): (?P<reply>.*) [(].*[)]",
        {
            "lmtp(18506): Sent message to <canbo1@example.org> at 192.0.2.30:24: 250 OK (1/1 at 5 ms)": {
                "target": "canbo1@example.org",
                "relay": "192.0.2.30:24",
            },
        },
        services=("lmtp",),
    ),
    LineKind(
        "indexed",
        "Indexed ",
        r"Indexed \d+ messages in .*",
        {"indexer-worker(canbo1@example.org)<7><s>: Indexed 3 messages in INBOX (UIDs 1..3)": {}},
        services=("indexer-worker",),
    ),
    LineKind(
        "not-relayed",
        ("Failed to relay message: ", "relay: Failed to relay message: "),
        f"(?:relay: )?Failed to relay message: from={address('sender')}, .*",
        {
            "submission(canbo1@example.org)<7><s>: Failed to relay message: from=<canbo1@example.org>, "
            "size=365, nrcpt=1, reply=`550 5.7.1 No'": {"sender": "canbo1@example.org"},
        },
        services=("submission",),
    ),
    LineKind(
        "relayed",
        ("Successfully relayed message: ", "relay: Successfully relayed message: "),
        (
            rf"(?:relay: )?Successfully relayed message: from={address('sender')}, size=(?P<size>\d+), ",
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
        (*(f"{event}: " for event in _EVENTS), "copy from ", "Mailbox "),
        (
            "(?:Mailbox .*?: )?(?P<action>delete|undelete|expunge|autoexpunge|save|append|flag_change|copy)"
            "(?: from .*?)?: box=",
            r"(?P<folder>.*?), uid=\d+(?:, msgid=(?:(?P<message_id><[^<> ]*>|[^<>, ]*)"
            r"(?:, size=(?P<size>\d+).*)?|.*)|, .*)?",
        ),
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
            "imap(canbo1@example.org)<7><s>: Mailbox Trash: copy from A: b: box=Trash, uid=2, msgid=<x, "
            "size=1>, size=576": {"action": "copy", "folder": "Trash", "message_id": None, "size": None},
            "pop3(canbo1@example.org)<7><s>: expunge: box=INBOX, uid=7, size=9": {"folder": "INBOX"},
        },
        usual=tuple(
            f"{{<action}}{event}{{>action}}: box={{folder:,}}, uid={{+:,|0-9}}, "
            "msgid={<message_id}<{:<> }>{>message_id}, size={size+:,}"
            for event in _EVENTS
        ),
    ),
    LineKind(
        "mailbox-change",
        "Mailbox ",
        "(?:Mailbox .*: )?Mailbox (?P<action>created|deleted|renamed|subscribed|unsubscribed)(?:: "
        "(?P<folder>.*))?",
        {
            "imap(canbo1@example.org)<7><s>: Mailbox created: Archive": {
                "action": "created",
                "folder": "Archive",
            },
            "imap(canbo1@example.org)<7><s>: Mailbox Archive: Mailbox deleted": {"action": "deleted"},
            "imap(canbo1@example.org)<7><s>: Mailbox Archive: Mailbox renamed: Archive -> Old": {
                "action": "renamed",
                "folder": "Archive -> Old",
            },
        },
        sure="action",
    ),
)
