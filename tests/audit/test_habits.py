# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit habits`: units' mailboxes by the windows of the working day, recounted line by line."""

import json
import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from audit.maillog import login, session_end, submission
from audit.office import Office, each_store
from audit.officehours import at, ours
from mailaudit.cli import app

UNITS = ["phonga@example.org", "phongb@example.org", "sotnmt@example.org", "vang@example.org"]
DAYS = [f"2026-09-{day:02}" for day in range(7, 19)]
WINDOWS = {
    "morning-start": ("06:30", "09:30"),
    "morning-end": ("09:30", "12:15"),
    "afternoon-start": ("12:15", "15:00"),
    "afternoon-end": ("15:00", "18:00"),
}


def hourly(days: list[str]) -> list[tuple[datetime, str]]:
    """Somebody logs in every hour, so that logs cover the days."""
    times = [at(day, f"{hour:02}:30") for day in days for hour in range(24)]
    return [(time, login(time, "canbo1@example.org", session=f"c{n}")) for n, time in enumerate(times)]


def busy(seed: int) -> list[str]:
    """Two weeks in which three units look into their mailboxes now and then."""
    chance = random.Random(seed)  # noqa: S311  no secret
    lines = hourly(DAYS)
    for number in range(160):
        user = chance.choice(["PhongA@example.org", "phongb", "sotnmt@example.org"])
        begin = at(chance.choice(DAYS), f"{chance.randrange(24):02}:{chance.randrange(60):02}")
        name = f"s{number % 40}" if number % 5 else f"u{number}"
        if number % 40 == number or number % 5 == 0:
            service = chance.choice(["imap", "pop3"])
            lines.append((begin, login(begin, user, service, session=name)))
            if number % 7:
                end = begin + timedelta(minutes=chance.choice([1, 30, 600, 2000]))
                lines.append((end, session_end(end, user, service, session=name)))
        else:
            lines.append((begin, submission(begin, user)))
    return [text for _, text in sorted(lines)]


def uses(log: list[str]) -> Iterator[tuple[str, datetime, datetime]]:
    """The uses of units' mailboxes, by somebody who reads the log with his finger."""
    began: dict[str, tuple[str, datetime]] = {}
    for line in log:
        time = ours(datetime.strptime(f"2026 {line[:15]}", "%Y %b %d %H:%M:%S"))  # noqa: DTZ007  of this machine
        if found := re.search(r"(?:imap|pop3)-login: Login: user=<(.*?)>.*session=<(.*?)>", line):
            began[found[2]] = (found[1].lower(), time)
        elif found := re.search(r"(?:imap|pop3)\((.*?)\)<7><(.*?)>: Disconnected", line):
            who, begin = began.pop(found[2])
            yield who, begin, time
    for who, begin in began.values():
        yield who, begin, begin + timedelta(days=1)


def by_hand(log: list[str], days: list[str]) -> dict[str, int]:
    kept: dict[str, set[tuple[str, str]]] = {unit: set() for unit in UNITS}
    for who, begin, end in uses(log):
        unit = next((unit for unit in UNITS if who in (unit, unit.partition("@")[0])), None)
        if unit is None:
            continue
        for day in days:
            for name, (first, last) in WINDOWS.items():
                opens, closes = (datetime.fromisoformat(f"{day}T{time}") for time in (first, last))
                if begin < closes and end >= opens:
                    kept[unit].add((day, name))
    return {unit: len(windows) for unit, windows in kept.items()}


def told(office: Office, *arguments: str, regulation: str = "hcm") -> Any:
    code, said = run(office, *arguments, "--json", regulation=regulation)
    assert code == 0, said
    return json.loads(said)


def run(office: Office, *arguments: str, regulation: str = "hcm") -> tuple[int, str]:
    site, boxes = office.logs / "site.toml", office.logs / "boxes.csv"
    site.write_text(f'regulation = "{regulation}"\ndomains = ["example.org"]\n')
    kinds = ["agency" if unit.startswith("so") else "unit" for unit in UNITS]
    rows = [f"{unit},{kind},So A" for unit, kind in zip(UNITS, kinds, strict=True)]
    boxes.write_text("\n".join(["address,kind,unit", "canbo1@example.org,person,So A", *rows, ""]))
    store = ["--store", office.url] if office.url else []
    files = ["--site", str(site), "--directory", str(boxes)]
    done = CliRunner().invoke(app, ["--home", str(office.home), *store, "habits", *files, *arguments])
    return done.exit_code, done.output


