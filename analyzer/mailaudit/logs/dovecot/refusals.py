# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's lines about whom it did not let in: at the door, and in its authentication processes."""

from mailaudit.logs.dovecot.pieces import AT_THE_DOOR
from mailaudit.logs.kinds import LineKind

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
_USUAL_WHO = "user=<{user:<>}>, method={method:,}, rip={address+:,}, {}"
_DATABASES = (
    *("bsdauth", "checkpassword", "cram-md5", "dict", "digest-md5", "external", "gssapi", "imap", "ldap"),
    *("login", "lua", "master", "masters", "oauth2", "oauthbearer", "pam", "passwd", "passwd-file", "plain"),
    *("policy", "scram-sha-1", "scram-sha-256", "shadow", "sql", "static", "xoauth2"),
)
# Names are cut at 64 characters and may hold anything; who writes odd ones is not read.
_WHO_REFUSED = r'(?P<user>[^(),<>"]*)(?:,(?P<address>[0-9A-Fa-f.:]+))?(?:,<[^<>()]*>)?(?:,master)?'
_REFUSED_WHO = rf"[a-z0-9-]+\((?:{_WHO_REFUSED}|.*)\): "
_REFUSED = (
    r"(?P<reason>unknown user|[Pp]assword mismatch|[Ii]nvalid credentials|[Ii]nvalid password|"
    r"[Uu]ser not found|user not found from [a-z ]+|[Uu]ser disabled|User found from deny passdb|"
    r"Login disabled|Empty password|"
    r"Password expired|Attempted login with password having illegal chars|No password returned[^(]*|"
    r"Invalid base64 data in [a-z]+ response|All password databases were skipped|Cached NULL password access|"
    r"Master user login attempted [a-z ]+|"
    r"Requested [A-Z0-9-]+ scheme, but we have (?:a NULL|only [A-Z0-9-]+) password|"
    r"(?:pam_[a-z_]+\(\)|oauth2|Local validation|Introspection|Token validation) failed: [^(]*[^( ]|"
    r"(?:allow|Allow)_(?:real_)?nets check failed: [^(]*[^( ]|"
    r"Username character disallowed by auth_username_chars: 0x[0-9a-f]+)(?: [(].*[)])?"
)

REFUSALS = (
    LineKind(
        "login-failure",
        _BROKEN_OFF,
        r"(?P<reason>[A-Z].*?\((?:auth failed|authorization failed|proxy dest auth failed|tried to use )"
        r"[^)]*\)(?: \([a-z_]+\))?): "
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
        usual=tuple(
            f"{{<reason}}{begins} (auth failed,{{:):}}){code}{{>reason}}: {_USUAL_WHO}"
            for begins in (
                "Disconnected: Connection closed",
                "Login aborted: Connection closed",
                "Disconnected",
            )
            for code in ("", " (auth_failed)")
        ),
    ),
    LineKind(
        "login-refused",
        ("Authenticate ", "APOP failed: ", "Login failed: "),
        "(?:Authenticate .*|APOP|Login) failed: (?P<reason>[A-Z][^:]*): user=.*",
        {
            "imap-login: Authenticate X failed: Unsupported authentication mechanism.: user=<>, method=X, "
            "rip=192.0.2.7, lip=192.0.2.25, secured, session=<s>": {
                "user": None,
                "reason": "Unsupported authentication mechanism.",
            },
            "pop3-login: APOP failed: APOP not enabled: user=<canbo1>, rip=192.0.2.7, lip=192.0.2.25": {
                "reason": "APOP not enabled",
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
        "password-refused",
        ("conn unix:auth-worker ", *(f"{name}(" for name in _DATABASES)),
        r"(?:conn unix:auth-worker \([^)]*\): auth-worker<\d+>: )?" + _REFUSED_WHO + _REFUSED,
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
            "auth: passwd-file(x): login: user=<canbo1,192.0.2.7,<6rXunF>): unknown user": {
                "user": None,
                "reason": "unknown user",
            },
            "auth: login(?,192.0.2.7): Username character disallowed by auth_username_chars: 0x3c (username: "
            "<x>)": {"user": "?", "address": "192.0.2.7"},
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
    LineKind(
        "password-refused-odd-name",
        ("auth(", "auth-worker("),
        r"auth(?:-worker)?\(.*\)(?:<[^<>]*>)?: (?:Info: )?[a-z0-9-]+: " + _REFUSED,
        {
            "auth(x(y)<7>: login: user=<canbo1>...,192.0.2.7,sasl:plain)<CvN>: Info: sql: unknown user": {
                "user": None,
                "reason": "unknown user",
            },
        },
    ),
)
