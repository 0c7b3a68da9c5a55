# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [gate.signatures]: what can't be used is named before the gate starts."""

import sys
from datetime import date
from pathlib import Path

import pytest

from mailgate.config import GateSettings
from mailgate.loading import load_checked
from mailpolicy.files.problems import BadFile
from mailpolicy.siteloading import load_site
from signing import Signer

TODAY = date(2026, 11, 23)


def mistakes(tmp_path: Path, table: str) -> list[str]:
    site = tmp_path / "site.toml"
    site.write_text(f'regulation = "MR"\n[gate.signatures]\n{table}\n', "utf-8")
    with pytest.raises(BadFile) as caught:
        load_site(site, {"gate": GateSettings})
    return [line.removeprefix(f"{site}: ") for line in str(caught.value).splitlines()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(Signer.authority().pem * 2)
    return path


def test_roots_are_files_of_certificates(tmp_path: Path, root: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(f'regulation = "MR"\n[gate.signatures]\nroots = ["{root}"]\n', "utf-8")
    settings = load_site(site, {"gate": GateSettings}).sections["gate"]
    assert isinstance(settings, GateSettings)
    assert settings.signatures.roots == (str(root),)


def test_every_root_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("khong co gi", "ascii")
    table = f'roots = ["root.pem", "/nonexistent.pem", "{tmp_path}/empty.pem"]'
    first, second, third = mistakes(tmp_path, table)
    assert first.startswith('gate.signatures.roots[1]: "root.pem"; expected the path, from the root')
    assert "can't be read (No such file or directory)" in second
    assert "holds no certificate that can be read" in third


def test_roots_without_the_library_are_a_mistake(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    (line,) = mistakes(tmp_path, f'roots = ["{root}"]')
    assert "signatures can't be verified without pyhanko" in line
    assert 'pip install "postwarden[signatures]"' in line


@pytest.mark.parametrize(
    "table", ['authserv_id = "mx monre"', "largest_mb = 0", "largest_mb = 5000", "x = 1"]
)
def test_other_mistakes_are_named(tmp_path: Path, table: str) -> None:
    (line,) = mistakes(tmp_path, table)
    assert line.startswith(f"gate.signatures.{table.split(maxsplit=1)[0]}")


def signing(tmp_path: Path, signers: str, more: str = "") -> Path:
    site = tmp_path / "site.toml"
    table = f"[duties.digital-signature]\nparameters = {{ signers = {signers} }}\n"
    site.write_text(f'regulation = "MR"\n{table}{more}\n', "utf-8")
    return site


def test_kinds_of_signers_need_a_directory(tmp_path: Path) -> None:
    site = signing(tmp_path, '["all", "unit", "agency"]')
    with pytest.raises(BadFile) as caught:
        load_checked(site, TODAY)
    assert str(caught.value) == (
        f"{site}: duties.digital-signature.parameters.signers: nobody's kind is known (unit, agency); "
        'expected the directory in gate.snapshot, or ["all"], or signer_addresses'
    )


@pytest.mark.parametrize(
    ("signers", "more"),
    [('["all"]', ""), ("[]", ""), ('["unit"]', '[gate]\nsnapshot = "/x"'), ('["unit"]', 'mode = "off"')],
)
def test_other_choices_of_signers_stand_alone(tmp_path: Path, signers: str, more: str) -> None:
    load_checked(signing(tmp_path, signers, more), TODAY)
