# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's log lines, of any version since 2.3 and by any syslog_name.

Wordings: https://www.postfix.org/ and its source, src/smtpd, src/cleanup, src/qmgr, src/global/log_adhoc.c.
"""

from collections.abc import Mapping

import ibis

from mailaudit.logs.functions import Expression
from mailaudit.logs.kinds import Producer, UsualHead
from mailaudit.logs.postfix.connections import CONNECTIONS
from mailaudit.logs.postfix.messages import MESSAGES
from mailaudit.logs.postfix.postscreen import POSTSCREEN
from mailaudit.logs.postfix.refusals import REFUSALS
from mailaudit.logs.postfix.service import SERVICE
from mailaudit.logs.postfix.tls import TLS

# Short queue identifiers are hexadecimal; long ones use digits and all letters but vowels (postconf(5),
# enable_long_queue_ids). So none looks like the word "warning" or "fatal". NOQUEUE stands for none.
_QUEUE_ID = "^([0-9A-Zb-df-hj-np-tv-z]{5,}: )"
_PROGRAMS = (  # a syslog_name may be anything; the daemon's name follows it
    "postfix.*|.*/(?:"
    "anvil|bounce|cleanup|discard|dnsblog|error|flush|lmtp|local|master|oqmgr|pickup|pipe|postdrop|"
    "postfix-script|postlog|postlogd|postqueue|postscreen|postsuper|proxymap|qmgr|qmqpd|"
    "scache|sendmail|showq|smtp|smtpd|spawn|"
    "tlsmgr|tlsproxy|trivial-rewrite|verify|virtual)"
)


def _split(text: Expression) -> Expression:
    return text.re_extract(_QUEUE_ID, 1)


def _head(head: Expression, _rows: Expression) -> Mapping[str, Expression]:
    """The queue identifier, if the text begins with one."""
    queue_id = head.substr(0, head.length() - len(": "))
    return {"head": head, "queue_id": ibis.cases((head.isin(["", "NOQUEUE: "]), None), else_=queue_id)}


_USUAL_HEADS = ("NOQUEUE: ", "{queue_id5+:: [=(<|0-9A-Zb-df-hj-np-tv-z}: ", "")

POSTFIX = Producer(
    "postfix",
    _PROGRAMS,
    _split,
    _head,
    (*MESSAGES, *CONNECTIONS, *POSTSCREEN, *TLS, *REFUSALS, *SERVICE),
    tuple(map(UsualHead, _USUAL_HEADS)),
)
