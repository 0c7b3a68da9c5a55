# SPDX-License-Identifier: GPL-3.0-or-later
"""constraints.txt pins all that pyproject.toml asks for, by hash, and names no place to fetch it from."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
MARKER = r"[a-z_]+ [<>=!]+ '[A-Za-z0-9.]+'"
PIN = re.compile(
    rf"[a-z0-9-]+==([0-9]+!)?[0-9][0-9a-z.]*( ; {MARKER}( and {MARKER})*)?( --hash=sha256:[0-9a-f]{{64}})+"
)


def pins() -> list[str]:
    """One string a pin: `name==version [; marker] --hash=... --hash=...`."""
    text = (PROJECT / "constraints.txt").read_text().replace("\\\n", " ")
    lines = [re.sub(" +", " ", line.strip()) for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def pinned() -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for pin in pins():
        name, version = pin.split()[0].split("==")
        versions.setdefault(name, []).append(version)
    return versions


def wanted() -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    lists = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    return [Requirement(text) for names in lists for text in names]


def test_every_line_is_a_version_with_its_hashes() -> None:
    assert len(pins()) > 20
    assert [pin for pin in pins() if not PIN.fullmatch(pin)] == []


def test_no_address_is_named() -> None:
    text = (PROJECT / "constraints.txt").read_text()
    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|--(extra-)?index-url|--find-links|-f|--trusted-host)\b", text, re.MULTILINE
    )


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    versions = pinned()
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        if name != "postwarden":
            assert name in versions
            assert all(version in requirement.specifier for version in versions[name]), requirement
