# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's log lines, versions 2.2 to 2.4, through syslog or in its own files.

Wordings: https://doc.dovecot.org/ and its source, src/login-common, src/auth, src/plugins/mail-log; Pigeonhole,
src/lib-sieve.
"""

from collections.abc import Mapping

import ibis

from mailaudit.logs.dovecot_logins import LOGINS
from mailaudit.logs.dovecot_mail import MAIL
from mailaudit.logs.kinds import Expression, LineKind, Producer, capture

# service(who)<pid><session>: text. `who` is a user, a process number, "number, user", or "user,address,mechanism".
_HEAD = r"^(?P<service>[a-z][a-z0-9-]*)(?:\((?P<who>[^)]*)\))?(?P<ids>(?:<[^<>]*>)*): (?P<text>.*)"
_HEAD_NAMES = ("service", "who", "ids", "text")
_SESSION_BEFORE_TEXT = "^[A-Za-z0-9+/]{22}: "  # LMTP until 2.2

SERVICE = (
    LineKind(
        "service",
        ("Dovecot v", "Warning: SIGHUP ", "Warning: Killed ", "SIGHUP ", "Killed "),
        "(?:Warning: )?(?P<text>.*)",
        {
            "master: Dovecot v2.3.19.1 (9b53102964) starting up for imap, lmtp (core dumps disabled)": {
                "text": "Dovecot v2.3.19.1 (9b53102964) starting up for imap, lmtp (core dumps disabled)",
            },
            "master: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)": {
                "text": "Killed with signal 15 (by pid=1 uid=0 code=kill)",
            },
        },
        services=("master",),
    ),
    LineKind(
        "repeated",
        "message repeated ",
        r"message repeated \d+ times: \[.*",
        {"message repeated 2 times: [ x]": {}},
    ),
    LineKind("debug", "Debug: ", "Debug: .*", {"imap(canbo1@example.org): Debug: Loading modules": {}}),
    *(
        LineKind(
            level.lower(),
            f"{level}: ",
            f"{level}: (?P<text>.*)",
            {
                f"imap(canbo1@example.org)<71><a1b2>: {level}: open() failed": {
                    "user": "canbo1@example.org",
                    "text": "open() failed",
                }
            },
        )
        for level in ("Warning", "Error", "Fatal", "Panic")
    ),
)


def _writes(program: Expression) -> Expression:
    return program == "dovecot"


def _split(text: Expression) -> Expression:
    return capture(text, _HEAD, _HEAD_NAMES)


def _head(split: Expression, text: Expression) -> Mapping[str, Expression]:
    """A text that does not begin as Dovecot's do is left whole."""
    who, session = split.who, split.ids.re_extract(r"^(?:<\d+>)?<([^<>]*)>$", 1)
    named = (session != "") | ~who.re_search(r"^\d*$")
    rest = (split.service == "").ifelse(text, split.text)
    old = (session == "") & (split.service == "lmtp") & rest.re_search(_SESSION_BEFORE_TEXT)
    return {
        "service": split.service.nullif(""),
        "user": named.ifelse(who.re_extract(r"^(?:\d+, )?([^,]*)", 1).nullif(""), ibis.null("string")),
        "address": who.re_extract(r"^[^,]*,([0-9A-Fa-f.:]+)", 1).nullif(""),
        "session": old.ifelse(rest.substr(0, 22), session).nullif(""),
        "text": ibis.cases(
            (old, rest.substr(24)), (rest.startswith("Info: "), rest.substr(len("Info: "))), else_=rest
        ),
    }


DOVECOT = Producer("dovecot", _writes, _split, _head, (*LOGINS, *MAIL, *SERVICE))
