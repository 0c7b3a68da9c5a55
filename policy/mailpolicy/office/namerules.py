# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the local part of an address is made as a regulation's address-format says."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from mailpolicy.directory import Kind
from mailpolicy.office.lookalike import fold, person_of
from mailpolicy.parameters import AddressFormat

LONGEST = 64  # octets of a local part (RFC 5321, 4.5.3.1.1)
# RFC 2142: mailboxes that a domain has for its services and network, whatever its people's are called.
ROLES = frozenset(
    {"info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster", "hostmaster"}
    | {"usenet", "news", "webmaster", "www", "uucp", "ftp"}
)
_ALLOWED = re.compile(r"[a-z0-9._-]+")
# A run of fields that are letters of a name, another field, or text that stands as it is.
_LETTERS = {"surname": 1, "middle": 0, "given": 1, "s": 1, "m": 0, "last_middle": 1, "other_m": 0}
_PIECE = re.compile(rf"((?:\{{(?:{'|'.join(_LETTERS)})\}})+)|\{{(\w+)\}}|([^{{]+)")
_FREE = {
    "account": "[a-z0-9._-]+",
    "unit": "[a-z0-9-]+",
    "parent": "[a-z0-9-]+",
    "extra": "[a-z0-9]+",
    "n": "[1-9][0-9]*",
}


class Misfit(StrEnum):
    """What is wrong with a local part."""

    CHARACTERS = "characters"  # not small letters without marks, digits, dot, underscore, hyphen
    SHAPE = "shape"  # none of the patterns could give it, whatever the name
    NAME = "name"  # none of the patterns gives it for this person's name


@lru_cache(maxsize=8192)
def misfit(local: str, kind: Kind | None, name: str, rules: AddressFormat) -> Misfit | None:
    """Say what is wrong with a local part in lower case, None if nothing is.

    `kind` is None where it is not known whose mailbox it is: any pattern will do. `name` is the display name,
    "" if unknown; only a person's counts. No regulation has a pattern for lists. The role addresses of
    RFC 2142 fit everywhere.
    """
    if local in ROLES:
        return None
    if len(local) > LONGEST or not _ALLOWED.fullmatch(local):
        return Misfit.CHARACTERS
    patterns = _patterns(kind, rules)
    if kind is Kind.LIST or not patterns:
        return None
    if not any(_shape(pattern).fullmatch(local) for pattern in patterns):
        return Misfit.SHAPE
    if kind is not Kind.PERSON or not (spelt := spelled(name)):
        return None
    by_name = (re.compile(_expression(pattern, spelt)) for pattern in patterns)
    return None if any(expression.fullmatch(local) for expression in by_name) else Misfit.NAME


def spelled(name: str) -> dict[str, str]:
    """Return the parts of a Vietnamese name by field, without marks: surname first, given name last.

    An agency after the name is left out. A name of one word has no parts: {}.
    """
    words = [word for word in map(fold, person_of(unicodedata.normalize("NFC", name)).split()) if word]
    if len(words) < 2:
        return {}
    surname, *middles, given = words
    return {
        "surname": surname,
        "middle": "".join(middles),
        "given": given,
        "s": surname[0],
        "m": _initials(middles),
        "last_middle": middles[-1] if middles else "",
        "other_m": _initials(middles[:-1]),
    }


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


def _patterns(kind: Kind | None, rules: AddressFormat) -> tuple[str, ...]:
    # A unit that tells namesakes apart may be named as its own mailbox is, `<level 2>_<level 1>`.
    people = tuple(one.replace("{unit}", "{account}") for one in (*rules.person, *rules.leader))
    if kind is None:
        return (*people, *rules.unit)
    return people if kind is Kind.PERSON else rules.unit


@lru_cache(maxsize=256)
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, {}))


def _expression(pattern: str, spelt: Mapping[str, str]) -> str:
    """A pattern as a regular expression: of these parts of a name, or of any if none are given.

    Letters side by side are one repetition, so that no local part is tried in more than a few ways.
    """
    pieces = []
    for letters, free, text in _PIECE.findall(pattern):
        fields = re.findall(r"\w+", letters)
        if fields and spelt:
            pieces.append(re.escape("".join(spelt[field] for field in fields)))
        elif fields:
            pieces.append(f"[a-z]{{{sum(_LETTERS[field] for field in fields)},}}")
        else:
            pieces.append(_FREE[free] if free else re.escape(text))
    return "".join(pieces)
