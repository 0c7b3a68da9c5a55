# SPDX-License-Identifier: GPL-3.0-or-later
"""Which domains count as public mail providers, and which never do."""

import re
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailpolicy.lists.publicmail import OFFICIAL, PublicMail, is_too_broad, official_suffix, shipped

LIST = files("mailpolicy").joinpath("data", "public-mail.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("domain", "entry"),
    [
        ("gmail.com", "gmail.com"),
        ("GMail.COM", "gmail.com"),
        ("gmail.com.", "gmail.com"),
        ("yahoo.com.vn", "yahoo.com.vn"),
        ("hotmail.com.vn", "hotmail.com.vn"),
        ("outlook.com.vn", "outlook.com.vn"),
        ("vnn.vn", "vnn.vn"),
        ("hcm.vnn.vn", "vnn.vn"),
        ("dng.vnn.vn", "vnn.vn"),
        ("hcm.fpt.vn", "fpt.vn"),
        ("hn.vnn.vn", "vnn.vn"),
        ("saigonnet.vn", "saigonnet.vn"),
        ("hcm.netnam.vn", "netnam.vn"),
        ("vol.vn", "vol.vn"),
        ("viettel.vn", "viettel.vn"),
        ("mail.zing.vn", "zing.vn"),
        ("mail.vn", "mail.vn"),
        ("yahoo.vn", "yahoo.vn"),
        ("tuta.com", "tuta.com"),
        ("tuta.io", "tuta.io"),
        ("mailbox.org", "mailbox.org"),
        ("riseup.net", "riseup.net"),
        ("simplelogin.com", "simplelogin.com"),
        ("outlook.co.th", "outlook.co.th"),
        ("yandex.ru", "yandex.ru"),
        ("yeah.net", "yeah.net"),
        ("hanmail.net", "hanmail.net"),
        ("zing.vn", "zing.vn"),
        ("proton.me", "proton.me"),
        ("tutanota.com", "tutanota.com"),
        ("duck.com", "duck.com"),
        ("qq.com", "qq.com"),
        ("163.com", "163.com"),
    ],
)
def test_a_provider_is_matched_with_its_subdomains_however_it_is_written(domain: str, entry: str) -> None:
    assert PublicMail().matches(domain) == entry


@pytest.mark.parametrize(
    "domain",
    [
        "",
        ".",
        "vn",
        "com",
        "com.vn",
        "example.com",
        "example.com.vn",
        "notgmail.com",
        "gmail.com.vn",
        "gmail.com.example.org",
        "fpt.com.vn",
        "fpt.com",
        "soctrang.gov.vn",
        "mail.soctrang.gov.vn",
        "quochoi.vn",
        "dcs.vn",
        "hcmus.edu.vn",
        "mod.gov.vn",
        "tdc.edu.vn",
        "blogspot.vn",
        "viettel.com.vn",
        "vnpt.vn",
    ],
)
def test_offices_companies_and_registries_are_not_providers(domain: str) -> None:
    assert PublicMail().matches(domain) is None


@pytest.mark.parametrize(
    "address",
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "msn.com",
        "icloud.com",
    ],
)
def test_the_providers_that_the_regulations_name_and_the_commonest_are_listed(address: str) -> None:
    assert address in shipped()


def test_a_site_adds_a_provider_and_its_subdomains() -> None:
    changed = PublicMail(add=["Mail.Example.com."])
    assert changed.matches("a.mail.example.com") == "mail.example.com"
    assert changed.matches("example.com") is None


def test_a_site_excepts_a_provider_and_its_subdomains() -> None:
    changed = PublicMail(remove=["VNN.vn"])
    assert changed.matches("vnn.vn") is None
    assert changed.matches("hcm.vnn.vn") is None


def test_the_nearest_entry_decides() -> None:
    changed = PublicMail(add=["public.office.vnn.vn"], remove=["office.vnn.vn"])
    assert changed.matches("hcm.vnn.vn") == "vnn.vn"
    assert changed.matches("office.vnn.vn") is None
    assert changed.matches("a.office.vnn.vn") is None
    assert changed.matches("a.public.office.vnn.vn") == "public.office.vnn.vn"


def test_an_internationalised_name_is_the_same_in_both_spellings() -> None:
    changed = PublicMail(add=["thư.example"])
    assert changed.matches("THƯ.example") == changed.matches("xn--th-e0a.example") is not None


@pytest.mark.parametrize("suffix", sorted(OFFICIAL))
def test_official_names_are_never_public_even_if_added(suffix: str) -> None:
    changed = PublicMail(add=[suffix, f"so.{suffix}"])
    assert changed.matches(suffix) is None
    assert changed.matches(f"mail.so.{suffix}") is None
    assert official_suffix(f"mail.so.{suffix}") == suffix


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_asked_about(domain: str) -> None:
    assert PublicMail().matches(domain) in {None, *shipped()}


# The shipped list itself


def test_the_list_says_its_date_and_how_it_is_kept() -> None:
    (day,) = re.findall(r"As of (\S+)\.$", LIST.splitlines()[0])
    assert date.fromisoformat(day).year >= 2026
    assert "Kept by hand" in LIST


def test_every_line_of_the_list_is_a_domain_in_its_plain_form() -> None:
    lines = [line.partition("#")[0].strip() for line in LIST.splitlines()]
    entries = [line for line in lines if line]
    assert 300 <= len(entries) <= 450
    assert len(entries) == len(set(entries))
    for entry in entries:
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", entry), entry


def test_no_entry_of_the_list_is_so_broad_that_strangers_fall_under_it() -> None:
    assert [entry for entry in sorted(shipped()) if is_too_broad(entry) or official_suffix(entry)] == []


def test_no_office_school_or_association_of_vietnam_is_on_the_list() -> None:
    kept_out = ("gov.vn", "dcs.vn", "quochoi.vn", "edu.vn", "ac.vn", "org.vn", "health.vn", "id.vn", "io.vn")
    assert [
        entry for entry in sorted(shipped()) if entry.endswith(tuple(f".{end}" for end in kept_out))
    ] == []


def test_every_vietnamese_entry_stands_in_the_vietnamese_sections() -> None:
    sections = re.split(r"\n\n(?=# )", LIST)
    elsewhere = "\n".join(section for section in sections if not section.startswith("# Vietnam: "))
    assert re.findall(r"^\S+\.vn\b", elsewhere, re.MULTILINE) == []


def test_no_entry_of_the_list_says_what_another_says_already() -> None:
    parents = {entry: entry.partition(".")[2] for entry in shipped()}
    assert {entry: parent for entry, parent in parents.items() if parent in shipped()} == {}


@pytest.mark.parametrize(
    "domain",
    [
        "vn",
        "com.vn",
        "soctrang.vn",
        "hanoi.vn",
        "net.vn",
        "edu.vn",
        "io.vn",
        "co.uk",
        "com.au",
        "or.jp",
        "com",
    ],
)
def test_a_registrys_name_is_too_broad(domain: str) -> None:
    assert is_too_broad(domain)


@pytest.mark.parametrize("domain", ["vnn.vn", "163.com", "yahoo.com.vn", "web.de"])
def test_a_providers_name_is_not_too_broad(domain: str) -> None:
    assert not is_too_broad(domain)
