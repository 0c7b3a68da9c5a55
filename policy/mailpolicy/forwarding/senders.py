# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelope senders that forwarding systems rewrite so that bounces and SPF work."""

from collections.abc import Iterable

from mailpolicy.address import normalise

# Sender Rewriting Scheme: SRS0=hash=day=domain=local@forwarder; the first separator may also be + or -, the
# tag is in any case. Microsoft 365 writes local+SRS=hash=day=domain=user@forwarder.
_SRS = tuple(f"srs{number}{separator}" for number in "01" for separator in "=+-")
_SRS_365 = "+srs="
GMAIL_TAG = "+caf_="
"""What Gmail puts between the forwarding mailbox and where it forwards to."""


def is_rewritten(sender: str) -> bool:
    """Whether a forwarder put its own domain in the place of the writer's (SRS)."""
    local = normalise(sender).rpartition("@")[0]
    return local.startswith(_SRS) or _SRS_365 in local


def gmail_forwarder(sender: str, recipients: Iterable[str]) -> str:
    """The mailbox in a sender such as Gmail's forwarding writes, or "".

    `user+caf_=name=example.org@domain` is user@domain forwarding to name@example.org; that address must be
    among the recipients.
    """
    local, _, domain = normalise(sender).rpartition("@")
    user, found, target = local.partition(GMAIL_TAG)
    name, _, target_domain = target.rpartition("=")
    if found and f"{name}@{target_domain}" in map(normalise, recipients):
        return f"{user}@{domain}"
    return ""
