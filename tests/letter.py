# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages for the rules' tests, built without a scanner."""

from mailpolicy.judge import Policy
from mailpolicy.message import Envelope, Headers, Message, Part

STRANGER, LOOPBACK = "203.0.113.7", "127.0.0.1"


def letter(
    policy: Policy,
    envelope: Envelope,
    *fields: tuple[str, str],
    parts: tuple[Part, ...] = (),
) -> Message:
    """A message with these header fields, its origin and direction as the policy sees them."""
    headers = Headers([(name, value.encode()) for name, value in fields])
    origin = policy.origin(envelope)
    return Message(envelope, origin, policy.direction(envelope, origin), headers, parts)
