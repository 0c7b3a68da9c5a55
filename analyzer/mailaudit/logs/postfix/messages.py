# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about a message on its way: cleanup, qmgr, delivery, bounce, pickup and postsuper."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import address

_SENDER = address("sender")
# Until 3.5 Postfix did not quote addresses. One that imitates the rest of its line leaves `>, relay=` behind.
_REPLY = "(?:[^>]|>+(?:[^,>]|,[^ >]|, [^or>]))*>*"
_OUTCOME = "delay={delay+:,}, delays={+:,|0-9./}, dsn={dsn+:,|0-9.}, status={status+: |a-z-} ({reply!>,})"

MESSAGES = (
    LineKind(
        "delivery",
        "to=<",
        (
            rf"to={address('recipient')}, (?:orig_to={address('orig_recipient')}, )?relay=(?P<relay>[^ "
            rf",]+), ",
            r"(?:conn_use=\d+, )?delay=(?P<delay>[\d.]+), (?:delays=[\d./]+, )?(?:tls=[^ ,]+, "
            r")?dsn=(?P<dsn>[\d.]+), "
            rf"status=(?P<status>[a-z-]+) \((?P<reply>{_REPLY})\)",
        ),
        {
            "9BC762263EA: to=<ext1@gmail.com>, orig_to=<vanthu@example.org>, "
            "relay=mx.example.com[192.0.2.25]:25, "
            "delay=1.5, delays=0.09/0.01/0.6/0.8, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as "
            "4F5C64474F)": {
                "queue_id": "9BC762263EA",
                "recipient": "ext1@gmail.com",
                "orig_recipient": "vanthu@example.org",
                "relay": "mx.example.com[192.0.2.25]:25",
                "delay": 1.5,
                "dsn": "2.0.0",
                "status": "sent",
                "reply": "250 2.0.0 Ok: queued as 4F5C64474F",
            },
            "7229D2266BB: to=<canbo1@example.org>, relay=mail[private/dovecot-lmtp], delay=0.15, "
            "delays=0.09/0.01/0.01/0.04, dsn=4.2.0, status=deferred (host said: 451 4.2.0 (try again) (in "
            "reply))": {
                "orig_recipient": None,
                "status": "deferred",
                "reply": "host said: 451 4.2.0 (try again) (in reply)",
            },
            '06B9D22673D: to=<"a>, relay=x, status=sent (b)"@example.org>, relay=local, delay=3, dsn=5.1.1, '
            'status=bounced (unknown user: "a")': {
                "recipient": '"a>, relay=x, status=sent (b)"@example.org',
                "relay": "local",
                "status": "bounced",
            },
            "06B9D22673D: to=<canbo1@example.org>, relay=mail.example.org[private/dovecot-lmtp], conn_use=2, "
            "delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <canbo1@example.org> w4s3C7 "
            "Saved)": {
                "recipient": "canbo1@example.org",
                "reply": "250 2.0.0 <canbo1@example.org> w4s3C7 Saved",
            },
            "06B9D22673D: to=<a@example.org>, relay=none, delay=3, dsn=4.4.1, status=undeliverable (connect "
            "to 192.0.2.9[192.0.2.9]:25: Connection refused)": {"status": "undeliverable"},
        },
        sure="status",
        usual=tuple(
            f'to=<{{recipient:<>"}}>, {more}, {_OUTCOME}'
            for more in (
                "relay={relay+: ,}",
                'orig_to=<{orig_recipient:<>"}>, relay={relay+: ,}',
                "relay={relay+: ,}, conn_use={+:,|0-9}",
            )
        ),
    ),
    LineKind(
        "message-id",
        ("message-id=", "resent-message-id="),
        r"(?:resent-)?message-id=(?P<message_id>.*)",
        {
            "7229D2266BB: message-id=<t1@example.org>": {
                "queue_id": "7229D2266BB",
                "message_id": "<t1@example.org>",
            },
            "4104E3D: message-id=<>": {"message_id": "<>"},
        },
        usual=("message-id={message_id}",),
    ),
    LineKind(
        "queued",
        "from=<",
        rf"from={_SENDER}, size=(?P<size>\d+), nrcpt=(?P<nrcpt>\d+) \(queue [a-z]+\)",
        {
            "7229D2266BB: from=<a@example.org>, size=365, nrcpt=2 (queue active)": {
                "sender": "a@example.org",
                "size": 365,
                "nrcpt": 2,
            },
            "544DD2266CB: from=<>, size=2630, nrcpt=1 (queue active)": {"sender": None, "size": 2630},
        },
        usual=('from=<{sender:<>"}>, size={size+:,}, nrcpt={nrcpt+: } (queue active)',),
    ),
    LineKind(
        "expired",
        "from=<",
        rf"from={_SENDER}, status=(?P<status>[a-z-]+), (?P<reason>.*)",
        {
            "585BC3F: from=<a@example.org>, status=expired, returned to sender": {
                "status": "expired",
                "reason": "returned to sender",
            },
        },
    ),
    LineKind(
        "removed",
        "removed",
        r"removed(?: \((?P<reason>.*)\))?",
        {
            "7229D2266BB: removed": {"queue_id": "7229D2266BB", "reason": None},
            "7229D2266BB: removed (canceled)": {"reason": "canceled"},
        },
        usual=("removed",),
    ),
    LineKind(
        "skipped",
        "skipped, ",
        "skipped, (?P<reason>.*)",
        {"ED06590130AA: skipped, still being delivered": {"reason": "still being delivered"}},
    ),
    LineKind(
        "remote-refusal",
        "host ",
        r"host (?P<relay>[^ ]+) (?:said|refused to talk to me): (?P<reply>.*)",
        {
            "ED59C3D: host mx.example.com[192.0.2.25] said: 450 4.7.1 Greylisted (in reply to RCPT TO "
            "command)": {
                "relay": "mx.example.com[192.0.2.25]",
                "reply": "450 4.7.1 Greylisted (in reply to RCPT TO command)",
            },
        },
    ),
    LineKind(
        "remote-lost",
        ("lost connection with ", "conversation with ", "connect to "),
        r"(?:lost connection with|conversation with|connect to) (?P<relay>[^ ]+?):? (?P<reason>.*)",
        {
            "78D6B41: conversation with mx.example.com[192.0.2.25] timed out while sending RCPT TO": {
                "relay": "mx.example.com[192.0.2.25]",
                "reason": "timed out while sending RCPT TO",
            },
            "connect to mx.example.com[192.0.2.25]:25: Connection refused": {
                "relay": "mx.example.com[192.0.2.25]:25",
                "reason": "Connection refused",
            },
        },
    ),
    LineKind(
        "remote-login-failure",
        "SASL authentication failed; ",
        r"SASL authentication failed; server (?P<relay>[^ ]+) said: (?P<reply>.*)",
        {
            "D0F29603B4: SASL authentication failed; server mx.example.com[192.0.2.25] said: 535 5.7.8": {
                "relay": "mx.example.com[192.0.2.25]",
            },
        },
    ),
    LineKind(
        "certificate-failure",
        ("certificate verification failed for ", "server certificate verification failed for "),
        r"(?:server )?certificate verification failed for (?P<relay>[^ ]+): (?P<reason>.*)",
        {
            "certificate verification failed for mx.example.com[192.0.2.25]:25: untrusted issuer /C=VN": {
                "reason": "untrusted issuer /C=VN",
            },
        },
    ),
    LineKind(
        "pickup",
        ("uid=", "NEW: uid="),
        rf"(?:NEW: )?uid=\d+ from={_SENDER}(?: orig_id=(?P<related_queue_id>\w+))?",
        {
            "8CCA62266C3: uid=0 from=<root>": {"queue_id": "8CCA62266C3", "sender": "root"},
            "8CCA62266C3: uid=103 from=<a@example.org> orig_id=8B077226791": {
                "related_queue_id": "8B077226791"
            },
        },
        usual=('uid={+: |0-9} from=<{sender:<>"}>',),
    ),
    LineKind(
        "bounce",
        ("sender ", "postmaster "),
        r"(?P<action>(?:sender|postmaster) [a-z -]+ notification): (?P<related_queue_id>\w+)",
        {
            "4F89C2266CD: sender non-delivery notification: 544DD2266CB": {
                "queue_id": "4F89C2266CD",
                "action": "sender non-delivery notification",
                "related_queue_id": "544DD2266CB",
            },
        },
    ),
    LineKind(
        "no-notification",
        ("not sending trace/success notification ", "undeliverable postmaster notification "),
        "(?P<reason>not sending trace/success notification|undeliverable postmaster notification) .*",
        {"4F89C2266CD: undeliverable postmaster notification discarded": {"queue_id": "4F89C2266CD"}},
    ),
    LineKind(
        "line-broken",
        "breaking line > ",
        r"breaking line > \d+ bytes with .*",
        {"4F89C2266CD: breaking line > 998 bytes with <CR><LF>SPACE": {"queue_id": "4F89C2266CD"}},
    ),
    LineKind(
        "remote-odd",
        (
            "enabling PIX workarounds: ",
            "TLS is required, but was not offered by host ",
            "discarding EHLO keywords: ",
        ),
        "(?P<reason>enabling PIX workarounds|TLS is required|discarding EHLO keywords)[:,] .*",
        {"4F89C2266CD: enabling PIX workarounds: disable_esmtp for mx.example.com[192.0.2.25]:25": {}},
    ),
    LineKind(
        "postsuper",
        ("requeued", "released from hold", "placed on hold", "expired"),
        "(?P<action>[a-z ]+)",
        {"D4F2023DB: released from hold": {"queue_id": "D4F2023DB", "action": "released from hold"}},
    ),
    LineKind(
        "postsuper-total",
        (
            *("Requeued: ", "Released from hold: ", "Placed on hold: ", "Deleted: ", "Force-expired: "),
            *("Renamed to match inode: ", "Renamed to match inode number: "),
        ),
        r"(?P<action>[A-Z][a-z -]+): \d+ messages?",
        {"Released from hold: 13 messages": {"action": "Released from hold"}},
    ),
)
