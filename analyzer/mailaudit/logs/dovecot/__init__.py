# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's log lines, versions 2.2 to 2.4, through syslog or in its own files.

Wordings: https://doc.dovecot.org/ and its source, src/login-common, src/auth, src/plugins/mail-log, and
Pigeonhole's src/lib-sieve.
"""

from collections.abc import Mapping

import ibis

from mailaudit.logs.dovecot.logins import INSIDE, LOGINS
from mailaudit.logs.dovecot.mail import MAIL
from mailaudit.logs.dovecot.pieces import AT_THE_DOOR, WHO
from mailaudit.logs.dovecot.refusals import REFUSALS
from mailaudit.logs.dovecot.sieve import SIEVE
from mailaudit.logs.functions import Expression, capture
from mailaudit.logs.kinds import LineKind, Producer, UsualHead

# service(who)<pid><session>: text. `who` is a user, a process number, "number, user", or "user,address,how".
_HEAD = (
    rf"^((?:([a-z][a-z0-9-]*)(?:\(({WHO})\))?((?:<[^<>]*>)*): )?(?:Info: )?)",
    ("head", "service", "who", "ids"),
)
_OLD_LMTP = rf"^lmtp(?:\({WHO}\))?: ([A-Za-z0-9+/]{{22}}): "  # until 2.2: the session stands before the text

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


def _split(text: Expression) -> Expression:
    return capture(text, *_HEAD)


def _head(split: Expression, rows: Expression) -> Mapping[str, Expression]:
    """A text that does not begin as Dovecot's do is left whole."""
    session = _session(split.ids)
    old = (split.service == "lmtp") & (session == "") & rows.text.re_search(_OLD_LMTP)
    return {
        "head": old.ifelse(rows.text.re_extract(_OLD_LMTP, 0), split.head),
        "service": (split.service == "sieve").ifelse("managesieve", split.service.nullif("")),  # since 2.4
        "user": _user(split.who, session),
        "address": _several(split.who, split.who.re_extract("^[^,]*,([0-9A-Fa-f.:]+)", 1)),
        "session": old.ifelse(rows.text.re_extract(_OLD_LMTP, 1), session).nullif(""),
    }


def _session(ids: Expression) -> Expression:
    """The last of `<pid><session>` or `<session>`."""
    between = ids.find("><")  # -1: there is only one
    begin = (between < 0).ifelse(1, between + len("><"))
    return ids.substr(begin, ids.length() - begin - 1)


def _user(who: Expression, session: Expression) -> Expression:
    """Digits alone are a process, but in a session they are a user."""
    user = _several(who, who.re_extract("^(?:[0-9]+, )?([^,]*)", 1), who)
    process = (session == "") & who.re_search("^[0-9]*$")
    return process.ifelse(ibis.null("string"), user.nullif(""))


def _several(who: Expression, value: Expression, otherwise: Expression = None) -> Expression:
    """A value if there is more than one word in the parentheses."""
    return ibis.cases((who.contains(","), value.nullif("")), else_=otherwise)


_USUAL_HEADS = (
    *(UsualHead(f"{{<service}}{service}{{>service}}: ", service) for service in AT_THE_DOOR),
    *(
        UsualHead(
            f'{{<service}}{service}{{>service}}({{user+:<>()",}})<{{:<>}}><{{session+:<>}}>: ',
            service,
        )
        for service in (*INSIDE, "lmtp")
    ),
    UsualHead("{<service}lmtp{>service}({+:)|0-9}): ", "lmtp"),  # a process that delivers to nobody yet
)

DOVECOT = Producer(
    "dovecot",
    "dovecot",
    _split,
    _head,
    (*LOGINS, *REFUSALS, *MAIL, *SIEVE, *SERVICE),
    _USUAL_HEADS,
)
