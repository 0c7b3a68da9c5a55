# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `mailgate` with parts that break, to show what becomes of mail then.

A part breaks when it is given its word, `break-` and its name: a rule's code, "scanner.body", "session.rcpt".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mailgate.cli import app
from mailgate.scanner import Scanner
from mailgate.session import Session
from mailpolicy import judge
from mailpolicy.context import Context
from mailpolicy.message import Message
from mailpolicy.regulation import Duty
from mailpolicy.rules import RULES, Rule
from mailpolicy.verdict import Finding

METHODS = {
    Scanner: ("header", "body"),
    Session: ("connect", "mail", "rcpt", "header", "body", "end"),
}


def break_if_told(part: str, given: Sequence[Any]) -> None:
    word = f"break-{part}".encode()
    if any(word in (one if isinstance(one, bytes) else str(one).encode()) for one in given):
        raise RuntimeError("broken for the test")


@dataclass(frozen=True)
class BreakingCheck:
    """A rule's check that breaks when it is told to. Workers get it pickled, as they get every rule."""

    rule: Rule

    def __call__(self, message: Message, duty: Duty, context: Context) -> Finding | None:
        break_if_told(self.rule.code, message.headers.raw("Message-ID"))
        return self.rule.check(message, duty, context)


def breaking_method(part: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def called(self: Any, *arguments: Any) -> Any:
        break_if_told(part, arguments)
        return method(self, *arguments)

    return called


if __name__ == "__main__":
    judge.__dict__["RULES"] = tuple(replace(rule, check=BreakingCheck(rule)) for rule in RULES)
    for owner, names in METHODS.items():
        for name in names:
            part = f"{owner.__name__.lower()}.{name}"
            setattr(owner, name, breaking_method(part, getattr(owner, name)))
    app()
