# SPDX-License-Identifier: GPL-3.0-or-later
"""One message through the gate as libmilter would hand it over, and all that must hold whatever it is."""

import json
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate

from gate.chunking import Fields, chunked
from gate.offices import CANBO1, CITIZEN, INSIDE, OUTSIDE, PRIVATE, REGULATIONS, VANTHU, office
from mailgate.mime import bounds
from mailgate.mime.saved import split_saved
from mailgate.record import fields
from mailgate.session import Outcome, Session
from mailgate.terms import Terms
from mailpolicy.judge import Policy
from mailpolicy.message import Message

# Client, login, sender, recipient: a stranger, a user, and mail that Sieve sends on.
ROADS = (
    (OUTSIDE, "", CITIZEN, VANTHU),
    (OUTSIDE, CANBO1, CANBO1, CITIZEN),
    (INSIDE, "", CITIZEN, PRIVATE),
)
HEADER_SIZE_LIMIT = 102_400  # bytes; Postfix's parameter of that name, its default
UUENCODED = "x-uuencode"
MOST_IN_A_LINE = 63  # bytes that a line of three ("_", CR, LF) of a uuencoded file says it holds
SHORTEST = 3
# When the bound is reached, the text before the next boundary line and what comes after it are still parts;
# so they are in each message that is read inside another's encoding.
MOST_PARTS = bounds.MAX_PARTS + 2 * (bounds.MAX_ENCODED_DEPTH + 1)
LONGEST_REPLY_LINE = 512  # bytes; RFC 5321, 4.5.3.1.5

office = cache(office)


class Broken(Exception):  # noqa: N818 - it says what happened
    """Something does not hold."""


def examine(raw: bytes, cuts: Sequence[int]) -> Outcome:
    """Judge a message whole and in chunks. Raises Broken."""
    whole = judged(raw, None)
    if whole.verdict.failures:
        raise Broken(f"raised {whole.verdict.failures[0].error}")
    if told(judged(raw, cuts)) != told(whole):
        raise Broken("another chunking, another result")
    for must_hold, what in claims(whole.message):
        if not must_hold:
            raise Broken(what)
    check_words(whole)
    return whole


def judged(raw: bytes, cuts: Sequence[int] | None) -> Outcome:
    """Judge a saved message whole, or in chunks of these sizes."""
    head, content = handed_over(raw)
    chunks = [content] if cuts is None else chunked(content, list(cuts))
    return converse(zlib.crc32(raw), head, chunks)


def handed_over(raw: bytes) -> tuple[Fields, bytes]:
    """Split a message as Postfix hands it over: what is beyond its bound on the header is body."""
    head, body = split_saved(raw)
    lengths = accumulate(len(name) + len(value) for name, value in head)
    kept = sum(length <= HEADER_SIZE_LIMIT for length in lengths)
    rest = [b"%s: %s\r\n" % (name.encode("latin-1"), value) for name, value in head[kept:]]
    return head[:kept], b"".join([*rest, *body])


def converse(number: int, head: Fields, chunks: Iterable[bytes]) -> Outcome:
    """Judge as one of several offices does; the number says which one, and by which road mail comes."""
    session = Session(lambda: Terms.of(an_office(number)))
    client, login, sender, recipient = ROADS[number // len(REGULATIONS) % len(ROADS)]
    session.connect(*client)
    session.mail(f"<{sender}>")
    session.log_in(login)
    session.rcpt(f"<{recipient}>")
    try:
        for name, value in head:
            session.header(name, value)
        for chunk in chunks:
            session.body(chunk)
    except Exception as error:  # as libmilter's callbacks do
        session.fail(error)
    return session.end("4QTest0001")


def an_office(number: int) -> Policy:
    return office(REGULATIONS[number % len(REGULATIONS)])


def told(outcome: Outcome) -> object:
    """All that the gate says about a message."""
    message = outcome.message
    return message.parts, message.malformed, message.size, outcome.verdict, outcome.answer


def claims(message: Message) -> Iterable[tuple[bool, str]]:
    """What must hold of a message's parts, each with its name."""
    parts = message.parts
    leaves = [part for part in parts if not part.container]
    names = [name for part in parts for name in part.filenames]
    yield all(min(part.encoded_size, part.decoded_size) >= 0 for part in parts), "a negative size"
    yield all(part.encoded_size <= message.size for part in parts), "a part larger than its message"
    for leaf in leaves:
        most = leaf.encoded_size
        if leaf.encoding == UUENCODED:
            most = (most // SHORTEST + 1) * MOST_IN_A_LINE
        yield leaf.decoded_size <= most, "decoded larger than encoded"
    yield len(parts) <= MOST_PARTS, "too many parts"
    yield len({part.path for part in parts}) == len(parts), "two parts with one path"
    yield all(part.path.count(".") <= bounds.MAX_DEPTH + 1 for part in parts), "too deep"
    yield all(len(part.filenames) <= bounds.MAX_NAMES for part in parts), "too many names"
    yield all(len(name) <= bounds.MAX_NAME for name in names), "a name too long"
    yield all(len(part.sample) <= bounds.MAX_SAMPLE for part in parts), "a sample too long"
    yield sum(len(part.sample) for part in parts) <= bounds.MAX_SAMPLES, "too many samples"
    yield list(message.malformed) == sorted(set(message.malformed)), "reasons out of order"


def check_words(outcome: Outcome) -> None:
    """Check what goes to Postfix and into the log."""
    json.dumps(fields(outcome)).encode("ascii")
    for line in outcome.answer.reply.lines if outcome.answer.reply else ():
        if not line.isascii() or not line.isprintable() or len(line) > LONGEST_REPLY_LINE:
            raise Broken("a reply that SMTP can't carry")
