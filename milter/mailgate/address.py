# SPDX-License-Identifier: GPL-3.0-or-later
"""An address of the envelope, as it was spelled and as Postfix reads it."""

from dataclasses import dataclass

from mailpolicy.address import normalise


@dataclass(frozen=True, slots=True)
class Address:
    """An argument of MAIL FROM or RCPT TO as received, and what Postfix made of it, None if it did not say.

    `<@relay:a@gmail.com>`, `<"a@gmail.com">` and `<a%gmail.com>` all lead to gmail.com.
    """

    argument: str
    resolved: str | None = None

    @property
    def address(self) -> str:
        """Where it leads, without angle brackets; "" for the null sender."""
        return bare(self.argument) if self.resolved is None else self.resolved

    @property
    def spellings(self) -> list[str]:
        """What Postfix may have stored it as; to delete a recipient its stored form must be met."""
        if self.resolved is None or normalise(self.resolved) == normalise(self.argument):
            return [self.argument]
        return [self.argument, f"<{self.resolved}>"]


def bare(argument: str) -> str:
    """Return the address of a MAIL FROM or RCPT TO argument: without angle brackets, otherwise as written."""
    argument = argument.strip()
    if argument.startswith("<") and argument.endswith(">"):
        return argument[1:-1].strip()
    return argument
