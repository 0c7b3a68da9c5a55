# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved messages are judged as Postfix would have them judged, by the same Session."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailgate.address import bare
from mailgate.mime.saved import split_saved
from mailgate.session import Outcome, Session
from mailgate.terms import Terms
from mailpolicy.judge import Policy
from mailpolicy.message import Headers

Field = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Assumed:
    """The SMTP session a saved message is judged in.

    A `sender` of None is the address in From:, no `recipients` are those in To: and Cc:. No `login` and no
    `client` is a stranger from outside.
    """

    sender: str | None = None
    recipients: Sequence[str] = ()
    login: str = ""
    client: str = ""


def judge(raw: bytes, policy: Policy, assumed: Assumed) -> Outcome:
    """Judge one saved message."""
    fields, body = split_saved(raw)
    return judge_split(fields, body, policy, assumed)


def judge_split(fields: Sequence[Field], body: Iterable[bytes], policy: Policy, assumed: Assumed) -> Outcome:
    """Judge a message that is split into its header fields and its body's chunks."""
    headers, terms = Headers(fields), Terms.of(policy)
    session = Session(lambda: terms)
    session.connect("", assumed.client)
    session.mail(f"<{_sender(headers, assumed)}>")
    session.log_in(assumed.login)
    for recipient in _recipients(headers, assumed):
        session.rcpt(f"<{recipient}>")
    try:
        for name, value in fields:
            session.header(name, value)
        for chunk in body:
            session.body(chunk)
    except OSError:  # it could not be read to its end: that is not for the gate to judge
        raise
    except Exception as error:  # as in the callbacks of a milter: the message ends in a tempfail
        session.fail(error)
    return session.end()


def _sender(headers: Headers, assumed: Assumed) -> str:
    if assumed.sender is not None:
        return bare(assumed.sender)
    return next((box.address for box in headers.mailboxes("From")), "")


def _recipients(headers: Headers, assumed: Assumed) -> list[str]:
    named = [box.address for name in ("To", "Cc") for box in headers.mailboxes(name)]
    return [bare(recipient) for recipient in assumed.recipients or named]
