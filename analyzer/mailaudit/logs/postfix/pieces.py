# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix writes alike in many lines, as patterns."""

CLIENT = r"(?P<client_name>[^\[ ]*)\[(?P<address>[^\]]*)\](?::[0-9]+)?"
"""A client: its host name, which Postfix lets have only the characters of one, and its address."""

USUAL_CLIENT = "{client_name:[ }[{address:]}]"
"""The same as a form."""


def address(name: str) -> str:
    """Return the pattern of an address in angle brackets; its local part may be quoted (RFC 5321, 4.1.2)."""
    return rf'<(?P<{name}>(?:[^<>"]|"(?:[^"\\]|\\.)*")*)>'


ENVELOPE = (
    rf"(?:; (?:from={address('sender')},? ?)?(?:to={address('recipient')},? ?)?"
    "(?:proto=[^ ,]+,? ?)?(?:helo=<?(?P<helo>[^<>]*)>?)?)?"
)
"""The end of a refusal, which leaves out what was not yet known. What it says is the client's word."""

REFUSED_AT = "(?P<stage>[A-Za-z-]+) from "
# In quotes a reason may hold what looks like the envelope: addresses stand in it as the client wrote them.
_REASON = r'(?P<reason>(?:[^"]|"(?:[^"\\]|\\.)*"|")+?)'
REFUSAL = (rf"{CLIENT}: (?:\d{{3}} )?(?:(?P<dsn>\d\.\d+\.\d+) )?", f"{_REASON}{ENVELOPE}")
"""What follows REFUSED_AT, in two pieces: client, code, and the reason with the envelope."""
