# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit directory check`: what is wrong with a directory that can be read, and nothing else."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.sweepoffice import NOW, SweepOffice, address, login
from mailaudit.cli import app
from mailaudit.directory.check import check
from mailaudit.directory.finding import Fault
from mailaudit.directory.listing import Listing, Loose
from mailpolicy.directory import Kind, Mailbox, Status, Unit
from mailpolicy.siteloading import load_site

SITE = 'regulation = "ST"\n'
VANTHU = Mailbox("vanthu@soctrang.gov.vn", Kind.UNIT, "Văn phòng", managers=("ntcbo@soctrang.gov.vn",))
CANBO = Mailbox("ntcbo@soctrang.gov.vn", unit="Văn phòng", name="Nguyễn Thị Cán Bộ")
UNITS = [Unit("Sở"), Unit("Văn phòng", "Sở", CANBO.address)]


def faults(
    folder: Path,
    boxes: Sequence[Mailbox],
    units: Sequence[Unit] = (),
    loose: Sequence[Loose] = (),
    more: str = "",
) -> list[tuple[Fault, str]]:
    (folder / "site.toml").write_text(SITE + more, "utf-8")
    listing = Listing("boxes.csv", boxes, units, loose)
    return [(one.fault, one.at) for one in check(listing, load_site(folder / "site.toml").site)]


def program(folder: Path, boxes: str, *options: str, site: str = SITE) -> Result:
    (folder / "site.toml").write_text(site, "utf-8")
    (folder / "boxes.csv").write_text(boxes, "utf-8")
    command = [
        "directory",
        "check",
        "--site",
        str(folder / "site.toml"),
        "--directory",
        str(folder / "boxes.csv"),
    ]
    return CliRunner().invoke(app, [*command, *options])


def test_a_directory_that_fits_together_has_nothing_to_mend(tmp_path: Path) -> None:
    assert faults(tmp_path, [VANTHU, CANBO], UNITS) == []


def test_a_status_for_a_duty_that_the_regulation_lacks_is_found(tmp_path: Path) -> None:
    codes = ("inactivity", "emergency-revocation")
    kept, lacking = (replace(CANBO, status=Status.LOCKED, status_reason=code) for code in codes)
    assert faults(tmp_path, [kept]) == []
    assert faults(tmp_path, [lacking]) == [(Fault.REASON, CANBO.address)]


def test_names_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    units = [*UNITS, Unit("Phòng", "Cục", "gone@soctrang.gov.vn")]
    assert faults(tmp_path, [VANTHU], UNITS) == [(Fault.MANAGER, VANTHU.address), (Fault.HEAD, "Văn phòng")]
    assert faults(tmp_path, [VANTHU, CANBO], UNITS[:1]) == [
        (Fault.UNIT, VANTHU.address),
        (Fault.UNIT, CANBO.address),
    ]
    assert faults(tmp_path, [VANTHU, CANBO], units) == [(Fault.PARENT, "Phòng"), (Fault.HEAD, "Phòng")]


def test_names_of_entries_without_a_mailbox_are_found(tmp_path: Path) -> None:
    loose = [Loose("ou=a, manager", "uid=gone", of_unit=True), Loose("uid=b, manager", "uid=gone")]
    assert faults(tmp_path, [VANTHU, CANBO], UNITS, loose) == [
        (Fault.HEAD, "ou=a, manager"),
        (Fault.MANAGER, "uid=b, manager"),
    ]


def test_without_units_no_unit_is_missed(tmp_path: Path) -> None:
    assert faults(tmp_path, [VANTHU, CANBO]) == []


def test_an_address_outside_the_official_domains_is_found(tmp_path: Path) -> None:
    strangers = [Mailbox("canbo@gmail.com"), Mailbox("canbo@con.soctrang.gov.vn")]
    assert faults(tmp_path, strangers) == [(Fault.DOMAIN, one.address) for one in strangers]


@pytest.mark.parametrize(
    ("address", "name", "found"),
    [
        ("ntcbo@soctrang.gov.vn", "Nguyễn Thị Cán Bộ", False),
        ("vtlan@soctrang.gov.vn", "Nguyễn Thị Cán Bộ", True),
        ("nt_cán bộ@soctrang.gov.vn", "Nguyễn Thị Cán Bộ", True),
    ],
)
def test_an_address_that_is_not_made_as_the_article_says_is_found(
    tmp_path: Path, address: str, name: str, found: bool
) -> None:
    expected = [(Fault.FORMAT, address)] if found else []
    assert faults(tmp_path, [Mailbox(address, name=name)]) == expected
    assert (
        faults(tmp_path, [Mailbox(address, name=name)], more='[duties.address-format]\nmode = "off"\n') == []
    )


def test_the_program_ends_with_0_if_all_is_well(tmp_path: Path) -> None:
    done = program(tmp_path, "address,kind\nvanthu@soctrang.gov.vn,unit\n")
    assert (done.exit_code, done.output) == (
        0,
        f"{tmp_path}/boxes.csv: 1 mailbox, 0 units: nothing to mend\n",
    )