WORKING = [day for day in DAYS if date.fromisoformat(day).weekday() < 5]


@pytest.mark.parametrize("seed", range(3))
def test_windows_kept_are_those_of_a_count_by_hand(office: Office, seed: int) -> None:
    log = busy(seed)
    office.ingest(office.write("mail.log", log))
    found = told(office)
    assert found["working_days"] == WORKING
    kept = {row["mailbox"]: row["kept"] for row in found["mailboxes"]}
    assert kept == by_hand(log, WORKING)
    assert all(row["asked"] == 4 * len(WORKING) for row in found["mailboxes"])
    assert len({*kept.values()}) > 2


def test_a_session_that_two_readings_of_a_log_share_is_one(office: Office) -> None:
    log = busy(1)
    for end in (len(log) // 3, len(log) // 2, len(log)):
        office.ingest(office.write("mail.log", log[:end]))
    assert {row["mailbox"]: row["kept"] for row in told(office)["mailboxes"]} == by_hand(log, WORKING)


@each_store
def test_days_that_logs_do_not_cover_are_nobody_s_fault(office: Office) -> None:
    first = [text for _, text in hourly(DAYS[:3])]
    time = at("2026-09-15", "08:00")
    second = [login(time, "phonga@example.org"), *(text for _, text in hourly(DAYS[8:]))]
    office.ingest(office.write("mail.log.1", first), office.write("mail.log", sorted(second)))
    found = told(office)
    assert found["working_days"] == ["2026-09-07", "2026-09-08", "2026-09-09", *DAYS[8:12]]
    assert found["left_out"] == ["2026-09-10", "2026-09-11", "2026-09-14"]
    row = found["mailboxes"][0]
    assert (row["mailbox"], row["kept"], row["asked"]) == ("phonga@example.org", 4 + 1, 28)  # no end: a day


def test_before_the_first_line_and_after_the_last_nothing_is_judged(office: Office) -> None:
    office.ingest(office.write("mail.log", [text for _, text in hourly(["2026-09-08"])]))
    found = told(office, "--from", "2026-09-01", "--to", "2026-09-30")
    assert (found["working_days"], found["left_out"]) == (["2026-09-08"], [])


def test_the_ministry_asks_for_a_look_a_day_and_soctrang_for_none(office: Office) -> None:
    log = busy(2)
    office.ingest(office.write("mail.log", log))
    daily = told(office, regulation="mr")
    assert (daily["asked_per_day"], daily["has_figure"]) == (1, True)
    regular = told(office, regulation="soctrang")
    assert (regular["asked_per_day"], regular["has_figure"]) == (1, False)
    assert regular["mailboxes"] == daily["mailboxes"]
    assert "says no number" in run(office, regulation="soctrang")[1]


def test_a_unit_without_a_login_of_its_own_is_told_apart(office: Office) -> None:
    office.ingest(office.write("mail.log", busy(0)))
    row = next(row for row in told(office)["mailboxes"] if row["mailbox"].startswith("vang"))
    assert (row["kept"], row["uses"]) == (0, 0)
    assert "by his own" in row["remark"]


def test_in_a_store_of_several_homes_who_is_not_in_these_logs_is_not_judged(
    store_url: str, tmp_path: Path
) -> None:
    office = Office.at(tmp_path, store_url)
    office.ingest(office.write("mail.log", busy(0)))
    row = next(row for row in told(office)["mailboxes"] if row["mailbox"].startswith("vang"))
    assert "kept" not in row
    assert row["remark"] == "not in this home's logs"


def test_habits_go_into_a_workbook_with_their_grounds(office: Office, tmp_path: Path) -> None:
    office.ingest(office.write("mail.log", busy(0)))
    file = tmp_path / "habits.xlsx"
    assert run(office, "--xlsx", str(file))[0] == 0
    book = openpyxl.load_workbook(file)
    header, *rows = book["habits"].iter_rows(values_only=True)
    found = {row["mailbox"]: row for row in told(office)["mailboxes"]}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert cells["share"] == pytest.approx(found[cells["mailbox"]]["share"])
    assert "coverage" in book.sheetnames
