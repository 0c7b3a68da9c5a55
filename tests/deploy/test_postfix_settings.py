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
    of_postfix, _, rest = PAGE.read_text().partition("\n## Dovecot\n")
    of_dovecot = rest.partition("\n## ")[0]
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


def test_nothing_changes_what_the_gate_has_signed() -> None:
    assert settings()["disable_mime_output_conversion"] == "yes"
    assert settings()["smtpd_milters"].split(",")[-1].strip() == "inet:127.0.0.1:8891"


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


def test_postfix_knows_every_setting_that_the_audit_asks_for(host: Path) -> None:
    asked = {
        name
        for line in re.findall(r"^\$ postconf -n (.*)$", PAGE.read_text(), re.MULTILINE)
        for name in line.split()
    }
    assert {"virtual_alias_maps", "alias_maps", "recipient_bcc_maps", "mailbox_command"} <= asked
    found = postconf(host, *sorted(asked))
    assert found.stderr == ""
    assert {line.partition(" =")[0] for line in found.stdout.splitlines()} == asked


def test_the_audit_of_a_table_shows_the_addresses_outside_the_office(host: Path) -> None:
    table = host / "virtual"
    table.write_text(
        "hoinghi@soctrang.gov.vn hopthu.rieng@gmail.com, canbo1@soctrang.gov.vn\n"
        "phong@SOCTRANG.gov.vn canbo1@soctrang.gov.vn,canbo2@soctrang.gov.vn\n"
        "tin@soctrang.gov.vn a@soctrang.gov.vn.example.org\n"
    )
    environment = {"PATH": "/usr/sbin:/usr/bin:/bin", "MAIL_CONFIG": str(host)}
    subprocess.run(["postmap", f"hash:{table}"], env=environment, check=True)
    (command,) = re.findall(r"^# (postmap -s .*)$", PAGE.read_text(), re.MULTILINE)
    command = command.replace("/etc/postfix/virtual", str(table))
    shown = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    assert shown.stderr == ""
    assert sorted(shown.stdout.split()) == ["a@soctrang.gov.vn.example.org", "hopthu.rieng@gmail.com"]


def test_the_audit_of_services_finds_those_the_gate_is_not_asked_about(host: Path) -> None:
    with (host / "master.cf").open("a") as services:
        services.write("10025 inet n - n - - smtpd\n  -o receive_override_options=no_milters\n")
        services.write("lda unix - n n - - pipe\n  flags=DRhu user=vmail argv=/usr/bin/true\n")
    overrides, pipes = (
        re.search(rf"^\$ postconf {option} \| (.*)$", PAGE.read_text(), re.MULTILINE)
        for option in ("-P", "-M")
    )
    assert overrides and pipes
    assert "no_milters" in _filtered(postconf(host, "-P").stdout, overrides[1])
    assert "lda" in _filtered(postconf(host, "-M").stdout, pipes[1])


def test_dovecot_knows_the_setting_that_forbids_redirects(tmp_path: Path, mail_programs: None) -> None:
    version = dovecot.version()
    (setting,) = re.findall(rf"^\| {version} \| `(.*)` \|$", PAGE.read_text(), re.MULTILINE)
    head = "" if version == "2.3" else "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    main = tmp_path / "dovecot.conf"
    lines = setting.replace("{ ", "{\n").replace(" }", "\n}")
    main.write_text(f"{head}{lines}\n")
    asked = subprocess.run(
        ["/usr/bin/doveconf", "-n", "-c", main], capture_output=True, text=True, check=True
    )
    assert "sieve_max_redirects = 0" in asked.stdout


def test_both_dovecots_get_the_same_settings_for_the_same_reasons() -> None:
    old, new = (file.read_text() for file in DOVECOT.values())
    assert _reasons(old) == _reasons(new)
    assert _names(old) == _names(new)


def test_the_bed_runs_with_the_shipped_files() -> None:
    gate = "inet:127.0.0.1:1234"
    assert postfix.shipped_settings(gate) == POSTFIX.read_text().replace("inet:127.0.0.1:8891", gate)
    assert "submission_host = 127.0.0.1:1235\n" in dovecot.shipped_settings(1235)


def _filtered(text: str, command: str) -> str:
    return subprocess.run(
        ["/bin/sh", "-c", command], input=text, capture_output=True, text=True, check=True
    ).stdout


def _reasons(text: str) -> list[str]:
    return [line for line in text.splitlines()[1:] if line.startswith("#")]


def _quoted(row: str) -> list[str]:
    return re.findall(r"`(\w+)`", row)


def _names(text: str) -> set[str]:
    return set(re.findall(r"^ *(\w+) (?==|\{)", text, re.MULTILINE)) - {"plugin", "notify", "mail_log"}