def test_the_program_ends_with_1_if_something_is_to_mend(tmp_path: Path) -> None:
    boxes = "address,managers\ncanbo@gmail.com,gone@soctrang.gov.vn\n"
    done = program(tmp_path, boxes)
    assert done.exit_code == 1
    assert "foreign-domain   canbo@gmail.com  is not in soctrang.gov.vn" in done.stdout
    assert "2 to mend" in done.stdout
    told = json.loads(program(tmp_path, boxes, "--json").stdout)
    assert told["mailboxes"] == 1
    assert told["findings"][1] == {
        "fault": "unknown-manager",
        "at": "canbo@gmail.com",
        "said": "there is no mailbox gone@soctrang.gov.vn",
    }


def test_the_program_ends_with_1_if_the_directory_has_mistakes(tmp_path: Path) -> None:
    done = program(tmp_path, "address\nvanthu@soctrang.gov.vn\nVanThu@SocTrang.gov.vn\n")
    assert done.exit_code == 1
    assert "line 3, address: vanthu@soctrang.gov.vn is already at line 2" in done.stderr


def test_the_program_ends_with_2_if_it_cannot_look(tmp_path: Path) -> None:
    assert program(tmp_path, "address\na@soctrang.gov.vn\n", site="regulation = 1\n").exit_code == 2
    (tmp_path / "site.toml").write_text(SITE)
    done = CliRunner().invoke(app, ["directory", "check", "--site", str(tmp_path / "site.toml")])
    assert done.exit_code == 2
    assert "audit.directory: missing; expected a table [audit.directory.csv], .sql or .ldap" in done.stderr


@pytest.mark.parametrize("library", ["ldap3", "psycopg"])
def test_a_library_is_loaded_only_where_its_source_is_read(tmp_path: Path, library: str) -> None:
    """And where it is missing, what brings it is said."""
    (tmp_path / "site.toml").write_text(SITE)
    (tmp_path / "boxes.csv").write_text("address\na@soctrang.gov.vn\n")
    tables = {
        "csv": 'mailboxes = "boxes.csv"',
        "psycopg": 'url = "postgresql://reader@127.0.0.1:1/staff"\nmailboxes = "SELECT 1"',
        "ldap3": 'url = "ldap://127.0.0.1:1"\nbase = "dc=example,dc=org"',
    }
    for source, table in (("csv", tables["csv"]), (library, tables[library])):
        name = {"psycopg": "sql", "ldap3": "ldap"}.get(source, source)
        (tmp_path / "site.toml").write_text(f"{SITE}[audit.directory.{name}]\n{table}\n")
        hidden = f"import sys; sys.modules[{library!r}] = None; from mailaudit.cli import app; app()"
        command = [sys.executable, "-c", hidden, "directory", "check", "--site", str(tmp_path / "site.toml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == {"csv": 1}.get(source, 2)
        assert "Traceback" not in done.stderr
    extra = {"psycopg": "postgres", "ldap3": "ldap"}[library]
    assert f"needs {library}, which is not installed" in done.stderr
    assert f"pip install 'postwarden[{extra}]'" in done.stderr


def test_one_person_with_two_mailboxes_in_a_unit_and_one_name_in_the_logs_are_found(tmp_path: Path) -> None:
    second = replace(CANBO, address="ntcbo2@soctrang.gov.vn")
    elsewhere = replace(CANBO, address="ntcbo3@soctrang.gov.vn", unit="Sở")
    detailed = Mailbox("vanthu+luu@soctrang.gov.vn", Kind.UNIT, "Văn phòng")
    found = faults(tmp_path, [VANTHU, CANBO, second, elsewhere, detailed], UNITS)
    duplicates = {at for fault, at in found if fault is Fault.DUPLICATE}
    assert duplicates == {second.address, detailed.address}


def test_with_the_logs_it_finds_who_is_not_listed_and_who_never_came(tmp_path: Path) -> None:
    office = SweepOffice(tmp_path)
    boxes = office.boxes()
    del boxes[address("canbo5")]
    office.list_boxes(boxes)
    done = office.run("directory", "check", "--site", str(office.site), "--json")
    found = [(one["fault"], one["at"]) for one in json.loads(done.stdout)["findings"]]
    assert ("not-listed", address("canbo5")) in found
    assert ("never-used", address("canbo6")) in found
    assert ("never-used", address("canbo1")) not in found
    alone = CliRunner().invoke(app, ["directory", "check", "--site", str(office.site), "--json"])
    assert not {"not-listed", "never-used"} & {one["fault"] for one in json.loads(alone.stdout)["findings"]}


def test_strangers_of_other_domains_and_lists_are_passed_over(tmp_path: Path) -> None:
    office = SweepOffice(tmp_path)
    office.read_logs(login(NOW, "x").replace("x@example.org", "khach@example.net"))
    text = (tmp_path / "boxes.csv").read_text("utf-8")
    lines = [f"{line},{'list' if 'canbo6' in line else 'person'}" for line in text.splitlines()]
    (tmp_path / "boxes.csv").write_text("\n".join(["address,unit,created,kind", *lines[1:], ""]), "utf-8")
    done = office.run("directory", "check", "--site", str(office.site), "--json")
    at = {one["at"] for one in json.loads(done.stdout)["findings"]}
    assert not {"khach@example.net", address("canbo6")} & at
