# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate check`: what is printed of a saved message that was judged."""

from typing import Any

from rich.text import Text

from mailgate import record
from mailgate.session import Outcome
from mailgate.unproved import NOTE, is_unproved
from mailpolicy.message import Part
from mailpolicy.verdict import Action

COLOURS = {Action.ACCEPT: "green", Action.ANNOTATE: "green", Action.REJECT: "red"}


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
    if is_unproved(outcome.verdict):
        lines.append(NOTE)
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
