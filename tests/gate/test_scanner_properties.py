# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every message: any chunking gives the same scan, and the slow reference agrees."""

import base64
import quopri
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from gate import reference_mime
from gate.chunking import Fields, chunked, cuts, scan
from mailgate.scanner import scan_message

# What hostile messages are made of.
TOKENS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b" ",
        b"\t",
        b"\0",
        b"=",
        b"==",
        b"-",
        b"--",
        b":",
        b";",
        b'"',
        b"text",
    ),
    *(
        b"--a",
        b"--a\r\n",
        b"\r\n--a\r\n",
        b"\r\n--a--\r\n",
        b"\n--a \n",
        b"\r\n--ab\r\n",
        b"\r--a\r\n",
        b"x--a",
    ),
    *(
        b"--b\r\n",
        b"\r\n--b--\r\n",
        b"--a--",
        b"QUJD",
        b"QQ==",
        b"=C3=A1",
        b"=\r\n",
        b"= \r\n",
        b" \r\n",
        b"(c)",
    ),
    *(
        b"begin 644 x\r\n",
        b"\r\nbegin 644 x\n",
        b"#0V%T\r\n",
        b"`\r\nend\r\n",
        b"\nend\n",
        b"\r\nM" + b"A" * 60,
    ),
    *(
        b"Content-Type: ",
        b"\nContent-Transfer-Encoding: ",
        b"\r\nContent-Disposition: attachment",
        b"From x\r\n",
    ),
    *(
        b"multipart/mixed; boundary=b",
        b"multipart/digest; boundary=a\r\n\r\n",
        b"message/rfc822",
        b"text/plain",
    ),
    *(
        b"base64\r\n",
        b"x-uuencode\r\n\r\n",
        b"quoted-printable\r\n\r\n",
        b'; filename="a b"',
        b"application/pdf\r\n",
    ),
    b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
]
bodies = st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join) | st.binary(max_size=200)
TOPS: list[Fields] = [
    [],
    [("Content-Type", b"multipart/mixed; boundary=a")],
    [("Content-Type", b'multipart/mixed; boundary="a "')],
    [("Content-Type", b"multipart/mixed; boundary=a; boundary=b")],
    [("Content-Transfer-Encoding", b"base64")],
    [("Content-Transfer-Encoding", b"quoted-printable")],
    [("Content-Transfer-Encoding", b"x-uuencode")],
    [("Content-Type", b"message/rfc822")],
    [("Content-Type", b"message/rfc822"), ("Content-Transfer-Encoding", b"quoted-printable")],
]
tops = st.sampled_from(TOPS)


@given(tops, bodies, cuts)
def test_any_chunking_of_a_message_gives_the_same_scan(top: Fields, body: bytes, cut: list[int]) -> None:
    assert scan(top, chunked(body, cut)) == scan(top, body)


values = st.lists(
    st.sampled_from(
        [
            *(
                b"multipart/mixed",
                b"text/plain",
                b"message/rfc822",
                b"application/pdf",
                b"attachment",
                b"base64",
            ),
            *(
                b";",
                b"=",
                b'"',
                b"\\",
                b"(",
                b")",
                b" ",
                b"\n ",
                b"\r\n\t",
                b"\r",
                b"\0",
                b"*",
                b"*0",
                b"*1*",
                b"'",
            ),
            *(
                b"boundary",
                b"filename",
                b"name",
                b"charset",
                b"a",
                b"b",
                b"%41",
                b"utf-8",
                b"=?utf-8?B?QQ==?=",
                b"\xc3",
            ),
            *(b"aaaaaaaaaa" * 8, b"utf-16", b"\xe1\xba"),
        ]
    ),
    max_size=20,
).map(b"".join)
names = st.sampled_from(
    ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Content-ID", "Subject"]
)


@given(st.lists(st.tuples(names, values | st.binary(max_size=50)), max_size=5), bodies, cuts)
def test_no_header_breaks_the_scanner(top: Fields, body: bytes, cut: list[int]) -> None:
    assert scan(top, chunked(body, cut)) == scan(top, body)


