# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the kind of each line and captures its fields, asking few patterns about each line.

The longest prefix tells which kinds a line can be of. All but the last of these are asked; the last one's
pattern, like that of the one that said yes, captures the fields and so shows whether it matched. An engine
computes a case only for the rows that come to it.
"""

from collections.abc import Mapping, Sequence

import ibis

from mailaudit.logs.functions import Expression, capture
from mailaudit.logs.kinds import SLOTS, Kind

UNPARSED = -1
"""The number of a line that no kind recognises."""

Kinds = Mapping[int, Kind]


def captured(rows: Expression, tables: Mapping[str, Kinds]) -> Expression:
    """Return rows with `kind`, the number of the first of their producer's kinds that they are of.

    `rows` has the columns `producer`, and `text` and `service` that kinds look at. What the kind's patterns
    captured is in the columns `captured_0` and on.
    """
    kinds = {number: kind for table in tables.values() for number, kind in table.items()}
    rows = guessed(rows, tables)
    for piece in range(max(len(kind.patterns) for kind in kinds.values())):
        text = rows[f"captured_{piece - 1}"][SLOTS[-1]] if piece else rows.text
        having = [(n, kind.patterns[piece]) for n, kind in kinds.items() if len(kind.patterns) > piece]
        cases = [(rows.guess == number, capture(text, pattern, SLOTS)) for number, pattern in having]
        rows = rows.mutate(**{f"captured_{piece}": ibis.cases(*cases)})
    return rows.mutate(kind=_proved(rows, kinds).ifelse(rows.guess, UNPARSED)).drop("guess")


def captured_by(rows: Expression, kind: Kind) -> Expression:
    """Return rows that can be of one kind with what its patterns captured, and `proved`: whether they are."""
    for piece, pattern in enumerate(kind.patterns):
        text = rows[f"captured_{piece - 1}"][SLOTS[-1]] if piece else rows.text
        rows = rows.mutate(**{f"captured_{piece}": capture(text, pattern, SLOTS)})
    if kind.proof is None:
        return rows.mutate(proved=ibis.literal(value=True))
    piece, slot = kind.proof
    return rows.mutate(proved=rows[f"captured_{piece}"][slot] != "")


def guessed(rows: Expression, tables: Mapping[str, Kinds]) -> Expression:
    """Return rows with `guess`, the number of the only kind of their producer's that they can be of."""
    families: dict[tuple[int, ...], int] = {}
    candidates = []
    rows = rows.mutate(initial=rows.text.ascii_str())
    for producer, kinds in tables.items():
        asked = {prefix: _asked(prefix, kinds) for prefix in _prefixes(kinds)}
        numbers = {prefix: families.setdefault(family, len(families)) for prefix, family in asked.items()}
        candidates.append((rows.producer == producer, _by_initial(rows, numbers)))
    rows = rows.mutate(family=ibis.cases(*candidates, else_=UNPARSED))
    kinds = {number: kind for table in tables.values() for number, kind in table.items()}
    cases = [(rows.family == n, _first(rows, family, kinds)) for family, n in families.items()]
    return rows.mutate(guess=ibis.cases(*cases, else_=UNPARSED)).drop("initial", "family")


def families(kinds: Kinds) -> Sequence[tuple[int, ...]]:
    """Return which kinds a text can be of that begins with one prefix or another."""
    return list(dict.fromkeys(_asked(prefix, kinds) for prefix in _prefixes(kinds)))


def family_of(rows: Expression, kinds: Kinds) -> Expression:
    """Return `family`, the place in `families` of the kinds that each row can be of, or UNPARSED."""
    places = {family: place for place, family in enumerate(families(kinds))}
    numbers = {prefix: places[_asked(prefix, kinds)] for prefix in _prefixes(kinds)}
    rows = rows.mutate(initial=rows.text.ascii_str())
    return rows.select(family=_by_initial(rows, numbers))


def guess_in(rows: Expression, kinds: Kinds, place: int) -> Expression:
    """Return the number of the only kind that each row of a family can be of, or UNPARSED."""
    return _first(rows, families(kinds)[place], kinds)


def _prefixes(kinds: Kinds) -> Sequence[str]:
    """All prefixes, the longest first: a text that begins with one begins with no longer one."""
    return sorted({prefix for kind in kinds.values() for prefix in kind.prefixes}, key=len, reverse=True)


def _asked(prefix: str, kinds: Kinds) -> tuple[int, ...]:
    """The kinds, in the table's order, that a text whose longest prefix is this one can be."""
    return tuple(n for n, kind in kinds.items() if any(prefix.startswith(own) for own in kind.prefixes))


def _by_initial(rows: Expression, families: Mapping[str, int]) -> Expression:
    """The family of the longest prefix; a comparison of the first character spares most of the others."""
    branches = []
    for initial in dict.fromkeys(prefix[0] for prefix in families):
        own = {prefix: family for prefix, family in families.items() if prefix[0] == initial}
        begins = [(rows.text.startswith(prefix), family) for prefix, family in own.items()]
        branches.append((rows.initial == ord(initial), ibis.cases(*begins, else_=UNPARSED)))
    return ibis.cases(*branches, else_=UNPARSED)


def _first(rows: Expression, family: tuple[int, ...], kinds: Kinds) -> Expression:
    *others, last = family
    cases = [(kinds[number].recognises(rows), number) for number in others]
    return ibis.cases(*cases, (kinds[last].belongs(rows), last), else_=UNPARSED)


def _proved(rows: Expression, kinds: Kinds) -> Expression:
    """Whether the patterns of the guessed kind did match."""
    by_proof: dict[tuple[int, str] | None, list[int]] = {}
    for number, kind in kinds.items():
        by_proof.setdefault(kind.proof, []).append(number)
    return ibis.cases(
        *(
            (rows.guess.isin(numbers), rows[f"captured_{proof[0]}"][proof[1]] != "" if proof else True)
            for proof, numbers in by_proof.items()
        ),
        else_=False,
    )
