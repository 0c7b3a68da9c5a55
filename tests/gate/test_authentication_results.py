# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication-Results: whose is believed, what it proves, and which are forged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.identity.authresults import FIELD, read, weigh
from mailpolicy.message import Headers

MX, OFFICE = "mx.soctrang.gov.vn", "soctrang.gov.vn"
TRUSTED = frozenset({MX})
PASS = f"{MX}; dkim=pass header.d={OFFICE}"
FAIL = f"{MX}; dkim=none"
PROVED = frozenset({OFFICE})


@pytest.mark.parametrize(
    "value",
    [
        PASS,
        f"{MX};\n\tdkim=pass (2048-bit key; secure) header.d={OFFICE} header.i=@{OFFICE} header.b=abc",
        f"{MX.upper()} 1 ; spf=fail smtp.mailfrom=a@b; dmarc = pass (p=none dis=none) header.from = {OFFICE}",
        f'"{MX}"; dkim=fail header.d=example.org; dkim/1=pass header.d="{OFFICE}"',
        f"(from (here)) {MX}; DKIM=PASS Header.D={OFFICE.upper()}",
        f'{MX}; dkim=pass reason="all; well (it is" header.d={OFFICE}',
    ],
)
def test_a_pass_of_dkim_or_dmarc_proves_the_domain_it_names(value: str) -> None:
    assert read(value.encode()) == read(PASS.encode())
    assert read(value.encode()).domains == {OFFICE}


@pytest.mark.parametrize(
    "value",
    [
        FAIL,
        f"{MX}; none",
        f"{MX}; dkim=fail header.d={OFFICE}",
        f"{MX}; dkim=pass",
        f"{MX}; spf=pass smtp.mailfrom=giamdoc@{OFFICE}",
        f"{MX}; auth=pass header.d={OFFICE}",
        f"{MX}; dkim=pass header.from={OFFICE}",
        f"{MX}; dkim=fail (dkim=pass header.d={OFFICE})",
        f"{MX}; dkim=fail (x; dkim=pass header.d={OFFICE})",
        f'{MX}; spf=fail smtp.mailfrom="x; dkim=pass header.d={OFFICE}"',
        f'{MX}; spf=fail smtp.mailfrom="x\\"; dkim=pass header.d={OFFICE}"',
        f"{MX}; spf=fail (x\\); dkim=pass header.d={OFFICE})",
        f"{MX}; dkim=pass header.d=example.org header.d={OFFICE}",
        f"{MX}; dkim=pass header.d={OFFICE} (",
        f'{MX}; dkim=pass header.d={OFFICE} "',
        f"{MX}; dkim=pass header.d={OFFICE} {'x' * 9000}",
    ],
)
def test_nothing_else_proves_anything(value: str) -> None:
    assert read(value.encode()).domains == frozenset()
    assert read(value.encode()).authserv_id == MX


def weighed(*fields: tuple[str, str]) -> tuple[frozenset[str], tuple[int, ...]]:
    found = weigh(Headers([(name, value.encode()) for name, value in fields]), TRUSTED)
    return found.domains, found.forged


RECEIVED = ("Received", "from mail.example.org by mx.example.org")
FROM = ("From", f"giamdoc@{OFFICE}")


def test_the_topmost_field_of_a_trusted_server_is_believed() -> None:
    assert weighed((FIELD, PASS), RECEIVED, FROM) == (PROVED, ())
    assert weighed(("X-Spam", "no"), (FIELD.lower(), PASS), FROM) == (PROVED, ())


def test_one_that_the_message_came_with_is_forged() -> None:
    assert weighed(RECEIVED, (FIELD, PASS), FROM) == (frozenset(), (1,))
    assert weighed((FIELD, FAIL), (FIELD, PASS), FROM) == (frozenset(), (2,))
    assert weighed((FIELD, FAIL), RECEIVED, (FIELD, PASS), FROM, (FIELD, PASS)) == (frozenset(), (2, 3))


def test_fields_of_servers_that_are_not_trusted_are_left_alone_and_prove_nothing() -> None:
    other = PASS.replace(MX, "mx.example.org")
    assert weighed((FIELD, other), (FIELD, other), FROM) == (frozenset(), ())
    assert weighed((FIELD, other), (FIELD, PASS), FROM) == (PROVED, ())


@given(st.one_of(st.binary(max_size=60), st.text('();="\\ ;a\t\n', max_size=40).map(str.encode)))
def test_no_bytes_break_it_or_prove_anything_by_chance(value: bytes) -> None:
    assert read(value).domains == read(b"mx; dkim=" + value).domains == frozenset()
