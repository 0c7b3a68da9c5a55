# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about people at the door: logins, proxied ones, and the end of sessions."""

from mailaudit.logs.dovecot.pieces import AT_THE_DOOR
from mailaudit.logs.kinds import LineKind

INSIDE = ("imap", "pop3", "submission", "managesieve")

# login_log_format_elements after the user, as they are by default; what an office adds goes last.
_METHOD = "(?:, method=(?P<method>[^,]+))?"
_ADDRESS = "(?:, rip=(?P<address>[^,]+))?"
_SESSION = r"(?:, lip=[^,]+)?(?:, mpid=\d+)?(?:, [A-Za-z][^=<>,]*)?(?:, session=<(?P<session>[^>]*)>)?"
_LOGGED_IN = f"{_METHOD}{_ADDRESS}{_SESSION}"
_USUAL_ELEMENTS = "method={method+:,}, rip={address+:,}, lip={+:,}, mpid={+:,|0-9}"
_USUAL_BYTES = "in={bytes_in+: } out={bytes_out+: }"
_REASONS = ("Disconnected: Logged out", "Logged out", "Disconnected: Connection closed", "Connection closed")
_ENDED = (
    "Disconnected",
    "Logged out",
    "Connection closed",
    "Client has quit the connection",
    "Remote closed connection",
    "Inactivity",
    "Server shutting down",
    "Too many ",
    "Mailbox was ",
    "User is ",
    "IMAP session state is ",
)

