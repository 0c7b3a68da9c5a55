# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev, as a newcomer meets it: what it teaches, and what it says where it can't go on."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bed.needs import JAVA, JOURNAL, MAIL_SYSTEM, NSD, POSTGRESQL, PROMETHEUS, SLAPD

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = (PROJECT / "dev").read_text()
VERBS = set(re.findall(r"^    ([a-z]+)(?:\)| \|)", SCRIPT.partition("case $verb in\n")[2], re.MULTILINE))
INSTALLED = "Package: {}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nDescription: a\n"


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A folder that everybody may use, with a copy of the script and nothing else in it."""
    with tempfile.TemporaryDirectory(prefix="postwarden-dev-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        shutil.copy(PROJECT / "dev", folder)
        yield folder


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs ./dev as an ordinary user."""
    root = os.geteuid() == 0
    return subprocess.run(
        ["/bin/sh", str(folder / "dev"), *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        user="nobody" if root else None,
        group="nogroup" if root else None,
        extra_groups=[] if root else None,
    )


def package_database(folder: Path, *installed: str) -> str:
    """An own dpkg database that holds only these packages; dpkg-query reads it through DPKG_ADMINDIR."""
    database = folder / "dpkg"
    (database / "info").mkdir(parents=True)
    (database / "info" / "format").write_text("1\n")
    (database / "status").write_text("\n".join(map(INSTALLED.format, installed)))
    return str(database)


def packages(verb: str = "test") -> list[str]:
    """The Debian packages that a verb asks for, in its order."""
    names = ["packages"] if verb in {"demo", "lint", "fuzz"} else ["packages", "test_packages"]
    found = [re.search(rf'^{name}="([^"]*)"', SCRIPT, re.MULTILINE) for name in names]
    assert all(found)
    return [package for one in found if one for package in one[1].split()]


@pytest.mark.parametrize(("shell", "script"), [("/bin/sh", "dev"), ("/bin/bash", ".ci/run")])
def test_a_shell_can_read_the_scripts(shell: str, script: str) -> None:
    assert subprocess.run([shell, "-n", PROJECT / script], check=False).returncode == 0
    assert os.access(PROJECT / script, os.X_OK)


def test_the_promised_verbs_are_there() -> None:
    assert {"demo", "test", "lint", "fuzz", "bench", "packages", "clean", "help"} == VERBS


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_alone_or_asked_it_teaches(checkout: Path, arguments: list[str]) -> None:
    done = run(checkout, *arguments)
    assert done.returncode == 0
    assert set(re.findall(r"^    \./dev (\w+)", done.stdout, re.MULTILINE)) == VERBS


def test_the_page_for_developers_names_every_verb() -> None:
    page = (PROJECT / "docs" / "development.md").read_text()
    assert set(re.findall(r"\./dev (\w+)", page)) >= VERBS


def test_the_page_for_developers_names_every_debian_package() -> None:
    page = (PROJECT / "docs" / "development.md").read_text()
    assert [package for package in packages() if f"`{package}`" not in page] == []


def test_it_brings_every_package_that_a_test_is_skipped_without() -> None:
    wanted = (MAIL_SYSTEM, POSTGRESQL, SLAPD, NSD, JAVA, PROMETHEUS, JOURNAL)
    assert set(packages()) >= {package for need in wanted for package in need}


def test_every_service_it_names_comes_with_a_package_it_brings() -> None:
    found = re.search(r'^services="([^"]*)"', SCRIPT, re.MULTILINE)
    assert found
    assert {service.partition(":")[0] for service in found[1].split()} <= set(packages())


def test_an_unknown_verb_gets_the_verbs_and_exit_code_2(checkout: Path) -> None:
    done = run(checkout, "nonsense")
    assert done.returncode == 2
    assert "'nonsense'" in done.stderr
    assert all(f"./dev {verb}" in done.stderr for verb in VERBS)


@pytest.mark.parametrize("verb", ["demo", "test", "lint", "fuzz", "bench", "packages"])
def test_without_root_it_names_the_missing_packages_and_the_commands(checkout: Path, verb: str) -> None:
    done = run(checkout, verb, DPKG_ADMINDIR=package_database(checkout))
    assert done.returncode == 2
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert " ".join(packages(verb)) in lines
    assert "sudo ./dev packages" in lines
    assert "sudo apt-get install --no-install-recommends " + " ".join(packages(verb)) in lines
    assert not (checkout / ".venv").exists()


def test_only_what_is_missing_is_named(checkout: Path) -> None:
    missing = ["dovecot-sieve", "libmilter-dev"]
    database = package_database(checkout, *(package for package in packages() if package not in missing))
    done = run(checkout, "test", DPKG_ADMINDIR=database)
    assert done.returncode == 2
    assert "sudo apt-get install --no-install-recommends dovecot-sieve libmilter-dev" in done.stderr


def test_it_leaves_no_log_behind_when_it_refuses(checkout: Path) -> None:
    logs = checkout / "tmp"
    logs.mkdir()
    logs.chmod(0o777)
    assert run(checkout, "test", DPKG_ADMINDIR=package_database(checkout), TMPDIR=str(logs)).returncode == 2
    assert list(logs.iterdir()) == []


def test_where_there_is_no_debian_it_says_what_is_needed(checkout: Path) -> None:
    tools = checkout / "tools"
    tools.mkdir()
    for tool in ("dirname", "mktemp", "rm", "id"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    done = run(checkout, "test", PATH=str(tools))
    assert done.returncode == 2
    assert "no Debian" in done.stderr
    assert " ".join(packages()) in done.stderr


def test_clean_removes_what_dev_made_and_nothing_else(checkout: Path) -> None:
    for made in (".venv", ".mypy_cache", "policy/__pycache__", "kept"):
        (checkout / made).mkdir(parents=True)
        (checkout / made / "file").touch()
    (checkout / ".venv" / "made-by-dev").touch()
    (checkout / "analyzer" / "logs").mkdir(parents=True)
    for name in ("quick.pyx", "quick.cpython-311-x86_64-linux-gnu.so"):
        (checkout / "analyzer" / "logs" / name).touch()
    open_to_everybody(checkout)
    assert run(checkout, "clean").returncode == 0
    assert sorted(path.name for path in checkout.iterdir()) == ["analyzer", "dev", "kept", "policy"]
    assert list((checkout / "policy").iterdir()) == []
    assert [path.name for path in (checkout / "analyzer" / "logs").iterdir()] == ["quick.pyx"]


def test_clean_leaves_an_environment_that_somebody_else_made(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "file").touch()
    open_to_everybody(checkout)
    done = run(checkout, "clean")
    assert done.returncode == 0
    assert "left .venv alone" in done.stderr
    assert (checkout / ".venv" / "file").exists()


def open_to_everybody(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o777)
