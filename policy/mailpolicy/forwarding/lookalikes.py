# SPDX-License-Identifier: GPL-3.0-or-later
"""What resembles an automatic forward and is none: a person's own, a mailing list, an answer, a notice."""

from mailpolicy.address import domain_of, same_mailbox
from mailpolicy.context import Context
from mailpolicy.directory import Kind
from mailpolicy.forwarding.mailbox import official
from mailpolicy.forwarding.route import WayIn
from mailpolicy.message import Headers

_TRACE = ("Received", "Delivered-To", "X-Sieve-Redirected-From")


def is_ours(address: str, context: Context) -> bool:
    """Whether the address lies in an official domain or in one below it, as a list server's does."""
    return _is_below(domain_of(address), context)


def _is_below(domain: str, context: Context) -> bool:
    while domain:
        if domain in context.domains:
            return True
        domain = domain.partition(".")[2]
    return False


def resent_by_hand(headers: Headers, context: Context) -> bool:
    """Whether the newest thing that happened to this mail is that somebody of the office sent it again.

    Mail programs put Resent-From (RFC 5322, 3.6.6) above all that the mail had when its reader got it.
    """
    resent = headers.positions("Resent-From")
    if not resent or any(place < resent[0] for name in _TRACE for place in headers.positions(name)[:1]):
        return False
    return any(is_ours(box.address, context) for box in headers.mailboxes("Resent-From"))


def is_list(mailbox: str, headers: Headers, context: Context) -> bool:
    """Whether the mailbox is a mailing list that sends out its own post.

    The directory says so, or the mail does: List-Id (RFC 2919) or List-Post (RFC 2369) names that mailbox.
    """
    entry = context.directory.mailbox(mailbox)
    if entry is not None:
        return entry.kind is Kind.LIST
    identifiers = [value.rpartition("<")[2].partition(">")[0].strip() for value in headers.text("List-Id")]
    posts = [value.partition("mailto:")[2].partition(">")[0] for value in headers.text("List-Post")]
    lists = [*posts, *(identifier.replace(".", "@", 1) for identifier in identifiers)]
    return any(same_mailbox(one, mailbox) for one in lists)


def is_list_post(headers: Headers, context: Context) -> bool:
    """Whether a mailing list of the office sends this, by a List-Id in or below an official domain."""
    return any(
        _is_below(value.rpartition("<")[2].partition(">")[0].strip().lower(), context)
        for value in headers.text("List-Id")
    )


def answer(headers: Headers) -> str:
    """`auto-replied` (RFC 3834) or `auto-notified` (RFC 5436) if a program does so here, or ""."""
    for value in headers.text("Auto-Submitted"):
        keyword = value.partition(";")[0].partition("(")[0].strip().lower()
        if keyword in ("auto-replied", "auto-notified"):
            return keyword
    return ""


def notified_mailbox(headers: Headers, way: WayIn, context: Context) -> str:
    """Whose new mail a notice tells of, by owner-email (RFC 5436, 2.7.1), its author or its way in; or ""."""
    for value in headers.text("Auto-Submitted"):
        owner = value.lower().partition("owner-email=")[2].strip().strip('"').partition('"')[0]
        if official(owner, context):
            return owner
    authors = [official(box.address, context) for box in headers.mailboxes("From")]
    return next(filter(None, (*authors, *way.mailboxes)), "")
