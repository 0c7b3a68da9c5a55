# SPDX-License-Identifier: GPL-3.0-or-later
"""The official mailboxes that somebody of the office sends a message as."""

from mailpolicy.address import without_detail
from mailpolicy.context import Context
from mailpolicy.directory import Mailbox
from mailpolicy.message import Message, Origin


def written_here(message: Message, context: Context) -> bool:
    """Whether the office wrote this: by a login, or by a program of its networks in an official name.

    A program that passes on what came in, as Received tells, is not the writer.
    """
    if message.origin is Origin.LOGIN:
        return True
    official = message.origin is Origin.TRUSTED and context.is_official(message.envelope.sender)
    return official and "Received" not in message.headers


def addresses(message: Message, context: Context) -> tuple[str, ...]:
    """Return the official addresses of a message that was written here: the login's, MAIL FROM, From.

    Each is there once, without a +detail.
    """
    shown = [message.envelope.sender, *(box.address for box in message.headers.mailboxes("From"))]
    login = message.envelope.login
    own = sorted(context.own_addresses(login)) if login else []
    official = (address for address in (*own, *shown) if context.is_official(address))
    return tuple(dict.fromkeys(map(without_detail, official)))


def mailboxes(message: Message, context: Context) -> tuple[Mailbox, ...]:
    """Return those of the addresses that the directory knows; nothing of mail that was not written here."""
    if not context.directory.known or not written_here(message, context):
        return ()
    found = (context.directory.mailbox(address) for address in addresses(message, context))
    return tuple(mailbox for mailbox in found if mailbox is not None)
