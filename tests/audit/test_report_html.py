# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a page, in a real browser: it fetches nothing, sorts, and holds no markup of strangers."""

import html
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from audit.reportoffice import HOSTILE, ROOMS, contents, document
from mailaudit.reports.build import build
from mailaudit.reports.document import Table
from mailaudit.reports.html import ROWS, page
from mailaudit.reports.usagetables import PERSON_COLUMNS
from mailpolicy.regulation import load
from mailpolicy.site import for_regulation

CLICK = """<script>
const headers = document.querySelectorAll("#don-vi thead th");
const rows = () => document.querySelectorAll("#don-vi tbody tr");
const column = index => Array.from(rows(), row => row.cells[index].textContent);
const logins = 5, names = 1;
headers[logins].querySelector("button").click();
document.body.dataset.up = column(logins).join("|");
headers[logins].querySelector("button").click();
document.body.dataset.down = column(logins).join("|");
headers[names].querySelector("button").click();
document.body.dataset.names = column(names).join("|");
document.body.dataset.total = document.querySelector("#don-vi tfoot tr").cells[1].textContent;
document.body.dataset.images = document.querySelectorAll("img").length;
</script></body>"""


@pytest.fixture(scope="module")
def text() -> str:
    return page(document())


def browse(chromium: str, folder: Path, text: str, *more: str) -> tuple[str, str]:
    """Return the page as it is after its scripts, and what the browser's console says."""
    file = folder / "report.html"
    file.write_text(text, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--log-level=0"]
    profile = f"--user-data-dir={folder / 'profile'}"
    rules = "--host-resolver-rules=MAP * ~NOTFOUND"
    command = [chromium, *options, profile, rules, *more, "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def test_the_page_names_nothing_to_fetch(text: str) -> None:
    assert not re.findall(
        r"""(?:src|href|action|data|poster)\s*=\s*["']?(?!["']?#)""", text.partition("<script>")[0]
    )
    assert not re.findall(r"@import|url\((?!#)", text)
    assert "default-src 'none'" in text
    assert set(re.findall(r"https?://[^/\s\"']+", text)) <= {"http://www.w3.org"}  # names, not places


def test_columns_sort_both_ways_and_the_sum_stays(chromium: str, tmp_path: Path, text: str) -> None:
    dom, console = browse(chromium, tmp_path, text.replace("</body>", CLICK))
    assert console == ""
    up, down, names, total, images = (
        html.unescape(re.findall(f'data-{name}="(.*?)"', dom)[0])
        for name in ("up", "down", "names", "total", "images")
    )
    numbers = [int(number.replace(".", "")) for number in up.split("|")]
    assert numbers == sorted(numbers)
    assert [int(number.replace(".", "")) for number in down.split("|")] == sorted(numbers, reverse=True)
    assert names.split("|") == [
        "Phòng Công nghệ thông tin",
        "Phòng Hành chính",
        "Sở Nội vụ",
        *ROOMS[3:],
        ROOMS[0],
    ]
    assert (total, images) == ("Tổng cộng", "0")


def test_a_hostile_name_stays_a_text() -> None:
    its = replace(contents(), site=for_regulation(load("MR")))  # its report has a table of persons
    made = page(build(its))
    assert html.escape(HOSTILE, quote=False).replace('"', "&#34;") in made
    assert "<img" not in made


def test_the_page_fits_a_phone(chromium: str, tmp_path: Path, text: str) -> None:
    probe = """<script>
    document.body.dataset.width = document.documentElement.scrollWidth;
    document.body.dataset.window = window.innerWidth;
    </script></body>"""
    dom, console = browse(chromium, tmp_path, text.replace("</body>", probe), "--window-size=500,900")
    width, window = (int(re.findall(f'data-{name}="(\\d+)"', dom)[0]) for name in ("width", "window"))
    assert console == ""
    assert width <= window <= 640


def test_blanks_are_marked_and_the_head_is_that_of_official_writing(text: str) -> None:
    assert '<span class="blank">……………… (đơn vị điền)</span>' in text
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Nơi nhận:"):
        assert said in text
    assert "ngày … tháng … năm 2026" in re.sub("<.*?>", "", text)


def test_a_long_table_is_cut_and_says_so() -> None:
    long = Table("t", "Dài", PERSON_COLUMNS[:2], [(n, f"canbo{n}") for n in range(ROWS + 5)])
    made = page(replace(document(), blocks=[long]))
    assert made.count("<tr>") == ROWS + 1
    assert "3.000 dòng đầu trong tổng số 3.005 dòng" in made
