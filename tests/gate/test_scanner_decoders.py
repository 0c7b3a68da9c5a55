# SPDX-License-Identifier: GPL-3.0-or-later
"""Transfer encodings, however broken and however cut: the scanner's counts are the reference's."""

import base64
import binascii
import quopri

from hypothesis import example, given
from hypothesis import strategies as st

from gate import reference_mime
from gate.chunking import chunked, cuts, whole_line_ends
from mailgate.mime.bounds import MAX_LINE, MAX_PADDED_RUNS, MAX_UU_ODD_LINES, Budget
from mailgate.mime.decoders import Base64, Base64Size, QuotedPrintable
from mailgate.mime.reasons import Reason
from mailgate.mime.uuencode import Block, UuBlocks


def made_of(*tokens: bytes) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(tokens), max_size=30).map(b"".join)


base64_text = made_of(b"QUJD", b"QQ", b"Q", b"=", b"==", b"\r\n", b"-*", b"QUJDREVG")
quoted_text = made_of(
    *(
        b"=",
        b"=4",
        b"=C3",
        b"=c3",
        b"=G1",
        b"\r\n",
        b"\n",
        b" \r\n",
        b"=\r\n",
        b"= \n",
        b" ",
        b"\t",
        b"a",
        b"A1",
        b"==",
    )
)


def base64_size(text: bytes, cut: list[int]) -> int:
    count = Base64Size(set())
    for chunk in chunked(text, cut):
        count.feed(chunk)
    return count.finish()


def quoted_printable(text: bytes, cut: list[int]) -> bytes:
    decoder = QuotedPrintable()
    decoded = b"".join(map(decoder.decode, whole_line_ends(chunked(text, cut))))
    return decoded + decoder.decode(b"", last=True)


@given(base64_text | st.binary(max_size=80), cuts)
@example(b"QQ=\r\n=QQ==", [1])
@example(b"QQ=Q", [2])
def test_base64_is_counted_and_decoded_as_the_reference_does(text: bytes, cut: list[int]) -> None:
    expected = reference_mime.decode_base64(text)
    decoder = Base64(set())
    decoded = b"".join(map(decoder.decode, chunked(text, cut))) + decoder.decode(b"", last=True)
    assert decoded == expected
    assert base64_size(text, cut) == len(expected)


@given(st.binary(max_size=300), cuts)
def test_valid_base64_counts_what_was_encoded(content: bytes, cut: list[int]) -> None:
    assert base64_size(base64.encodebytes(content), cut) == len(content)


def test_padding_beyond_the_bound_is_ignored_which_counts_more() -> None:
    runs = MAX_PADDED_RUNS // 2  # two "=" each
    assert base64_size(b"QQ==" * runs + b"QQ==" * 100, [1000]) == runs + 200 * 3 // 4


@given(quoted_text | st.binary(max_size=80), cuts)
@example(b"a=  \r\nb", [1])
@example(b"===41=\r\n", [3])
def test_quoted_printable_is_decoded_as_the_reference_does(text: bytes, cut: list[int]) -> None:
    expected = reference_mime.decode_quoted_printable(text)
    assert quoted_printable(text, cut) == expected.replace(b"\t", b" ")


@given(st.binary(max_size=300).filter(lambda content: not {9, 10, 13} & set(content)), cuts)
def test_valid_quoted_printable_comes_back(content: bytes, cut: list[int]) -> None:
    assert quoted_printable(quopri.encodestring(content).replace(b"\n", b"\r\n"), cut) == content


def test_a_bare_cr_after_an_equals_sign_hides_nothing() -> None:
    assert quoted_printable(b"a=\rhidden\r\nb", [100]) == b"a=\rhidden\r\nb"


def uuencoded(content: bytes, name: bytes = b"so lieu.xls") -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return (b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n").replace(b"\n", b"\r\n")


def uu_blocks(text: bytes, cut: list[int]) -> UuBlocks:
    found = UuBlocks(Budget(), count_outside=True)
    for chunk in whole_line_ends(chunked(text, cut)):
        found.feed(chunk)
    found.finish()
    return found


@given(st.lists(st.binary(max_size=200), max_size=3), cuts)
def test_uuencoded_files_in_a_text_are_counted_exactly(contents: list[bytes], cut: list[int]) -> None:
    found = uu_blocks(b"Hello\r\n" + b"\r\n".join(map(uuencoded, contents)) + b"bye", cut)
    assert [block.decoded_size for block in found.blocks] == [len(content) for content in contents]
    assert [block.encoded_size for block in found.blocks] == [
        len(uuencoded(content)) - 2 for content in contents
    ]
    assert (found.outside, found.broken, found.exhausted) == (len("Hellobye"), False, False)


def test_a_line_that_only_looks_like_a_begin_line_is_text() -> None:
    text = b"begin with the end\r\nbegin 64 x\r\nbegin 644 \r\nend\r\n"
    assert uu_blocks(text, [7]).blocks == []


def test_a_name_too_long_is_cut_and_hides_no_file() -> None:
    text = b"begin 644 " + b"x" * 2_000 + b"\r\n" + b"M" + b"!" * 60 + b"\r\nend\r\n"
    (block,) = uu_blocks(text, [7]).blocks
    assert (set(block.name), block.decoded_size) == (set(b"x"), 45)
    assert len(block.name) < MAX_LINE


def test_a_uuencoded_file_that_never_ends_counts_as_it_stands() -> None:
    text = uuencoded(b"x" * 450).removesuffix(b"end\r\n")
    found = uu_blocks(text, [100])
    assert found.broken
    assert found.blocks == [Block(b"so lieu.xls", len(text), len(text))]


def test_a_uuencoded_file_of_odd_lines_counts_as_it_stands() -> None:
    text = b"begin 644 x\r\n" + b"!A\r\n" * (MAX_UU_ODD_LINES + 1) + b"end"
    found = uu_blocks(text, [1000])
    assert (found.broken, found.overfull) == (True, True)
    assert found.blocks == [Block(b"x", len(text), len(text))]


@given(
    made_of(
        b"begin 644 a\r\n",
        b"\nbegin 644 b\n",
        b"end",
        b"\r\nend\r\n",
        b"\nend",
        b"\n",
        b"\r\n",
        b"M",
        b"#AA",
        b"`",
    ),
    cuts,
)
@example(b"begin 644 a\r\n\nMM\r\nend\r\n", [1])
def test_any_chunking_finds_the_same_uuencoded_files(text: bytes, cut: list[int]) -> None:
    one, other = uu_blocks(text, [1000]), uu_blocks(text, cut)
    assert (one.blocks, one.outside, one.broken) == (other.blocks, other.outside, other.broken)


def test_digits_after_a_padding_are_noted() -> None:
    reasons: set[Reason] = set()
    count = Base64Size(reasons)
    count.feed(b"QQ==\r\n")
    assert not reasons
    count.feed(b"QQ==")
    assert reasons == {Reason.BASE64_AFTER_PADDING}