@given(bodies, cuts)
def test_any_chunking_of_a_saved_message_gives_the_same_scan(raw: bytes, cut: list[int]) -> None:
    assert scan_message(chunked(raw, cut)) == scan_message(raw)


@given(bodies)
def test_a_saved_message_is_the_same_with_lf_and_crlf(raw: bytes) -> None:
    lf = raw.replace(b"\r", b"")
    assert scan_message(lf) == scan_message(lf.replace(b"\n", b"\r\n"))


@given(tops, bodies)
def test_a_container_is_as_large_as_its_leaves(top: Fields, body: bytes) -> None:
    parts = scan(top, body).parts
    for container in (part for part in parts if part.container):
        inside = container.path.removesuffix("TEXT").removesuffix(".")
        leaves = [
            part
            for part in parts
            if not part.container and f"{part.path}.".startswith(f"{inside}." * bool(inside))
        ]
        assert container.decoded_size == sum(leaf.decoded_size for leaf in leaves)


# Well-formed messages, for the reference.

Part = tuple[list[str], bytes]

words = st.lists(
    st.sampled_from([b"", b"Xin ch\xc3\xa0o", b"a=41 \t", b"--", b"QUJD", b"-- x", b"=", b"end"]), max_size=6
)
texts = words.map(b"\r\n".join)
encodings = st.sampled_from(["7bit", "8bit", "base64", "quoted-printable"])
types = st.sampled_from(["text/plain", "text/html", "application/pdf", "image/png"])
numbers = count()  # no boundary occurs twice, nor begins another


def encoded(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return content


def leaf(media_type: str | None, encoding: str, content: bytes, broken: bool) -> Part:
    header = [f"Content-Type: {media_type}"] if media_type else []
    header.append(f"Content-Transfer-Encoding: {encoding}")
    return header, content if broken else encoded(content, encoding)


def multipart(
    subtype: str, children: list[Part], preamble: bytes, epilogue: bytes | None, padding: bytes
) -> Part:
    boundary = f"=_{next(numbers)}_"
    delimiter = b"--" + boundary.encode()
    body = preamble
    for child in children:
        part = untyped_message(child) if subtype == "digest" and len(child[0]) == 1 else child
        body += b"\r\n" + delimiter + padding + b"\r\n" + entity(part)
    if epilogue is not None:
        body += b"\r\n" + delimiter + b"--" + padding + b"\r\n" + epilogue
    return [f'Content-Type: multipart/{subtype}; boundary="{boundary}"'], body


def message(child: Part, encoding: str) -> Part:
    header = ["Content-Type: message/rfc822", f"Content-Transfer-Encoding: {encoding}"]
    return header, encoded(b"Subject: x\r\n" + entity(child), encoding)


def untyped_message(child: Part) -> Part:
    header, body = message(child, "7bit")
    return header[1:], body


def entity(part: Part) -> bytes:
    header, body = part
    return "".join(f"{line}\r\n" for line in header).encode() + b"\r\n" + body


def containers(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    return st.builds(
        multipart,
        st.sampled_from(["mixed", "alternative", "related", "digest"]),
        st.lists(inner, min_size=1, max_size=3),
        texts,
        st.none() | texts,
        st.sampled_from([b"", b" ", b"\t "]),
    ) | st.builds(message, inner, encodings)


leaves = st.builds(leaf, st.none() | types, encodings, texts, st.booleans())
messages = st.recursive(leaves, containers, max_leaves=6)


@given(messages, cuts)
def test_the_slow_reference_sees_the_same_leaves(part: Part, cut: list[int]) -> None:
    raw = entity(part)
    _, found = scan_message(chunked(raw, cut))
    assert [
        reference_mime.Leaf(part.path, part.type, part.encoding, part.encoded_size, part.decoded_size)
        for part in found.parts
        if not part.container
    ] == reference_mime.read(raw)
