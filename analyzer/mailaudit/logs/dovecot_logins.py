# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about people at the door: logins, failed ones, proxied ones, and the end of sessions."""

from mailaudit.logs.kinds import LineKind

AT_THE_DOOR = ("imap-login", "pop3-login", "submission-login", "managesieve-login")
INSIDE = ("imap", "pop3", "submission", "managesieve")

# login_log_format_elements after the user, as they are by default; what an office adds goes last.
_LOGGED_IN = (
    r"(?:, method=(?P<method>[^,]+))?(?:, rip=(?P<address>[^,]+))?(?:, lip=[^,]+)?(?:, mpid=\d+)?"
    r"(?:, [A-Za-z][^=<>,]*)?(?:, session=<(?P<session>[^>]*)>)?"
)
_BROKEN_OFF = (
    "Disconnected",
    "Aborted login",
    "Login aborted",
    "Client has quit the connection",
    "Remote closed connection",
    "Connection closed",
    "Internal login failure",
    "Inactivity",
    "Too many invalid ",
    "Maximum number of connections",
)
_WHO = r"(?:user=<(?P<user>[^<>]*)>, )?(?:method=(?P<method>[^,]*), )?rip=(?P<address>[^,]+)(?:, .*)?"
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
_DATABASES = (
    "bsdauth",
    "checkpassword",
    "cram-md5",
    "dict",
    "digest-md5",
    "imap",
    "ldap",
    "login",
    "lua",
    "oauth2",
    "oauthbearer",
    "pam",
    "passwd",
    "passwd-file",
    "plain",
    "scram-sha-1",
    "scram-sha-256",
    "shadow",
    "sql",
    "static",
    "xoauth2",
)
_REFUSED = (
    r"(?P<reason>unknown user|[Pp]assword mismatch|[Ii]nvalid credentials|[Ii]nvalid password|"
    r"[Uu]ser not found|[Uu]ser disabled|Login disabled|Empty password|Password expired|"
    r"pam_[a-z_]+\(\) failed: [^(]*[^( ]|Allow_nets check failed: [^(]*[^( ]|"
    r"Username character disallowed by auth_username_chars: 0x[0-9a-f]+)(?:[ ,].*)?"
)

