# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that a log line can give, which are columns of the facts."""

from collections.abc import Mapping
from typing import NamedTuple

STRING, INTEGER, NUMBER = "string", "int64", "float64"


class Field(NamedTuple):
    """A column of the facts: its type, and what it says."""

    type: str
    meaning: str


FIELDS: Mapping[str, Field] = {
    "user": Field(STRING, "the login name, as logged"),
    "auth_user": Field(
        STRING, "who proved himself, where a login names him: another than `user` is a master"
    ),
    "address": Field(STRING, "the other side's IP address"),
    "client_name": Field(STRING, "the other side's host name"),
    "helo": Field(STRING, "what the client calls itself in HELO or EHLO"),
    "method": Field(STRING, "how the login proved itself: PLAIN, XOAUTH2, ..."),
    "session": Field(STRING, "Dovecot's session identifier"),
    "queue_id": Field(STRING, "Postfix's queue identifier; short ones are used again"),
    "related_queue_id": Field(STRING, "the queue identifier this message came from or led to"),
    "message_id": Field(STRING, "the message's Message-ID"),
    "sender": Field(STRING, "the envelope sender, empty for a bounce"),
    "recipient": Field(STRING, "the envelope recipient; of several, as a JSON list"),
    "orig_recipient": Field(STRING, "the recipient before aliases, if another"),
    "relay": Field(STRING, "the host, socket or service that took or refused the message"),
    "status": Field(STRING, "a delivery's outcome: sent, bounced, deferred, ..."),
    "dsn": Field(STRING, "the enhanced status code (RFC 3463)"),
    "delay": Field(NUMBER, "seconds from arrival to delivery"),
    "size": Field(INTEGER, "the message's bytes"),
    "nrcpt": Field(INTEGER, "recipients, those that a milter deletes included"),
    "stage": Field(STRING, "the SMTP command it happened at or after"),
    "action": Field(STRING, "what was done: an access or milter action, a mailbox command, a gate's verdict"),
    "folder": Field(STRING, "the folder in the mailbox"),
    "target": Field(STRING, "the address a Sieve script sent something to"),
    "bytes_in": Field(INTEGER, "bytes the client sent in a session"),
    "bytes_out": Field(INTEGER, "bytes the client received in a session"),
    "reason": Field(STRING, "why, in the program's words; never a password"),
    "reply": Field(STRING, "the reply of an SMTP or LMTP server"),
    "direction": Field(STRING, "a gate's verdict: inbound, outbound or internal"),
    "findings": Field(STRING, "a gate's verdict: its findings, as JSON"),
    "signatures": Field(STRING, "a gate's verdict: what was found of digital signatures, as JSON"),
    "text": Field(
        STRING, "the whole text of a line that is a warning, an error or unparsed; never a password"
    ),
}
"""Every column that kinds of lines can fill. What a line does not say is null."""
