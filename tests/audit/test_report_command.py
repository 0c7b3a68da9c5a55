# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit report`: what it writes, what it says, and what becomes of an office's own form."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.reportoffice import PERIOD, ROOMS, read_office
from mailaudit.cli import app

MAGIC = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}


def report(*arguments: str, site: Path | None = None) -> Result:
    here = read_office()
    by_site = [] if "--regulation" in arguments else ["--site", str(site or here.site)]
    return CliRunner().invoke(app, ["--home", str(here.home), "report", *by_site, *arguments])


def words(text: str) -> str:
    """In one line, without the frame that errors come in."""
    return re.sub(r"[│\s]+", " ", text)


@pytest.mark.parametrize("form", MAGIC)
def test_each_format_is_written(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"report.{form}"
    done = report("--period", PERIOD, "--out", str(file), "--unit", ROOMS[0])
    assert done.exit_code == 0, done.output
    assert file.read_bytes().lstrip().startswith(MAGIC[form])
    assert f"{file}: từ ngày 01/06/2026 đến ngày 30/06/2026" in done.stdout


def test_by_a_regulations_name_with_a_directory(tmp_path: Path) -> None:
    file, boxes = tmp_path / "report.any", read_office().folder / "boxes.csv"
    named = ("--regulation", "ct", "--directory", str(boxes), "--period", PERIOD)
    assert report(*named, "--format", "html", "--out", str(file)).exit_code == 0
    assert "SỞ THÔNG TIN VÀ TRUYỀN THÔNG" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "2026-Q9"), '"2026-Q9" is no period; expected 2026-Q3, 2026-H1, 2026'),
        (("--period", "2026-Q9"), "cantho-33-2015 asks for each half-year"),
        (("--period", "2095"), "2095-01-01 to 2095-12-31 has not begun"),
        (("--unit", "Phòng Hành chín"), 'no unit "Phòng Hành chín"; expected "Phòng Hành chính"'),
        (("--out", "report.doc"), '"report.doc" ends in none of .docx, .pdf, .xlsx, .html'),
        (("--regulation", "ct"), "expected --site, or --regulation and --directory"),
        (("--regulation", "xyz", "--directory", "boxes.csv"), 'no regulation is called "xyz"'),
        (("--out", "/nonexistent/report.html"), "/nonexistent/report.html: can't be written"),
    ],
)
def test_a_mistake_is_said_with_what_was_expected(arguments: tuple[str, ...], said: str) -> None:
    given = {"--out": "report.html", "--period": PERIOD} | dict(
        zip(arguments[::2], arguments[1::2], strict=True)
    )
    done = report(*(text for pair in given.items() for text in pair))
    assert done.exit_code == 2
    assert said in words(done.output)


def test_a_period_the_regulation_does_not_ask_for_is_remarked_on(tmp_path: Path) -> None:
    done = report("--period", "2026-Q2", "--out", str(tmp_path / "r.xlsx"))
    assert done.exit_code == 0
    assert "note: cantho-33-2015 asks for each half-year (" in done.stderr


@pytest.fixture
def own_site(tmp_path: Path) -> Path:
    """A site with a folder for its own forms."""
    here = read_office()
    for name in ("boxes.csv", "units.csv"):
        shutil.copy(here.folder / name, tmp_path)
    site = tmp_path / "site.toml"
    site.write_text(here.site.read_text("utf-8") + '[audit.reports]\ntemplates = "forms"\n', "utf-8")
    (tmp_path / "forms").mkdir()
    return site


HEAD = """superior: TỈNH
body: SỞ
number: Số: …
place: Cần Thơ
title: Riêng
subtitle: (riêng)
to: Ai
signer: GIÁM ĐỐC
signer_note: (Ký)

"""


def test_an_offices_own_form_goes_before_ours(own_site: Path, tmp_path: Path) -> None:
    form = own_site.parent / "forms/cantho-33-2015-office.txt"
    form.write_text(
        f'{HEAD}# Mục riêng\nCó {{{{ mailboxes }}}} hộp thư.\n{{% include "_usage.txt" %}}\n@don-vi\n',
        "utf-8",
    )
    out = tmp_path / "r.html"
    done = report("--period", PERIOD, "--out", str(out), site=own_site)
    assert done.exit_code == 0, done.output
    text = out.read_text("utf-8")
    assert "<h2>Mục riêng</h2>" in text
    assert "Có 14 hộp thư." in text
    assert "Số lượt đăng nhập" in text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("Có {{ mailbox }}", "line 11: 'mailbox' is undefined"),
        ("{% if %}", "line 11"),
        ("@don-vị", '"@don-vị" is no table or picture; expected "@don-vi"'),
        ("{{ ''.__class__ }}", "line 11"),
    ],
)
def test_a_mistake_in_a_form_is_told_with_its_place(own_site: Path, form: str, said: str) -> None:
    file = own_site.parent / "forms/cantho-33-2015-office.txt"
    file.write_text(HEAD + form, "utf-8")
    done = report("--period", PERIOD, "--out", str(own_site.parent / "r.html"), site=own_site)
    assert done.exit_code == 2
    assert str(file) in done.output
    assert said in words(done.output)


def test_a_head_without_a_line_is_told(own_site: Path) -> None:
    file = own_site.parent / "forms/cantho-33-2015-office.txt"
    file.write_text(HEAD.replace("to: Ai\n", "").replace("place:", "plaza:"), "utf-8")
    done = report("--period", PERIOD, "--out", str(own_site.parent / "r.html"), site=own_site)
    assert '"plaza" is no line of a head; expected "place"' in words(done.output)
