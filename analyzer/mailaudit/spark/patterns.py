# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts patterns of RE2, which DuckDB has, into the words of Java's, so that both match the same.

Both take the first alternative that leads on. Java backtracks, which RE2 never does: a line that a stranger
made long can keep it busy, but lines are bounded (logs.lines.LONGEST_LINE; Postfix's own to 2,000 bytes).
"""

import re

_NAMED = re.compile(r"\(\?P<\w+>")
_REPEATED = re.compile(r"\{\d+(?:,\d*)?\}")
_WHITE = r"\t\n\f\r "  # RE2's \s: without the vertical tab
_FLAGS = "(?du)"  # only \n ends a line, and (?i) goes beyond ASCII
_REFERENCE = re.compile(r"\\(\d)")


def java_pattern(pattern: str) -> str:
    """Return the pattern for Java. Its groups have numbers, no names. Raises ValueError for [[:class:]]."""
    at, words, in_class = 0, [_FLAGS], False
    while at < len(pattern):
        taken, word = _in_class(pattern, at) if in_class else _outside(pattern, at)
        if taken[0] in "[]" and word != r"\[":
            in_class = taken[0] == "["
        words.append(word)
        at += len(taken)
    return "".join(words)


def java_replacement(replacement: str) -> str:
    r"""Return for Java what replaces a match: $1 in place of \1."""
    return _REFERENCE.sub(r"$\1", replacement.replace("$", r"\$"))


def _outside(pattern: str, at: int) -> tuple[str, str]:
    """What stands there outside [...], and what it is in Java."""
    if named := _NAMED.match(pattern, at):
        return named[0], "("
    if repeated := _REPEATED.match(pattern, at):
        return repeated[0], repeated[0]
    if pattern[at] == "\\":
        escaped = pattern[at : at + 2]
        return escaped, f"[{_WHITE}]" if escaped == r"\s" else escaped
    if pattern[at] == "[":  # a ] that comes first is one of the characters
        opening = pattern[at : at + 2] if pattern.startswith("[^", at) else "["
        closing = pattern.startswith("]", at + len(opening))
        return opening + "]" * closing, opening + r"\]" * closing
    return pattern[at], {"$": r"\z", "{": r"\{"}.get(pattern[at], pattern[at])


def _in_class(pattern: str, at: int) -> tuple[str, str]:
    """The same inside [...], where Java has classes in classes and && besides."""
    if pattern.startswith("[:", at):
        raise ValueError(f"a class by name has no counterpart in Java: {pattern}")
    if pattern[at] == "\\":
        escaped = pattern[at : at + 2]
        return escaped, _WHITE if escaped == r"\s" else escaped
    return pattern[at], {"[": r"\[", "&": r"\&"}.get(pattern[at], pattern[at])
