# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import timedelta

import duckdb
import pytest
from pyarrow import dataset, parquet

from audit.maillog import START, day_of_work, line, login
from audit.office import Office
from mailaudit import facts
from mailaudit.logs.parse import FACTS

ARROW = {"string": "string", "int16": "int16", "int32": "int32", "int64": "int64", "float64": "double"}


def three_days() -> list[str]:
    return [each for day in range(3) for each in day_of_work(5, 40, START + timedelta(days=day), apart=600)]


def test_the_facts_are_all_events_by_day(office: Office) -> None:
    office.ingest(office.write("mail.log", three_days()))
    assert _by_day(office) == {f"2026-09-0{day}": 40 for day in (1, 2, 3)}


def test_duckdb_reads_the_same(office: Office) -> None:
    office.ingest(office.write("mail.log", three_days()))
    events = duckdb.read_parquet(f"{office.store.facts}/*/*.parquet", hive_partitioning=True)
    days = events.aggregate("day::varchar AS day, count(*), min(time)::date = day", "day").order("day")
    assert days.fetchall() == [(f"2026-09-0{day}", 40, True) for day in (1, 2, 3)]


def test_another_engine_reads_the_same(office: Office) -> None:
    office.ingest(office.write("mail.log", three_days()))
    events = dataset.dataset(office.store.facts, partitioning="hive").to_table()
    assert events.num_rows == 120
    logins = events.filter(dataset.field("kind") == "login").to_pylist()
    assert {each["user"] for each in logins} <= {f"canbo{number}@example.org" for number in range(5)}


def test_the_columns_are_those_that_are_documented(office: Office) -> None:
    office.ingest(office.write("mail.log", three_days()))
    schema = parquet.read_schema(next(office.store.facts.rglob("*.parquet")))
    expected = {name: ARROW.get(type_, "timestamp[us]") for name, type_ in FACTS.items()}
    assert {field.name: str(field.type) for field in schema} == expected


def test_lines_of_any_day_in_any_order_go_where_they_belong(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "MOST_STRETCHES", 3)
    jumbled = [
        login(START + timedelta(days=number * 7 % 10), f"u{number}@example.org") for number in range(50)
    ]
    office.ingest(office.write("mail.log", jumbled))
    assert _by_day(office) == {f"2026-09-{day:02}": 5 for day in range(1, 11)}


def _by_day(office: Office) -> dict[str, int]:
    """How many events there are of each day; all of them lie in the day's folder."""
    found = {}
    for path in sorted(office.store.facts.glob("day=*/*.parquet")):
        times = parquet.read_table(path, columns=["time"])["time"].to_pylist()
        [day] = {str(time.date()) for time in times}
        assert path.parent.name == f"day={day}"
        found[day] = len(times)
    return found


def test_what_a_killed_run_left_is_removed(office: Office) -> None:
    log = office.write("mail.log", three_days())
    office.ingest(log)
    kept = office.store.facts_files()
    left = office.store.facts / "day=2026-09-01" / "left.parquet"
    left.write_bytes(b"half a file")
    (office.store.facts / "incoming").mkdir(exist_ok=True)
    (office.store.facts / "incoming" / "x.parquet").write_bytes(b"")
    office.ingest(log)
    assert {
        str(file.relative_to(office.store.facts)) for file in office.store.facts.rglob("*.parquet")
    } == kept


def test_a_line_that_no_table_knows_is_kept_with_its_text(office: Office) -> None:
    office.ingest(office.write("mail.log", [line(START, "amavis[9]", "(9-1) Passed CLEAN"), "no log line\n"]))
    [event] = dataset.dataset(office.store.facts, partitioning="hive").to_table().to_pylist()
    assert (event["producer"], event["kind"], event["text"]) == ("other", "unparsed", "(9-1) Passed CLEAN")
    assert (event["program"], event["pid"], event["host"]) == ("amavis", 9, "mail")