LOGINS = (
    LineKind(
        "master-login",
        ("Login: user=<", "Logged in: user=<"),
        f"(?:Login|Logged in): user=<(?P<user>[^<>]+)>{_LOGGED_IN}(?:, .*)?, master=<[^<>]+>(?:, .*)?",
        {
            "imap-login: Login: user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, "
            "mpid=7, TLS, session=<s>, master=<helpdesk>": {"user": "canbo1@example.org", "session": "s"},
        },
        services=AT_THE_DOOR,
        sure="user",
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
    ),
    LineKind(
        "proxy-login",
        ("proxy(", "Started proxying to "),
        r"(?:proxy\([^)]*\): )?Started proxying to [^<]*: user=<(?P<user>[^<>]+)>"
        f"{_LOGGED_IN}(?:, .*)?",
        {
            "imap-login: proxy(canbo1@example.org,imap.example.org:143): Started proxying to 192.0.2.30 "
            "(imap.example.org): user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, "
            "TLS, "
            "session=<b>": {"user": "canbo1@example.org", "address": "192.0.2.7", "session": "b"},
        },
        services=AT_THE_DOOR,
        sure="user",
    ),
    LineKind(
        "proxy",
        ("proxy(", "Proxy"),
        r"(?:proxy\((?P<user>[^,)]*)[^)]*\): )?(?P<reason>[A-Z].*)",
        {
            "imap-login: proxy(canbo1@example.org,imap.example.org:143): Disconnected by client: Closed": {
                "user": "canbo1@example.org",
                "reason": "Disconnected by client: Closed",
            },
        },
        services=AT_THE_DOOR,
    ),
    LineKind(
        "login-failure",
        _BROKEN_OFF,
        r"(?P<reason>[A-Z].*?\((?:auth failed|proxy dest auth failed|tried to use )[^)]*\)(?: "
        r"\([a-z_]+\))?): "
        f"(?:{_WHO}|.*)",
        {
            "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): "
            "user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, session=<iOW0D>": {
                "user": "canbo1@example.org",
                "address": "192.0.2.7",
                "reason": "Disconnected: Connection closed (auth failed, 1 attempts in 2 secs)",
            },
            "imap-login: Info: Login aborted: Connection closed (auth failed, 3 attempts in 16 secs) "
            "(auth_failed): user=<canbo1@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, TLS": {
                "user": "canbo1@example.org",
                "method": "PLAIN",
            },
            "pop3-login: Aborted login (auth failed, 1 attempts): method=PLAIN, rip=192.0.2.7": {
                "user": None,
            },
        },
        services=AT_THE_DOOR,
        sure="reason",
    ),
    LineKind(
        "no-login",
        _BROKEN_OFF,
        "(?P<reason>[A-Z].*?): " + _WHO,
        {
            "imap-login: Disconnected (no auth attempts in 4 secs): user=<>, rip=192.0.2.7, lip=192.0.2.25, "
            "TLS handshaking: SSL_accept() failed": {
                "user": None,
                "address": "192.0.2.7",
                "reason": "Disconnected (no auth attempts in 4 secs)",
            },
        },
        services=AT_THE_DOOR,
        sure="reason",
    ),
    LineKind(
        "session-end",
        _ENDED,
        r"(?P<reason>[A-Z][^(=]*?)(?: \([^)]*\))?"
        r"(?: (?:in|bytes)=(?P<bytes_in>\d+)(?: out=|/)(?P<bytes_out>\d+)(?:[ ,].*)?| top=\d.*)?",
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
            "pop3(canbo1@example.org): Disconnected: Logged out top=0/0, retr=0/0, del=0/141, size=8023": {
                "reason": "Disconnected: Logged out",
                "bytes_in": None,
            },
            "managesieve(canbo1@example.org): Disconnected: Logged out bytes=6/41": {
                "bytes_in": 6,
                "bytes_out": 41,
            },
        },
        services=INSIDE,
    ),
    LineKind(
        "password-refused",
        ("conn unix:auth-worker ", *(f"{name}(" for name in _DATABASES)),
        r"(?:conn unix:auth-worker \([^)]*\): auth-worker<\d+>: )?"
        r"[a-z0-9-]+\((?P<user>[^,)]*)(?:,(?P<address>[^,)]*))?[^)]*\): " + _REFUSED,
        {
            "auth: sql(canbo1@example.org,192.0.2.7,<6rXunF>): Password mismatch": {
                "user": "canbo1@example.org",
                "address": "192.0.2.7",
                "reason": "Password mismatch",
            },
            "auth-worker(5787): conn unix:auth-worker (pid=27359,uid=97): auth-worker<55>: "
            "pam(web,192.0.2.7): unknown user (given password: hunter2)": {
                "user": "web",
                "reason": "unknown user",
            },
            "auth-worker(304): pam(canbo1,192.0.2.7): pam_authenticate() failed: Authentication failure "
            "(Password mismatch?)": {"reason": "pam_authenticate() failed: Authentication failure"},
        },
        services=("auth", "auth-worker"),
    ),
    LineKind(
        "password-refused-2.4",
        tuple(f"{name}: " for name in _DATABASES),
        "[a-z0-9-]+: " + _REFUSED,
        {
            "auth(canbo1@example.org,192.0.2.7,sasl:login)<CvN>: Info: sql: Password mismatch (given "
            "password: hunter2)": {
                "user": "canbo1@example.org",
                "address": "192.0.2.7",
                "session": "CvN",
                "reason": "Password mismatch",
            },
        },
        services=("auth", "auth-worker"),
    ),
)
