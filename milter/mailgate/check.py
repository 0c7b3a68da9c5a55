# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate check`: saved messages are judged as Postfix would have them judged, by the same Session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from mailgate import record
from mailgate.address import bare
from mailgate.mime.saved import split_saved
from mailgate.session import Outcome, Session
from mailpolicy.judge import Policy
from mailpolicy.message import Headers, Part
from mailpolicy.verdict import Action

COLOURS = {Action.ACCEPT: "green", Action.ANNOTATE: "green", Action.REJECT: "red"}


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
    headers = Headers(fields)
    session = Session(lambda: policy)
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


def as_json(file: str, outcome: Outcome, *, parts: bool) -> dict[str, Any]:
    """Return what a program reads of one judged message."""
    said = record.fields(outcome)
    keys = ("direction", "action", "reply", "malformed", "findings")
    failures = [{"code": failure.code, "error": failure.error} for failure in outcome.verdict.failures]
    result = {"file": file, **{key: said[key] for key in keys}, "failures": failures}
    if parts:
        result["parts"] = [_part(part) for part in outcome.message.parts]
    return result


def _part(part: Part) -> dict[str, Any]:
    keys = ("path", "type", "filename", "filenames", "encoding", "encoded_size", "decoded_size")
    return {key: getattr(part, key) for key in keys}


def as_text(file: str, outcome: Outcome, *, parts: bool) -> Text:
    """Return what a person reads of one judged message."""
    action = outcome.answer.action
    text = Text(f"{record.printable(file)}: ")
    text.append(action.value, style=COLOURS.get(action, "yellow"))
    text.append(f" ({outcome.message.direction.value})")
    lines = str(outcome.answer.reply).splitlines() if outcome.answer.reply else []
    lines += [_finding_line(one) for one in record.findings(outcome.verdict)]
    lines += [f"{failure.code} failed: {failure.error}" for failure in outcome.verdict.failures]
    if outcome.message.malformed:
        lines.append(f"malformed: {', '.join(outcome.message.malformed)}")
    if parts:
        lines += [_part_line(part) for part in outcome.message.parts]
    return text.append("".join(f"\n    {line}" for line in lines))


def _finding_line(finding: dict[str, Any]) -> str:
    article = f", article {finding['article']}" if finding["article"] else ""
    return f"{finding['code']}{article}, {finding['mode']}: {finding['detail']}"


def _part_line(part: Part) -> str:
    names = "".join(f' "{record.printable(name)}"' for name in part.filenames)
    kind = f"part {part.path}: {record.printable(part.type)}{names}, {record.printable(part.encoding)}"
    return f"{kind}, {part.encoded_size} bytes encoded, {part.decoded_size} decoded"
