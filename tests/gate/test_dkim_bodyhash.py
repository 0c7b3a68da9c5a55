# SPDX-License-Identifier: GPL-3.0-or-later
"""The streamed body hash against dkimpy, which canonicalises whole bodies."""

import hashlib
import tracemalloc

import pytest
from dkim.canonicalization import Relaxed, Simple  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.chunking import chunked, cuts
from mailgate.identity.bodyhash import BodyHash

CHUNK = 65_535  # bytes, as Postfix cuts a body
FORMS = {False: Simple, True: Relaxed}
pieces = st.sampled_from(
    [b"\r\n", b"\r", b"\n", b" ", b"\t", b"  \t ", b"a", b"\0", b" \r\n", b".", b"\xc3\xa1"]
)
bodies = st.one_of(st.binary(max_size=60), st.lists(pieces, max_size=40).map(b"".join))


def streamed(body: bytes, cut: list[int], *, relaxed: bool) -> bytes:
    taken = BodyHash(relaxed=relaxed)
    for chunk in chunked(body, cut):
        taken.update(chunk)
    return taken.digest()


def whole(body: bytes, *, relaxed: bool) -> bytes:
    return hashlib.sha256(FORMS[relaxed].canonicalize_body(body)).digest()


@settings(max_examples=1000)
@given(bodies, cuts, st.booleans())
@example(b"", [1], True)
@example(b"", [1], False)
@example(b"\r\n\r\n", [1], True)
@example(b"\r\n\r\n", [1], False)
@example(b"a \t \r\n \r\n\t", [1], True)
@example(b"a\r\n\r\r\n", [2], False)
def test_any_chunks_of_any_bytes_give_the_hash_of_the_whole(
    body: bytes, cut: list[int], relaxed: bool
) -> None:
    assert streamed(body, cut, relaxed=relaxed) == whole(body, relaxed=relaxed)


def test_the_hash_of_an_empty_body_is_the_one_rfc_6376_gives() -> None:
    # RFC 6376, 3.4.3 and 3.4.4
    simple = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    assert BodyHash(relaxed=True).digest() == simple
    assert BodyHash(relaxed=False).digest() == hashlib.sha256(b"\r\n").digest()


@pytest.mark.parametrize(
    ("filler", "becomes"),
    [(b"\r\n", b"\r\n"), (b" \r\n", b"\r\n"), (b"\r", b"\r"), (b" ", b""), (b"\t", b"")],
)
@pytest.mark.parametrize("relaxed", [False, True])
def test_a_long_run_is_hashed_in_constant_memory(filler: bytes, becomes: bytes, relaxed: bool) -> None:
    # dkimpy is no reference here: it takes time with the square of a run of spaces.
    times = 2 * 1024 * 1024
    chunks = list(chunked(b"a" + filler * times + b" b\r\n", [CHUNK]))
    expected = b"a" + becomes * times + b" b\r\n" if relaxed else b"".join(chunks)
    taken = BodyHash(relaxed=relaxed)
    tracemalloc.start()
    for chunk in chunks:
        taken.update(chunk)
    assert taken.digest() == hashlib.sha256(expected).digest()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * CHUNK
