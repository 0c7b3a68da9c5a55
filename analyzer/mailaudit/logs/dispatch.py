# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the kind of each line without asking every kind: by the longest prefix, then by the patterns in question.

An engine evaluates a case only for the rows that come to it, so the few patterns that can match a line are all
that it costs.
"""

from collections.abc import Mapping, Sequence

import ibis

from mailaudit.logs.kinds import Expression, Kind


def number_of_kind(rows: Expression, tables: Mapping[str, Mapping[int, Kind]], unknown: int) -> Expression:
    """Return rows with `kind`: the number of the first kind in their producer's table that recognises them.

    `rows` has the columns `producer` and those that kinds look at; `unknown` is for rows that none recognises.
    """
    rows = rows.mutate(initial=rows.text.ascii_str())
    families: dict[tuple[int, ...], int] = {}
    candidates = []
    for producer, kinds in tables.items():
        by_prefix = {prefix: _asked(prefix, kinds) for prefix in _prefixes(kinds)}
        for asked in by_prefix.values():
            families.setdefault(asked, len(families))
        numbered = {prefix: families[asked] for prefix, asked in by_prefix.items()}
        candidates.append((rows.producer == producer, _by_initial(rows, numbered)))
    rows = rows.mutate(family=ibis.cases(*candidates, else_=-1))
    every = {number: kind for kinds in tables.values() for number, kind in kinds.items()}
    decided = [
        (rows.family == family, _first(rows, {number: every[number] for number in asked}, unknown))
        for asked, family in families.items()
    ]
    return rows.mutate(kind=ibis.cases(*decided, else_=unknown)).drop("initial", "family")


def _prefixes(kinds: Mapping[int, Kind]) -> Sequence[str]:
    """All prefixes, the longest first: a text that begins with one begins with no longer one."""
    return sorted({prefix for kind in kinds.values() for prefix in kind.prefixes}, key=len, reverse=True)


def _asked(prefix: str, kinds: Mapping[int, Kind]) -> tuple[int, ...]:
    """The kinds, in the table's order, that a text whose longest prefix is this one can be."""
    return tuple(n for n, kind in kinds.items() if any(prefix.startswith(own) for own in kind.prefixes))


def _by_initial(rows: Expression, families: Mapping[str, int]) -> Expression:
    """The family of the longest prefix; a comparison of the first character spares most of the others."""
    branches = []
    for initial in dict.fromkeys(prefix[0] for prefix in families):
        own = {prefix: family for prefix, family in families.items() if prefix[0] == initial}
        begins = [(rows.text.startswith(prefix), family) for prefix, family in own.items()]
        branches.append((rows.initial == ord(initial), ibis.cases(*begins, else_=-1)))
    return ibis.cases(*branches, else_=-1)


def _first(rows: Expression, kinds: Mapping[int, Kind], unknown: int) -> Expression:
    return ibis.cases(*((kind.recognises(rows), number) for number, kind in kinds.items()), else_=unknown)
