# SPDX-License-Identifier: GPL-3.0-or-later
"""Possible marks of state secrets, in the subject, files' names and text, whoever sends it to whom.

A finding names marks and places and never quotes: what it stands in is read by more people than the mail.
"""

from collections.abc import Iterator
from typing import cast

from mailpolicy.context import Context
from mailpolicy.message import Message, Origin, Part
from mailpolicy.parameters import StateSecrets
from mailpolicy.regulation import Duty
from mailpolicy.secretmarks.readings import has_spelled_trace, has_trace
from mailpolicy.secretmarks.search import Found, in_file_name, in_text, in_title
from mailpolicy.text.visible import is_html, visible
from mailpolicy.verdict import Certainty, Finding

MAX_NAMED = 20  # parts in one finding that are told to be unread
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


def check(message: Message, duty: Duty, context: Context) -> Finding | None:
    """Find marks of state secrets, whichever way the message goes: they are neither sent nor received.

    Outsiders' bulk mail is only a sign: a capital headline is no seal.
    """
    found = [(place, marks) for place, marks in _places(message) if marks.names]
    if not found:
        return None
    certain = any(marks.certain for _, marks in found) and not _is_outsiders_bulk(message)
    unread = _unread(message)
    names = tuple(dict.fromkeys(name for _, marks in found for name in marks.names))
    places = tuple(place for place, _ in found)
    return Finding(
        duty.code,
        duty.article,
        f"possible mark of a state secret ({', '.join(names)}) in {', '.join(places[:3])}",
        {
            "marks": names,
            "places": places,
            "read_characters": sum(len(part.sample) for part in message.parts),
            "not_read": unread[:MAX_NAMED],
            "law": cast(StateSecrets, duty.parameters).law,
        },
        certainty=Certainty.CERTAIN if certain else Certainty.SIGN,
    )


def _places(message: Message) -> Iterator[tuple[str, Found]]:
    for subject in message.headers.text("Subject"):
        if has_trace(subject.upper()):
            yield "Subject", in_title(subject)
    for part in message.parts:
        for name in part.filenames:
            if has_trace(name.upper()):
                yield f"file name of part {part.path}", in_file_name(name)
        if has_trace(part.sample) or (is_html(part) and has_spelled_trace(part.sample)):
            yield f"part {part.path}", in_text(visible(part), small_capitals=_small_capitals(part))


def _small_capitals(part: Part) -> bool:
    """Whether a .Vn...H font is in it, whose small letters look like capitals."""
    return is_html(part) and any(f".Vn{name}H" in part.sample for name in ("Time", "Arial", "HelvetIns"))


def _is_outsiders_bulk(message: Message) -> bool:
    bulk = "List-Unsubscribe" in message.headers or "List-Id" in message.headers
    return bulk and message.origin is Origin.STRANGER


def _unread(message: Message) -> tuple[str, ...]:
    """Name the parts that are not looked into: pictures, office files, archives, what is encrypted or cut."""
    unread = []
    for part in message.parts:
        if part.container or part.type in _SIGNATURES or not part.decoded_size:
            continue
        if part.sample_cut:
            unread.append(f"{part.path} {part.type}, cut")
        elif not part.sample:
            unread.append(f"{part.path} {part.type}")
    return tuple(unread)