LOGINS = (
    LineKind(
        "login-as",
        ("Login: user=<", "Logged in: user=<"),
        (
            f"(?:Login|Logged in): user=<(?P<user>[^<>]+)>{_METHOD}{_ADDRESS}",
            f"{_SESSION}(?:, .*)?, (?:auth_user|master|master_user)=<(?P<auth_user>[^<>]+)>(?:, .*)?",
        ),
        {
            "imap-login: Login: user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, "
            "mpid=7, TLS, session=<s>, auth_user=<helpdesk>": {
                "user": "canbo1@example.org",
                "address": "192.0.2.7",
                "session": "s",
                "auth_user": "helpdesk",
            },
            "imap-login: Info: Logged in: user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, "
            "lip=192.0.2.25, mpid=7, secured, session=<s>, x=1, master=<helpdesk>": {
                "method": "PLAIN",
                "auth_user": "helpdesk",
            },
        },
        services=AT_THE_DOOR,
        sure="auth_user",
    ),
    LineKind(
        "login",
        ("Login: user=<", "Logged in: user=<"),
        f"(?:Login|Logged in): user=<(?P<user>[^<>]+)>{_LOGGED_IN}(?:, .*)?",
        {
            "imap-login: Login: user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, "
            "mpid=19760, secured, session=<jWC0DtJg7Ll/AAAB>": {
                "user": "canbo1@example.org",
                "method": "PLAIN",
                "address": "192.0.2.7",
                "session": "jWC0DtJg7Ll/AAAB",
            },
            "pop3-login: Info: Logged in: user=<canbo1@example.org>, method=XOAUTH2, rip=2001:db8::7, "
            "lip=2001:db8::25, mpid=7, TLS, session=<a>": {
                "method": "XOAUTH2",
                "address": "2001:db8::7",
                "session": "a",
            },
            "managesieve-login: Login: user=<canbo1>, rip=192.0.2.7, TSL, session=<c>, master=<>": {
                "user": "canbo1",
                "method": None,
                "session": "c",
            },
        },
        services=AT_THE_DOOR,
        sure="user",
        usual=tuple(
            f"{begins}: user=<{{user+:<>}}>, {_USUAL_ELEMENTS}{secured}, session=<{{session:<>,}}>"
            for begins in ("Login", "Logged in")
            for secured in (", {+:,|A-Za-z}", "")
        ),
    ),
    LineKind(
        "proxy-login",
        ("proxy(", "Started proxying to "),
        r"(?:proxy\([^()]*\): )?[Ss]tarted proxying to [^=]*: user=<(?P<user>[^<>]+)>"
        f"{_LOGGED_IN}(?:, .*)?",
        {
            "imap-login: proxy(canbo1@example.org,imap.example.org:143): Started proxying to 192.0.2.30 "
            "(imap.example.org): user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, "
            "TLS, "
            "session=<b>": {"user": "canbo1@example.org", "address": "192.0.2.7", "session": "b"},
            "pop3-login: proxy(canbo1): started proxying to 192.0.2.30:110: user=<canbo1>, method=PLAIN, "
            "rip=192.0.2.7, lip=192.0.2.25, session=<c>": {"user": "canbo1", "session": "c"},
            "imap-login: proxy(canbo1,192.0.2.30:143): Started proxying to <192.0.2.30> (0.02 secs): "
            "user=<canbo1>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, TLS, session=<d>": {"session": "d"},
        },
        services=AT_THE_DOOR,
        sure="user",
    ),
    LineKind(
        "proxy",
        ("proxy(", "Proxy"),
        r"(?:proxy\((?P<user>[^(),]*)[^()]*\): )?(?P<reason>[A-Za-z].*)",
        {
            "imap-login: proxy(canbo1@example.org,imap.example.org:143): Disconnected by client: Closed": {
                "user": "canbo1@example.org",
                "reason": "Disconnected by client: Closed",
            },
        },
        services=AT_THE_DOOR,
    ),
    LineKind(
        "client-id",
        "ID sent: ",
        "ID sent: .*",
        {"imap-login: ID sent: name=Mail, version=1: user=<>, rip=192.0.2.7, lip=192.0.2.25": {"user": None}},
    ),
    LineKind(
        "session-end",
        _ENDED,
        r"(?P<reason>[A-Z][^(=]*?)(?: ?\(.*\))?(?: failed: [^=]*)?"
        r"(?:,? (?:in|bytes)=(?P<bytes_in>\d+)(?: out=|/)(?P<bytes_out>\d+)(?:[ ,].*)?| top=\d.*)?",
        {
            "imap(canbo1@example.org)<19760><jWC0D>: Disconnected: Logged out in=80 out=972 deleted=1": {
                "user": "canbo1@example.org",
                "session": "jWC0D",
                "reason": "Disconnected: Logged out",
                "bytes_in": 80,
                "bytes_out": 972,
            },
            "imap(canbo1@example.org): Logged out in=86 out=892": {
                "user": "canbo1@example.org",
                "bytes_out": 892,
            },
            "imap(canbo1@example.org)<1><CO4>: Connection closed (IDLE running for 0.001 + waiting input for "
            "28.9 secs, 2 B in + 10 B out, state=wait-input) in=703 out=12338 deleted=0": {
                "reason": "Connection closed",
                "bytes_in": 703,
            },
            "submission(canbo1@example.org)<1><s>: Disconnected: Connection closed (unfinished QUIT command) "
            "(state=READY) in=943 out=332": {"reason": "Disconnected: Connection closed", "bytes_out": 332},
            "imap(canbo1@example.org)<1><s>: Disconnected: Connection closed: read(size=9) failed: "
            "Connection reset by peer in=7 out=8": {
                "reason": "Disconnected: Connection closed: read",
                "bytes_in": 7,
            },
            "pop3(canbo1@example.org): Disconnected: Logged out top=0/0, retr=0/0, del=0/141, size=8023": {
                "reason": "Disconnected: Logged out",
                "bytes_in": None,
            },
            "sieve(canbo1@example.org)<1><s>: Disconnected: Logged out bytes=8/9": {"service": "managesieve"},
            "managesieve(canbo1@example.org): Disconnected: Logged out bytes=6/41": {
                "bytes_in": 6,
                "bytes_out": 41,
            },
        },
        services=INSIDE,
        usual=(
            *(f"{{<reason}}{reason}{{>reason}} {_USUAL_BYTES} {{}}" for reason in _REASONS),
            *(f"{{<reason}}{reason}{{>reason}} ({{:()=}}) {_USUAL_BYTES} {{:)}}" for reason in _REASONS),
        ),
    ),
)
