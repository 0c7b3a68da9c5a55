# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof by DKIM: mail that dkimpy signed, keys from a real name server, and all that proves nothing."""

import socket
from collections.abc import Callable, Iterator

import dkim  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bed.nameserver import NameServer, SilentServer, txt
from gate.chunking import chunked, cuts
from gate.dkimkeys import TOO_SMALL, TOO_SMALL_PUBLIC, ed25519_key, record, rsa_key
from mailgate.identity import inquiry, signature
from mailgate.identity.inquiry import Inquiry
from mailgate.identity.resolver import Resolver, Unanswered
from mailgate.identity.settings import nameserver
from mailgate.mime.saved import split_saved
from mailpolicy.message import Proof

OFFICE, FAILING = "soctrang.gov.vn", "servfail.gov.vn"
KEY = rsa_key()
PROVED = Proof(frozenset({OFFICE}))
MAIL = (
    b"From: =?utf-8?q?Gi=C3=A1m_=C4=91=E1=BB=91c?= <giamdoc@soctrang.gov.vn>\r\n"
    b"To: canbo1@soctrang.gov.vn\r\nSubject: Lich \t hop\r\n tuan sau\r\n"
    b"Date: Mon, 23 Nov 2026 08:00:00 +0700\r\n\r\n"
    b"Kinh gui cac anh chi,  \r\n\r\nLich hop \t tuan sau.\r\n\r\n\r\n"
)
FORMS = [(header, body) for header in (b"simple", b"relaxed") for body in (b"simple", b"relaxed")]


