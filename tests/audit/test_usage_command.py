# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit usage` as people call it: units add up, and what it rests on is said."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.mailtraffic import Traffic, recount
from audit.office import Office
from mailaudit.cli import app

LOG = Traffic(11).messages(60)
UNITS = {"canbo0": "So A", "canbo1": "So A", "canbo2": "So B", "canbo3": ""}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.at(tmp_path_factory.mktemp("office"))
    office.ingest(office.write("mail.log", LOG))
    (office.logs / "site.toml").write_text('regulation = "hcm"\ndomains = ["example.org"]\n')
    rows = [f"{name}@example.org,{unit}" for name, unit in UNITS.items()]
    (office.logs / "boxes.csv").write_text("\n".join(["address,unit", *rows, ""]))
    return office


def usage(office: Office, *arguments: str) -> tuple[int, str]:
    files = ["--site", str(office.logs / "site.toml"), "--directory", str(office.logs / "boxes.csv")]
    done = CliRunner().invoke(app, ["--home", str(office.home), "usage", *files, *arguments])
    return done.exit_code, done.output


def told(office: Office, *arguments: str) -> Any:
    return json.loads(usage(office, *arguments, "--json")[1])


def test_units_add_up_to_the_same_as_mailboxes_days_and_hours(read: Office) -> None:
    tables = {by: told(read, "--by", by) for by in ("mailbox", "unit", "day", "hour")}
    for name in ("logins", "sent", "sent_bytes", "recipients", "received", "received_bytes"):
        assert len({table["total"][name] for table in tables.values()}) == 1
    assert [row["unit"] for row in tables["unit"]["rows"]] == [
        "(no unit)",
        "(not in the directory)",
        "So A",
        "So B",
    ]
    by_hand = recount(LOG)
    so_a = next(row for row in tables["unit"]["rows"] if row["unit"] == "So A")
    assert so_a["sent"] == sum(by_hand[f"canbo{n}@example.org"]["sent"] for n in (0, 1))


def test_a_table_says_its_days_and_which_hours_the_logs_cover(read: Office) -> None:
    code, said = usage(read, "--from", "2026-09-01", "--to", "2026-09-02")
    assert code == 0
    assert "2026-09-01 to 2026-09-02; days are the office's (UTC+7)" in said
    assert "Logs of mail: 2026-09-01" in said
    [covered] = told(read)["coverage"]
    assert (covered["host"], covered["lines"]) == ("mail", len(LOG))


def test_days_outside_the_period_do_not_count(read: Office) -> None:
    assert told(read, "--from", "2026-10-01")["rows"] == []
    assert told(read, "--to", "2026-08-01", "--from", "2026-08-01")["total"]["sent"] == 0


def test_peers_of_a_unit_are_counted_once(read: Office) -> None:
    alone = {row["mailbox"]: row["peers"] for row in told(read, "--peers")["rows"]}
    units = {row["unit"]: row["peers"] for row in told(read, "--peers", "--by", "unit")["rows"]}
    both = [alone[f"canbo{n}@example.org"] for n in (0, 1)]
    assert max(both) <= units["So A"] < sum(both)


def test_peers_of_a_day_are_not_counted(read: Office) -> None:
    code, said = usage(read, "--by", "day", "--peers")
    assert (code, "only by mailbox or unit" in said) == (2, True)
