# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read by a usual form is what the patterns read, also of lines of all forms torn and mixed up."""

import random
import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from audit.readlog import TAG, parse
from audit.test_line_kinds import SAMPLES, TAGS
from audit.test_sorting import at_once
from mailaudit.logs.fields import FIELDS, STRING
from mailaudit.logs.forms import form
from mailaudit.logs.kinds import Kind, LineKind
from mailaudit.logs.parse import NUMBERED, PRODUCERS
from mailaudit.logs.texts import texts_of
from mailaudit.logs.usual import read_usual

_SEED = 5
_MANY = 3000
_PIECES = [
    *(
        '"',
        "'",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        ":",
        "=",
        " ",
        "  ",
        ", ",
        ": ",
        ">, ",
        "; ",
        "\t",
        "ư",
        "",
    ),
    *(
        ">, relay=x",
        ">, orig_to=<a>",
        ", auth_user=<x>",
        ", master=<y>",
        "; from=<a> to=<b>",
        " in=1 out=2",
        ")x",
    ),
    *(
        "Password: x",
        " failed: ",
        "Info: ",
        "NOQUEUE: ",
        "4F5C64474F: ",
        "..",
        "12.5.1",
        "0" * 20,
        ":25",
        "(x) (y)",
    ),
    *("reject: header ", "msgid=<a: b>", "sieve: ", "<7><s>", "removed", " from ", "\u017f", "password: y"),
]
_VALUES = [
    *(
        "",
        "0",
        "7",
        "1.5",
        "a",
        "a.b@example.org",
        "192.0.2.7",
        "TLS",
        "sent",
        "5.1.1",
        "RCPT",
        "250 Ok",
        "0/0",
    )
]
_FIELD = re.compile(
    r"\{(?P<edge>[<>])?(?P<name>[a-z_]*)[^:}]*(?::(?P<count>\d)?[^|}*]*[|*]?(?P<allowed>[^}]*))?\}"
)


def _services(kind: Kind) -> tuple[str, ...]:
    return kind.services if isinstance(kind, LineKind) else ()


def _usual() -> Iterator[tuple[str, str]]:
    """A line of each form of each kind, with the tag that it is written by."""
    for producer, kind in NUMBERED.values():
        services = _services(kind)
        heads = [head for head in producer.usual_heads if not services or head.service in services]
        for head in heads:
            for usual in kind.usual:
                yield (
                    f"{TAG}{'postfix/x' if producer.name == 'postfix' else producer.name}: ",
                    head.form + usual,
                )


def _filled(usual: str, choice: random.Random) -> str:
    """A text of a form, or nearly: fields hold what is asked of them, and sometimes what is not."""
    return _FIELD.sub(lambda field: _value(field, choice), usual)


def _value(field: re.Match[str], choice: random.Random) -> str:
    if field["edge"] or field["name"] == "queue_id":
        return "4F5C64474F" if not field["edge"] else ""
    is_number = field["name"] in FIELDS and FIELDS[field["name"]].type != STRING
    allowed = field["allowed"] or ("0-9" if is_number else "")
    fit = [value for value in _VALUES if re.fullmatch(f"[{allowed}]+", value)] if allowed else _VALUES
    return choice.choice(fit) * int(field["count"] or 1)


def _torn(line: str, choice: random.Random) -> str:
    """A line with pieces put in, taken out or written over."""
    for _ in range(choice.choice((0, 1, 1, 2))):
        at = choice.randrange(len(line) + 1)
        line = line[:at] + choice.choice(_PIECES) + line[at + choice.choice((0, 0, 1, 4)) :]
    return line


def _lines() -> list[str]:
    choice = random.Random(_SEED)  # noqa: S311  no secret
    usual = list(_usual())
    samples = [(TAGS[producer], sample) for producer, _, sample, _ in SAMPLES]
    found = [tag + sample for tag, sample in samples]
    for _ in range(_MANY):
        tag, text = choice.choice(usual)
        found.append(tag + _torn(_filled(text, choice), choice))
        tag, text = choice.choice(samples)
        found.append(tag + _torn(text, choice))
    return found


def test_usual_forms_say_what_the_patterns_say() -> None:
    lines = _lines()
    for line, quick, slow in zip(lines, parse(lines), at_once(lines), strict=True):
        assert quick == slow, line


def test_every_form_is_the_form_of_some_text() -> None:
    choice = random.Random(_SEED)  # noqa: S311  no secret
    for place, producer in enumerate(PRODUCERS):
        for kind, usual in [(each, usual) for each in producer.kinds for usual in each.usual]:
            heads = [
                head.form
                for head in producer.usual_heads
                if head.service in _services(kind) or not _services(kind)
            ]
            filled = [_filled(choice.choice(heads) + usual, choice) for _ in range(100)]
            texts = texts_of(pa.array(filled, pa.string()))
            found = {
                NUMBERED[read.kind][1].name
                for read in read_usual([texts], np.full(len(texts), place, np.int32))
            }
            assert kind.name in found, usual


@pytest.mark.parametrize("text", ["{user:<}>", "to={user}, {text}", "{user:,}{size:,},"])
def test_a_form_with_a_field_that_nothing_ends_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not end"):
        form(text)


@pytest.mark.parametrize(
    "text", ["{<user}x", "x{>user}", "{>user}x{<user}", "{<user}x{>user}{<user}y{>user}"]
)
def test_a_field_of_several_parts_has_one_beginning_and_then_one_end(text: str) -> None:
    with pytest.raises(ValueError, match="without beginning or end"):
        form(text)
