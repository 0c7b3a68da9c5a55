# SPDX-License-Identifier: GPL-3.0-or-later
"""The office's own signature: dkimpy verifies it, and so does the gate's verifier."""

from collections.abc import Iterator

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim.util import parse_tag_value  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from bed.nameserver import NameServer, txt
from gate.chunking import chunked, cuts
from gate.dkimkeys import ed25519_key, record, rsa_key
from mailgate.identity.inquiry import Inquiry
from mailgate.identity.resolver import Resolver
from mailgate.identity.settings import nameserver
from mailgate.identity.signing import Signing, SigningKey
from mailgate.mime.saved import split_saved
from mailpolicy.message import Proof

OFFICE = "soctrang.gov.vn"
Fields = list[tuple[str, bytes]]
FIELDS: Fields = [
    ("From", b"canbo1@soctrang.gov.vn"),
    ("To", b"congdan@example.org,\n\tnguoidan@example.org"),
    ("Subject", "Về việc  trả lời".encode()),
    ("Date", b"Mon, 23 Nov 2026 08:00:00 +0700"),
    ("X-Mailer", b"thu"),
]


def key(pem: bytes, selector: str = "s2026") -> SigningKey:
    loaded = load_pem_private_key(pem, None)
    assert isinstance(loaded, RSAPrivateKey | Ed25519PrivateKey)
    return SigningKey(OFFICE, selector, loaded)


def signature(fields: Fields, body: bytes, pem: bytes, cut: list[int] | None = None) -> str:
    signing = Signing(key(pem), fields)
    for chunk in chunked(body, cut or [65_535]):
        signing.body(chunk)
    value = signing.value()
    assert value is not None
    return value


def wire(fields: Fields, body: bytes) -> bytes:
    """The message as a receiver has it."""
    header = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields)
    return header.replace(b"\n", b"\r\n") + b"\r\n" + body


def verified(fields: Fields, body: bytes, pem: bytes) -> bool:
    return bool(dkim.verify(wire(fields, body), dnsfunc=lambda *_, **__: record(pem).encode()))


values = st.text(st.sampled_from("aZ \t=;:đ<>@"), max_size=30).map(lambda text: b"x" + text.encode())
names = st.sampled_from(
    ["Subject", "To", "Cc", "Reply-To", "References", "Received", "X-A", "List-Id", "Date"]
)
contents = st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b".", b"\xc3\xa1"]), max_size=40).map(
    b"".join
)


@settings(max_examples=60)
@given(st.lists(st.tuples(names, values), max_size=8), contents, cuts)
def test_dkimpy_verifies_what_is_signed(fields: Fields, body: bytes, cut: list[int]) -> None:
    fields = [("From", b"canbo1@soctrang.gov.vn"), *fields]
    signed = ("DKIM-Signature", signature(fields, body, rsa_key(), cut).encode())
    assert verified([signed, *fields], body, rsa_key())


@pytest.fixture(scope="module")
def resolver(nsd: None) -> Iterator[Resolver]:
    with NameServer({OFFICE: [txt("s2026._domainkey", record(ed25519_key()))]}) as server:
        yield Resolver([nameserver(server.address)])


def test_a_signature_with_ed25519_is_proof_for_another_gate(resolver: Resolver) -> None:
    body = b"Kinh gui\r\n"
    value = signature(FIELDS, body, ed25519_key()).encode()
    received, chunks = split_saved(wire([("DKIM-Signature", value), *FIELDS], body))
    looked = Inquiry(frozenset({OFFICE}), frozenset(), received, resolver, lambda *_: None)
    for chunk in chunks:
        looked.body(chunk)
    assert looked.proof() == Proof(frozenset({OFFICE}))


def tags(fields: Fields) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = parse_tag_value(
        signature(fields, b"", rsa_key()).encode().replace(b"\n", b"")
    )
    return found


def test_the_signature_names_domain_selector_and_relaxed_forms() -> None:
    found = tags(FIELDS)
    assert (found[b"d"], found[b"s"]) == (b"soctrang.gov.vn", b"s2026")
    assert (found[b"a"], found[b"c"]) == (b"rsa-sha256", b"relaxed/relaxed")
    assert b"l" not in found


def test_no_line_of_the_field_is_longer_than_998_octets_and_each_is_folded() -> None:
    many = [*FIELDS, *[("List-Id", b"ds.example.org")] * 80]
    value = signature(many, b"", rsa_key("", 4096)).split("\n")
    assert max(len(line) for line in value) < 100
    assert all(line[0] in " \t" for line in value[1:])


@pytest.mark.parametrize("name", ["From", "Subject", "To", "Date"])
def test_a_second_field_added_on_the_way_breaks_the_signature(name: str) -> None:
    signed = ("DKIM-Signature", signature(FIELDS, b"", rsa_key()).encode())
    assert verified([signed, *FIELDS], b"", rsa_key())
    assert not verified([(name, b"x"), signed, *FIELDS], b"", rsa_key())


def test_what_the_gate_and_relays_add_is_not_signed() -> None:
    signed = ("DKIM-Signature", signature(FIELDS, b"", rsa_key()).encode())
    added = [
        ("Received", b"by mx"),
        ("X-Postwarden", b"spam-report; ST 9.4"),
        ("Authentication-Results", b"mx; none"),
    ]
    assert verified([*added, signed, *FIELDS], b"", rsa_key())


def test_a_header_with_too_many_fields_is_not_signed() -> None:
    assert Signing(key(rsa_key()), [*FIELDS, *[("To", b"a@example.org")] * 200]).value() is None
