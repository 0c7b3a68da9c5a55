# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's own templates: they stand in for ours file by file; a bad one is told with file and line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.letters import DAY, NOW, person, settings_of, site_of, text_of, writer_of
from mailaudit.cli import app
from mailaudit.directory.listing import Listing
from mailaudit.notices import templates
from mailaudit.notices.matter import Matter, Occasion
from mailaudit.notices.recipients import AUDIENCE, People
from mailaudit.notices.samples import DUTIES, ROLES
from mailaudit.notices.steps import OCCASIONS
from mailaudit.notices.writer import Writer, template_of
from mailpolicy.clocks.step import Audience
from mailpolicy.files.problems import BadFile

SITE = site_of("CT")
FINE = "Tiêu đề: Riêng {{ mailbox }}\n\nKính gửi {{ name }},\nhộp thư bị khóa từ {{ day }}.\n"


def problems(folder: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    """File name, key and what is wrong of every mistake in an office's own folder."""
    (folder / "own").mkdir()
    for name, text in files.items():
        (folder / "own" / name).write_text(text, "utf-8")
    with pytest.raises(BadFile) as raised:
        writer_of(SITE, folder, templates="own")
    return [(Path(one.file).name, one.key, one.wrong) for one in raised.value.problems]


def test_a_file_of_the_office_stands_in_for_ours_and_the_rest_stays(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "locked-owner.txt").write_text(FINE, "utf-8-sig")
    (own / "_close.txt").write_text("Thân mến.\n", "utf-8")
    writer = writer_of(SITE, tmp_path, templates="own")
    lock = Matter("key", Occasion.LOCKED, person(SITE), DAY, "inactivity", "5.4")
    people = People(Listing("test", []), "pheduyet@cantho.gov.vn")
    owner, unit = writer.notices(lock, people, NOW)
    assert owner.subject == "Riêng nvminh@cantho.gov.vn"
    assert text_of(owner) == "Kính gửi Nguyễn Văn Minh, hộp thư bị khóa từ ngày 21 tháng 11 năm 2026.\n"
    assert text_of(unit).endswith("Thân mến.\n")
    assert "Cách xử lý" in text_of(unit)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{{ mailbx }}", "'mailbx' is undefined"),
        ("{% if name %}", "Unexpected end of template"),
        ("{{ name", "unexpected end of template"),
        ('{{ "%d" % name }}', "format: a real number is required"),
        ("{{ name.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ('{% include "khong-co.txt" %}', "there is no template khong-co.txt"),
        ("{% for n in range(10000000) %}x{% endfor %}", "Range too big"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(tmp_path: Path, line: str, wrong: str) -> None:
    [(file, key, said)] = problems(tmp_path, {"locked-owner.txt": f"Tiêu đề: A\n\n{line}\n"})
    assert (file, key) == ("locked-owner.txt", "line 3")
    assert wrong in said


def test_a_mistake_in_a_part_is_told_where_it_is_and_once(tmp_path: Path) -> None:
    found = problems(tmp_path, {"_close.txt": "Trân trọng.\n{{ phone }}\n"})
    assert found == [("_close.txt", "line 2", "'phone' is undefined")]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    files = {"locked-owner.txt": "Kính gửi\n", "locked-unit.txt": f"Tiêu đề: {'x' * 201}\n\nA\n"}
    found = problems(tmp_path, files)
    assert sorted((file, key) for file, key, _ in found) == [
        ("locked-owner.txt", "line 1"),
        ("locked-unit.txt", "line 1"),
    ]
    assert all('"Tiêu đề:"' in wrong for _, _, wrong in found)


def test_a_file_whose_name_no_letter_has_is_a_mistake_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "locked-onwer.txt").write_text(FINE, "utf-8")
    with pytest.raises(BadFile) as raised:
        writer_of(SITE, tmp_path, templates="own")
    [problem] = raised.value.problems
    assert (problem.wrong, problem.expected) == ("no letter has this name", '"locked-owner.txt"')


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "locked-owner.txt").write_bytes("Tiêu đề: A\n\nĐã khóa\n".encode("utf-16"))
    with pytest.raises(BadFile, match=r"locked-owner\.txt.*can't decode byte"):
        writer_of(SITE, tmp_path, templates="own")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="own: folder: can't be read"):
        writer_of(SITE, tmp_path, templates="own")


def test_letters_come_only_from_the_offices_domain(tmp_path: Path) -> None:
    settings = settings_of(SITE).model_copy(update={"sender": "quantri@gmail.com"})
    with pytest.raises(BadFile, match=r'audit\.notices\.from: "quantri@gmail\.com"; expected an address in'):
        Writer(SITE, settings, tmp_path / "site.toml")


def test_there_is_a_letter_for_everybody_who_is_told_of_anything_and_no_other() -> None:
    usual = {template_of(occasion, role) for occasion, roles in AUDIENCE.items() for role in roles}
    told = {Occasion.REMINDED, Occasion.ESCALATED, Occasion.WARNED} & set(OCCASIONS.values())
    by_clocks = {f"{occasion}-{audience}" for occasion in told for audience in Audience}
    every = (*map(str, Audience),)
    shown = {f"{occasion}-{role}" for occasion in DUTIES for role in ROLES.get(occasion, every)}
    assert usual | by_clocks | {"plan-approver"} == set(templates.names()) == shown


def test_preview_shows_every_letter_or_writes_each_to_a_file(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('regulation = "MR"\n[audit.notices]\nfrom = "quantri@monre.gov.vn"\n', "utf-8")
    printed = CliRunner().invoke(app, ["notices", "preview", "--site", str(site)])
    assert printed.exit_code == 0
    assert {name.partition(".")[0] for name in headings(printed.output)} == set(templates.names())
    written = CliRunner().invoke(
        app, ["notices", "preview", "--site", str(site), "--to", str(tmp_path / "to")]
    )
    assert written.exit_code == 0
    assert sorted(file.stem for file in (tmp_path / "to").iterdir()) == sorted(headings(printed.output))
    assert (tmp_path / "to/locked-head.inactivity.txt").read_text("utf-8").startswith("Tiêu đề: ")


def test_preview_tells_mistakes_and_ends_with_2(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('regulation = "MR"\n', "utf-8")
    asked = CliRunner().invoke(app, ["notices", "preview", "--site", str(site)])
    assert asked.exit_code == 2
    assert "audit.notices: missing; expected a table [audit.notices]" in asked.output


def headings(printed: str) -> list[str]:
    return [line.removeprefix("--- ") for line in printed.splitlines() if line.startswith("--- ")]
