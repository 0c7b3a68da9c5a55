# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that deploy/ ships are known to the installed programs, explained, and sufficient."""

import re
import subprocess
from pathlib import Path

import pytest

from bed import dovecot, postfix
from mailpolicy import regulation
from mailpolicy.parameters.door import AttachmentCap

PROJECT = Path(__file__).resolve().parents[2]
POSTFIX = PROJECT / "deploy/postfix/main.cf.postwarden"
PAGE = PROJECT / "docs/deploy.md"
DOVECOT = {version: PROJECT / f"deploy/dovecot/{version}/postwarden.conf" for version in ("2.3", "2.4")}


def settings() -> dict[str, str]:
    lines = [line for line in POSTFIX.read_text().splitlines() if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def postconf(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/usr/sbin/postconf", "-c", folder, *arguments], capture_output=True, text=True, check=True
    )


@pytest.fixture
def host(tmp_path: Path, mail_programs: None) -> Path:
    """The configuration folder of a Postfix that has settings of its own already."""
    (tmp_path / "main.cf").write_text(
        "compatibility_level = 3.6\nmessage_size_limit = 10240000\nsmtpd_milters =\n"
    )
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    return tmp_path


def test_the_command_of_the_page_puts_every_setting_in_place(host: Path) -> None:
    (command,) = re.findall(r"^# (sed .*\| xargs .*postconf -e)$", PAGE.read_text(), re.MULTILINE)
    command = command.replace("postconf -e", f"/usr/sbin/postconf -c {host} -e")
    subprocess.run(["/bin/sh", "-ec", command], cwd=PROJECT, check=True)
    asked = postconf(host, "-n")
    assert asked.stderr == ""  # no unused parameter, nothing set twice
    found = dict(line.split(" =", 1) for line in asked.stdout.splitlines())
    assert {name: found[name].strip() for name in settings()} == settings()


def test_every_setting_is_made_once_and_has_its_reason_above_it() -> None:
    blocks = POSTFIX.read_text().strip().split("\n\n")
    assert all(block.startswith("# ") for block in blocks)
    names = re.findall(r"^(\w+) =", POSTFIX.read_text(), re.MULTILINE)
    assert len(names) == len(set(names)) == len(settings())


def test_the_page_explains_the_settings_that_are_made_and_no_others() -> None:
    of_postfix, _, of_dovecot = PAGE.read_text().partition("\n## Dovecot\n")
    assert sorted(re.findall(r"^\| `(\w+)` \|", of_postfix, re.MULTILINE)) == sorted(settings())
    explained = {
        name for row in re.findall(r"^\| (`.*`) \|", of_dovecot, re.MULTILINE) for name in _quoted(row)
    }
    assert explained == _names(DOVECOT["2.4"].read_text())


def test_a_message_with_attachments_at_the_cap_fits_into_message_size_limit() -> None:
    duties = [duty for one in regulation.load_all() for duty in one.duties]
    caps = [duty.parameters.limit_mb for duty in duties if isinstance(duty.parameters, AttachmentCap)]
    assert len(caps) >= 3
    assert int(settings()["message_size_limit"]) >= 1.4 * max(caps) * 1024 * 1024


def test_dovecot_knows_our_settings(tmp_path: Path, mail_programs: None) -> None:
    version = dovecot.version()
    head = "" if version == "2.3" else "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    main = tmp_path / "dovecot.conf"
    main.write_text(f"{head}!include {DOVECOT[version]}\n")
    asked = subprocess.run(
        ["/usr/bin/doveconf", "-n", "-c", main], capture_output=True, text=True, check=True
    )
    assert asked.stderr == ""
    assert "submission_host = 127.0.0.1:25" in asked.stdout
    assert "mail_log" in asked.stdout


def test_both_dovecots_get_the_same_settings_for_the_same_reasons() -> None:
    old, new = (file.read_text() for file in DOVECOT.values())
    assert _reasons(old) == _reasons(new)
    assert _names(old) == _names(new)


def test_the_bed_runs_with_the_shipped_files() -> None:
    gate = "inet:127.0.0.1:1234"
    assert postfix.shipped_settings(gate) == POSTFIX.read_text().replace("inet:127.0.0.1:8891", gate)
    assert "submission_host = 127.0.0.1:1235\n" in dovecot.shipped_settings(1235)


def _reasons(text: str) -> list[str]:
    return [line for line in text.splitlines()[1:] if line.startswith("#")]


def _quoted(row: str) -> list[str]:
    return re.findall(r"`(\w+)`", row)


def _names(text: str) -> set[str]:
    return set(re.findall(r"^ *(\w+) (?==|\{)", text, re.MULTILINE)) - {"plugin", "notify", "mail_log"}
