# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix writes alike in many lines, as patterns."""

CLIENT = r"(?P<client_name>[^\[ ]*)\[(?P<address>[^\]]*)\](?::\d+)?"
"""A client: its host name, which Postfix lets have only the characters of one, and its address."""


def address(name: str) -> str:
    """Return the pattern of an address in angle brackets, whose local part may be quoted (RFC 5321, 4.1.2)."""
    return rf'<(?P<{name}>(?:[^<>"]|"(?:[^"\\]|\\.)*")*)>'


ENVELOPE = (
    r"(?:; (?:from=<(?P<sender>.*?)>,? ?)?(?:to=<(?P<recipient>.*?)>,? ?)?"
    r"(?:proto=[^ ,]+,? ?)?(?:helo=<?(?P<helo>.*?)>?)?)?"
)
"""The end of a refusal, which leaves out what was not yet known. What it says is the client's word."""