@pytest.fixture(scope="module")
def dns(nsd: None) -> Iterator[NameServer]:
    lines = {
        "good": record(KEY),
        "bare": record(KEY).removeprefix("v=DKIM1; k=rsa; "),
        "revoked": "v=DKIM1; k=rsa; p=",
        "wrong": record(rsa_key("another")),
        "testing": record(KEY, "t=y; "),
        "strict": record(KEY, "t=s; "),
        "sha1": record(KEY, "h=sha1; "),
        "other": record(KEY, "s=tlsrpt; "),
        "small": f"v=DKIM1; k=rsa; p={TOO_SMALL_PUBLIC}",
        "kilo": record(rsa_key("kilo", 1024)),
        "edward": record(ed25519_key()),
        "mislabelled": record(KEY).replace("k=rsa", "k=ed25519"),
        "nonsense": "v=DKIM1; p=###; ; =",
        "spf": "v=spf1 -all",
    }
    zone = [txt(f"{name}._domainkey", value) for name, value in lines.items()]
    zone += ["alias._domainkey CNAME good._domainkey", "none._domainkey A 192.0.2.1"]
    zone += [txt("several._domainkey", lines["spf"]), txt("several._domainkey", lines["good"])]
    football = [
        txt("brisbane._domainkey", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    ]
    zones = {OFFICE: zone, "football.example.com": football, FAILING: None}
    with NameServer(zones) as running:
        yield running


@pytest.fixture(scope="module")
def resolver(dns: NameServer) -> Resolver:
    return Resolver([nameserver(dns.address)])


def signed(
    mail: bytes = MAIL,
    selector: str = "good",
    key: bytes = KEY,
    forms: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    domain: str = OFFICE,
    **more: object,
) -> bytes:
    """The mail with dkimpy's signature on top."""
    made = dkim.sign(mail, selector.encode(), domain.encode(), key, canonicalize=forms, **more)
    return bytes(made) + mail


def examined(
    mail: bytes, resolver: Resolver, claimed: str = OFFICE, cut: list[int] | None = None
) -> tuple[Proof, str]:
    """What is proved of a mail, and what was counted."""
    fields, body = split_saved(mail)
    counted: list[str] = []
    looked = Inquiry(
        frozenset({claimed}), frozenset(), fields, resolver, lambda outcome, _: counted.append(outcome)
    )
    for chunk in chunked(b"".join(body), cut or [65_535]):
        looked.body(chunk)
    proof = looked.proof()
    [outcome] = counted
    return proof, outcome


def proof(mail: bytes, resolver: Resolver, claimed: str = OFFICE) -> Proof:
    return examined(mail, resolver, claimed)[0]


lines = st.text(st.sampled_from("aB \t.=;:ế"), max_size=20).map(lambda text: text.encode() + b"\r\n")
contents = st.lists(lines, max_size=8).map(b"".join)


@settings(max_examples=60)
@given(contents, cuts, st.sampled_from(FORMS))
@example(b"", [1], FORMS[0])
@example(b"", [1], FORMS[3])
def test_what_dkimpy_signs_is_proved_whatever_the_body_its_chunks_and_the_canonical_form(
    resolver: Resolver, body: bytes, cut: list[int], forms: tuple[bytes, bytes]
) -> None:
    mail = signed(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, forms=forms)
    assert examined(mail, resolver, cut=cut) == (PROVED, "proved")


@pytest.mark.parametrize("selector", ["good", "GOOD", "bare", "alias", "several", "strict"])
def test_a_key_that_is_in_force_proves(resolver: Resolver, selector: str) -> None:
    assert proof(signed(selector=selector), resolver) == PROVED


def test_a_key_of_1024_bits_proves(resolver: Resolver) -> None:
    assert proof(signed(selector="kilo", key=rsa_key("kilo", 1024)), resolver) == PROVED


@pytest.mark.parametrize(
    "selector",
    [
        *(
            "missing",
            "none",
            "revoked",
            "wrong",
            "testing",
            "sha1",
            "other",
            "mislabelled",
            "nonsense",
            "spf",
        ),
        *("no such..name", "x" * 64, "m.i.s.s.i.n.g", "ế"),
    ],
)
def test_a_key_that_is_not_in_force_proves_nothing_and_leaves_nothing_undecided(
    resolver: Resolver, selector: str
) -> None:
    assert examined(signed(selector=selector), resolver) == (Proof(), "unproved")


def test_a_key_below_1024_bits_proves_nothing(resolver: Resolver) -> None:
    assert proof(signed(selector="small", key=TOO_SMALL), resolver) == Proof()


# RFC 8463, appendix A.3: its Ed25519 signature, and the key it publishes in A.2
RFC_8463 = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""


def test_the_ed25519_signature_of_rfc_8463_is_verified(resolver: Resolver) -> None:
    domain = "football.example.com"
    assert proof(RFC_8463, resolver, domain) == Proof(frozenset({domain}))
    assert proof(RFC_8463.replace(b"hungry", b"sleepy"), resolver, domain) == Proof()
    assert proof(RFC_8463.replace(b"Joe SixPack", b"Jim SixPack"), resolver, domain) == Proof()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (lambda mail: mail.replace(b"tuan sau.", b"tuan nay."), "the body"),
        (lambda mail: mail + b"-- \r\nDanh sach thu\r\n", "a footer, as mailing lists add"),
        (lambda mail: mail.replace(b"Lich", b"[ds] Lich", 1), "the subject"),
        (lambda mail: mail.replace(b"giamdoc@", b"vanthu@"), "the author"),
        (lambda mail: b"From: vanthu@soctrang.gov.vn\r\n" + mail, "a second author above"),
        (lambda mail: mail.replace(b"To: c", b"From: vanthu@soctrang.gov.vn\r\nTo: c"), "and below"),
        (lambda mail: mail.replace(b"; d=", b"; l=10; d="), "a tag added afterwards"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_signed_mail_that_was_changed_proves_nothing(
    resolver: Resolver, changed: Callable[[bytes], bytes], why: str
) -> None:
    assert changed(signed()) != signed()
    assert proof(changed(signed()), resolver) == Proof()


def test_fields_that_relays_and_lists_add_above_leave_the_proof_whole(resolver: Resolver) -> None:
    above = (
        b"Received: from mx.example.org\r\n\tby mx\r\nList-Id: <ds.example.org>\r\nSender: ds@example.org\r\n"
    )
    assert proof(above + signed(), resolver) == PROVED


def test_a_signature_over_only_the_beginning_of_the_body_proves_nothing(resolver: Resolver) -> None:
    mail = signed(length=True)
    assert dkim.verify(mail, dnsfunc=lambda *_, **__: record(KEY).encode())
    assert proof(mail, resolver) == Proof()


def test_sha1_proves_nothing(resolver: Resolver) -> None:
    mail = signed(signature_algorithm=b"rsa-sha1")
    assert dkim.verify(mail, dnsfunc=lambda *_, **__: record(KEY).encode())
    assert proof(mail, resolver) == Proof()


@pytest.mark.parametrize("domain", ["mail.soctrang.gov.vn", "gov.vn", "example.org"])
def test_another_domains_signature_proves_nothing(resolver: Resolver, domain: str) -> None:
    assert proof(signed(domain=domain), resolver) == Proof()


def test_a_strict_key_does_not_speak_for_subdomains(resolver: Resolver) -> None:
    identity = b"ai@mail.soctrang.gov.vn"
    assert proof(signed(selector="strict", identity=identity), resolver) == Proof()
    assert proof(signed(selector="good", identity=identity), resolver) == PROVED


def test_one_good_signature_among_bad_ones_is_enough_but_not_behind_many(resolver: Resolver) -> None:
    bad = signed().partition(b"From:")[0].replace(b"s=good", b"s=wrong")
    assert proof(bad * (inquiry.MOST - 1) + signed(), resolver) == PROVED
    assert proof(bad * inquiry.MOST + signed(), resolver) == Proof()
    assert proof(signed() + b"", resolver) == PROVED


# DNS


def test_a_failing_server_leaves_it_undecided(resolver: Resolver) -> None:
    mail = signed(domain=FAILING)
    assert examined(mail, resolver, FAILING) == (Proof(undecided=True), "undecided")


def test_dns_is_not_asked_where_the_body_does_not_agree(resolver: Resolver) -> None:
    assert examined(signed(domain=FAILING) + b"x\r\n", resolver, FAILING) == (Proof(), "unproved")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "SECONDS", 0.3)


@pytest.mark.usefixtures("hurried")
def test_a_silent_server_leaves_it_undecided() -> None:
    with SilentServer() as silent:
        assert proof(signed(), Resolver([nameserver(silent.address)])) == Proof(undecided=True)


@pytest.mark.usefixtures("hurried")
def test_a_server_that_is_not_there_leaves_it_undecided() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert proof(signed(), Resolver([nameserver(f"127.0.0.1:{port}")])) == Proof(undecided=True)


@pytest.mark.usefixtures("hurried")
def test_all_signatures_of_a_message_share_the_time() -> None:
    several = [signed(selector=f"s{number}").partition(b"From:")[0] for number in range(4)]
    with SilentServer() as silent:
        fields, body = split_saved(b"".join(several) + MAIL)
        spent: list[float] = []
        looked = Inquiry(
            PROVED.domains,
            frozenset(),
            fields,
            Resolver([nameserver(silent.address)]),
            lambda _, seconds: spent.append(seconds),
        )
        for chunk in body:
            looked.body(chunk)
        assert looked.proof() == Proof(undecided=True)
    assert spent[0] < 2 * inquiry.SECONDS


def test_answers_are_kept_those_that_there_is_nothing_too() -> None:
    with NameServer({OFFICE: [txt("good._domainkey", record(KEY))]}) as server:
        resolver = Resolver([nameserver(server.address)])
        good, missing = (f"{name}._domainkey.{OFFICE}." for name in ("good", "missing"))
        assert resolver.texts(good, 2) == (record(KEY).encode(),)
        assert resolver.texts(missing, 2) == ()
    assert resolver.texts(good, 0.2) == (record(KEY).encode(),)
    assert resolver.texts(missing, 0.2) == ()
    with pytest.raises(Unanswered):
        resolver.texts(f"another._domainkey.{OFFICE}.", 0.2)


# Hostile fields

TAGS = [
    *(b"v=1", b"a=rsa-sha256", b"c=relaxed/simple", b"d=soctrang.gov.vn", b"s=good", b"h=from", b"b=AAAA"),
    *(b"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", b"i=soctrang.gov.vn", b"i=@", b"l=9", b"x=1"),
    *(b"q=dns/txt", b"c=/", b"d=\xff", b"b=", b"bh==", b"h=", b"=", b"z", b"\0", b"s=\xe1", b"t=9" * 30),
    b"h=" + b"from:" * 60,
]
values = st.one_of(st.binary(max_size=80), st.lists(st.sampled_from(TAGS), max_size=12).map(b";\n\t".join))


@settings(max_examples=500)
@given(st.lists(values, max_size=30))
def test_hostile_fields_prove_nothing_and_break_nothing(resolver: Resolver, some: list[bytes]) -> None:
    fields = [(signature.FIELD, value) for value in some] + [("From", b"a@soctrang.gov.vn")]
    looked = Inquiry(PROVED.domains, frozenset(), fields, resolver, lambda *_: None)
    assert looked.proof() == Proof()


@pytest.mark.parametrize("filler", [b" ", b"\n\t", b"\r\n ", b"b", b" b", b"b =", b";", b"h:", b"=", b"A"])
def test_a_long_field_is_read_or_passed_over(resolver: Resolver, filler: bytes) -> None:
    value = b"v=1; a=rsa-sha256; d=soctrang.gov.vn; s=good; h=from; bh=AAAA; b=" + filler * 20_000
    for length in (signature.LONGEST, len(value)):
        fields = [(signature.FIELD, value[:length])] * 1000 + [("From", b"a@soctrang.gov.vn")]
        assert Inquiry(PROVED.domains, frozenset(), fields, resolver, lambda *_: None).proof() == Proof()
