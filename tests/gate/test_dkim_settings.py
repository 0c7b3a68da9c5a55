# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in [gate.identity] are named with file, key, what is wrong and what was expected."""

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from gate.dkimkeys import TOO_SMALL, ed25519_key, rsa_key
from mailgate.loading import load, load_checked
from mailpolicy.files.problems import BadFile

OFFICE = "soctrang.gov.vn"
TODAY = date(2026, 11, 23)


def written(folder: Path, text: str) -> Path:
    site = folder / "site.toml"
    site.write_text(f'regulation = "ST"\n{text}', encoding="utf-8")
    return site


def signing(folder: Path, key: Path, domain: str = OFFICE, selector: str = "s2026") -> Path:
    table = f'[gate.identity.dkim."{domain}"]\nselector = "{selector}"\nkey = "{key}"\n'
    return written(folder, table)


def key_file(folder: Path, content: bytes, mode: int = 0o400) -> Path:
    file = folder / "key.pem"
    file.write_bytes(content)
    file.chmod(mode)
    return file


def mistakes(site: Path) -> str:
    with pytest.raises(BadFile) as bad:
        load_checked(site, TODAY)
    return str(bad.value).replace(str(site), "site.toml").replace(str(site.parent), "")


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_a_key_that_only_the_gate_and_its_group_read_is_taken(tmp_path: Path, key: bytes, mode: int) -> None:
    loaded = load_checked(signing(tmp_path, key_file(tmp_path, key, mode), "SocTrang.gov.vn"), TODAY)
    assert list(loaded.settings.identity.dkim) == [OFFICE]


@pytest.mark.parametrize("mode", [0o404, 0o444, 0o644, 0o420, 0o402])
def test_a_key_that_others_read_or_the_group_writes_is_refused(tmp_path: Path, mode: int) -> None:
    said = mistakes(signing(tmp_path, key_file(tmp_path, rsa_key(), mode)))
    assert said == (
        f'site.toml: gate.identity.dkim.{OFFICE}.key: "/key.pem" has mode {mode:04o}: others may read it, or '
        "its group may change it; expected mode 0400, or 0440 for its group"
    )


def locked() -> bytes:
    key = load_pem_private_key(rsa_key(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))


def elliptic() -> bytes:
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", TOO_SMALL, locked(), elliptic()],
    ids=["", "nonsense", "small", "locked", "ec"],
)
def test_what_holds_no_key_that_can_sign_is_refused(tmp_path: Path, content: bytes) -> None:
    said = mistakes(signing(tmp_path, key_file(tmp_path, content)))
    assert '"/key.pem" holds no key that can sign; expected an RSA key of 1024 bits or more' in said


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    said = mistakes(signing(tmp_path, tmp_path / "none.pem"))
    assert (
        '"/none.pem" can\'t be read (No such file or directory); expected a file with a private key' in said
    )


def test_who_only_judges_saved_mail_need_not_read_the_key(tmp_path: Path) -> None:
    assert load(signing(tmp_path, tmp_path / "none.pem")).settings.identity.dkim[OFFICE].selector == "s2026"


def test_only_official_domains_are_signed_for(tmp_path: Path) -> None:
    said = mistakes(signing(tmp_path, key_file(tmp_path, rsa_key()), "example.org"))
    assert said == (
        "site.toml: gate.identity.dkim.example.org: example.org is not an official domain; "
        "expected one of soctrang.gov.vn"
    )


def test_every_mistake_is_named_in_one_go(tmp_path: Path) -> None:
    said = mistakes(
        written(
            tmp_path,
            '[gate.identity]\nnameservers = ["ns1.example.org"]\nauthserv_ids = ["mx; dkim=pass"]\n'
            '[gate.identity.dkim."soctrang"]\nselector = "a b"\nkey = "key.pem"\n',
        )
    ).splitlines()
    assert len(said) == 5
    assert 'gate.identity.nameservers[1]: "ns1.example.org"; expected an IP address' in said[0]
    assert 'gate.identity.authserv_ids[1]: "mx; dkim=pass"; expected an authserv-id' in said[1]
    assert "expected a domain" in said[2]
    assert 'selector: "a b"; expected the name the key is published under' in said[3]
    assert 'key: "key.pem"; expected the path, from the root, of a private key' in said[4]
