# SPDX-License-Identifier: GPL-3.0-or-later
"""The five regulations against the list of duties: 32 rows by 5 columns, transcribed here from the list."""

import tomllib
import unicodedata
from typing import Any

import pytest

from mailpolicy.parameters import PARAMETERS, ROWS
from mailpolicy.regulation import SHIPPED, Duty, How, load, names

SHORTS = ("HCM", "TS", "CT", "ST", "MR")

# code: the articles in the columns HCM, TS, CT, ST, MR; "-" where the text is silent.
MATRIX: dict[str, tuple[str, str, str, str, str]] = {
    "attachment-cap": ("4.2", "-", "-", "7", "4.4"),
    "mailbox-quota": ("4.2", "10.2", "4.1", "7", "4.4"),
    "subject-required": ("-", "-", "-", "-", "9.3"),
    "auto-forward": ("-", "-", "-", "9.3", "-"),
    "spam-report": ("11.5", "13.6", "10.5", "9.4", "10.6"),
    "sender-domain": ("6.2", "8.4", "10.4", "6.1", "9.1"),
    "provisioning-desk": ("6.1, 6.2", "7.1b", "6.1", "4.1", "6"),
    "online-registration": ("11.4", "-", "-", "9.2", "-"),
    "state-secrets": ("7.1", "4.2, 8.1, 13.4, 13.5", "7.1", "6.1", "10.1"),
    "unicode": ("7.3", "8.5", "căn cứ", "5.2", "-"),
    "inactivity": ("8.1", "9", "5.4", "11.2", "6.3"),
    "leavers": ("6.1", "7.2b", "5.3", "11.2", "6.2b"),
    "checking-habits": ("8.2", "9", "11.2", "12.3", "9.3"),
    "acknowledgement": ("-", "14.3", "7.1", "-", "-"),
    "password-strength": ("8.3a", "-", "10.3, 11.4", "8.1", "10.4"),
    "password-age": ("8.3b", "-", "10.3, 11.4", "8.1a, 8.2c", "10.4"),
    "address-format": ("4.1", "6.2c", "4.2", "3.3, 3.4", "4"),
    "display-name": ("-", "-", "4.2đ", "-", "-"),
    "mailing-list": ("-", "-", "11.5", "-", "-"),
    "no-deletion": ("11.3", "-", "11.3", "-", "7.2"),
    "digital-signature": ("-", "-", "7.2", "6.3", "9.2"),
    "violations": ("15.2", "10.5", "14.2", "10.2", "16.2"),
    "usage-report": ("14", "16.2", "9.11, 15", "10.3", "15.1, 15.2"),
    "delegated-administration": ("-", "-", "12.3", "-", "2.1"),
    "old-mail-purge": ("12.7", "-", "-", "-", "10.3"),
    "backup": ("-", "-", "9.8", "10.4", "11.6"),
    "emergency-revocation": ("-", "-", "9.9", "-", "-"),
    "handover": ("12.2", "14.2", "-", "-", "7.5"),
    "directory": ("5, 10", "4.5, 4.6", "3.2, 9.7", "2.3", "5.4"),
    "mailbox-sharing": ("11.2, 12.9", "13.3", "8.1, 8.4", "8.2d", "8.2"),
    "spam-spreading": ("11.5", "4.4", "8.3", "9.4", "8.3, 10.2"),
    "untrusted-access": ("-", "-", "-", "9.1", "10.5"),
}
# Duties that a text holds though the list has "-" (docs/regulations.md, readings).
BEYOND_THE_LIST = {("TS", "delegated-administration"): "7.2"}

# Figures the list gives, as (short, code, parameter): value.
FIGURES: dict[tuple[str, str, str], object] = {
    ("HCM", "attachment-cap", "limit_mb"): 30,
    ("HCM", "attachment-cap", "per"): "message",
    ("ST", "attachment-cap", "limit_mb"): 50,
    ("ST", "attachment-cap", "per"): "file",
    ("MR", "attachment-cap", "limit_mb"): 15,
    ("MR", "attachment-cap", "per"): "message",
    ("HCM", "mailbox-quota", "person_gb"): 10,
    ("CT", "mailbox-quota", "unlimited"): ("agency",),
    ("CT", "mailbox-quota", "unit_gb"): 1,
    ("CT", "mailbox-quota", "person_gb"): 0.5,
    ("ST", "mailbox-quota", "person_gb"): 2,
    ("MR", "mailbox-quota", "person_gb"): 2,
    ("ST", "spam-report", "mailbox"): "xulythurac@soctrang.gov.vn",
    ("MR", "spam-report", "mailbox"): "support@monre.gov.vn",
    ("HCM", "provisioning-desk", "mailbox"): "stnmt@tphcm.gov.vn",
    ("HCM", "provisioning-desk", "signed"): False,
    ("CT", "provisioning-desk", "mailbox"): "sottt@cantho.gov.vn",
    ("CT", "provisioning-desk", "signed"): True,
    ("HCM", "inactivity", "lock_after_months"): 3,
    ("HCM", "inactivity", "reclaim_after_months"): 6,
    ("HCM", "inactivity", "unlock"): "unit-request",
    ("HCM", "inactivity", "excused_by_reason"): True,
    ("CT", "inactivity", "lock_after_months"): 3,
    ("CT", "inactivity", "notify_agency"): True,
    ("CT", "inactivity", "reclaim_after_working_days"): 15,
    ("MR", "inactivity", "lock_after_months"): 6,
    ("MR", "inactivity", "reclaim_after_months"): 12,
    ("MR", "inactivity", "counted_from"): "creation-or-last-use",
    ("MR", "leavers", "reclaim_within_months"): 12,
    ("MR", "leavers", "reclaim_without_notice_months"): 36,
    ("HCM", "checking-habits", "unit_checks_per_day"): 4,
    ("MR", "checking-habits", "unit_checks_per_day"): 1,
    ("HCM", "password-strength", "min_classes"): 4,
    ("CT", "password-strength", "min_classes"): 4,
    ("ST", "password-strength", "min_classes"): 4,
    ("ST", "password-strength", "no_personal_data"): True,
    ("MR", "password-strength", "min_classes"): 3,
    ("MR", "password-strength", "not_account_name"): True,
    ("HCM", "password-age", "unlock_after_days"): 5,
    ("HCM", "password-age", "max_age_months"): 3,
    ("CT", "password-age", "max_age_months"): 3,
    ("CT", "password-age", "shared_max_age_months"): 2,
    ("ST", "password-age", "max_age_months"): 6,
    ("MR", "password-age", "max_age_months"): None,
    ("CT", "violations", "reminders"): 3,
    ("HCM", "old-mail-purge", "older_than_months"): 6,
    ("MR", "old-mail-purge", "older_than_months"): 6,
    ("MR", "backup", "restore_hours"): 24,
    ("MR", "backup", "no_loss_months"): 1,
    ("MR", "usage-report", "per_person_and_unit"): True,
    ("MR", "usage-report", "form"): "Phụ lục II",
    ("CT", "usage-report", "form"): "Phụ lục II",
}
CALENDARS = {
    "HCM": ["office each quarter on 10 Mar/Jun/Sep/Dec", "units each quarter on 5 Mar/Jun/Sep/Dec"],
    "TS": ["agencies each quarter"],
    "CT": ["agencies each half-year on 5 Jun/Dec", "department each half-year on 15 Jun/Dec"],
    "ST": ["department each half-year before 20 Jul", "department each year before 20 Jan"],
    "MR": ["units each year before 30 Nov"],
}
# What each regulation of its duties says of itself on its own first page.
TITLE_BLOCKS = {
    "HCM": ("hcm-tnmt-2018-draft", None, None, "draft", "tphcm.gov.vn", ".stnmt"),
    "TS": ("tayson-3426-2015", "2015-07-16", "2015-07-16", "in force", "tayson.binhdinh.gov.vn", ""),
    "CT": ("cantho-33-2015", "2015-12-18", "2015-12-30", "in force", "cantho.gov.vn", ""),
    "ST": ("soctrang-59-2024", "2024-12-20", "2025-01-01", "in force", "soctrang.gov.vn", ""),
    "MR": ("monre-2019-2016", "2016-09-01", "2016-09-01", "in force", "monre.gov.vn", ""),
}


def _duty(short: str, code: str) -> Duty:
    duty = load(short).duty(code)
    assert duty is not None, f"{short} has no {code}"
    return duty


def _parameter(short: str, code: str, name: str) -> Any:
    return getattr(_duty(short, code).parameters, name)


def _held() -> list[tuple[str, str, str]]:
    cells = [
        (short, code, articles)
        for code, row in MATRIX.items()
        for short, articles in zip(SHORTS, row, strict=True)
        if articles != "-"
    ]
    return cells + [(short, code, articles) for (short, code), articles in BEYOND_THE_LIST.items()]


def test_the_vocabulary_is_the_list_row_by_row() -> None:
    assert list(PARAMETERS) == list(MATRIX)
    assert list(ROWS.values()) == list(range(1, 33))


@pytest.mark.parametrize("short", SHORTS)
def test_a_regulation_holds_exactly_the_duties_of_its_column_with_their_articles(short: str) -> None:
    wanted = {code: articles for of, code, articles in _held() if of == short}
    assert {duty.code: duty.article for duty in load(short).duties} == wanted


@pytest.mark.parametrize("short", SHORTS)
def test_duties_come_in_the_order_of_their_rows(short: str) -> None:
    rows = [duty.row for duty in load(short).duties]
    assert rows == sorted(rows)


@pytest.mark.parametrize(("short", "code", "name"), list(FIGURES))
def test_a_figure_of_the_text_is_in_the_data(short: str, code: str, name: str) -> None:
    assert _parameter(short, code, name) == FIGURES[short, code, name]


@pytest.mark.parametrize("short", SHORTS)
def test_the_reporting_calendar_is_the_texts(short: str) -> None:
    assert list(map(str, _parameter(short, "usage-report", "due"))) == CALENDARS[short]


def test_monre_lists_the_ten_units_of_its_annex() -> None:
    units = _parameter("MR", "delegated-administration", "units")
    assert len(units) == len(set(units)) == 10
    assert units[0] == "Tổng cục Môi trường"


def test_hcm_names_the_four_times_a_unit_mailbox_is_checked() -> None:
    windows = _parameter("HCM", "checking-habits", "unit_windows")
    assert windows == ("morning-start", "morning-end", "afternoon-start", "afternoon-end")


@pytest.mark.parametrize(
    ("short", "patterns"),
    [
        ("HCM", ["{account}.stnmt"]),
        ("TS", ["{given}{s}{m}", "{last_middle}{given}{s}{other_m}", "{given}{s}{m}{extra}"]),
        ("CT", ["{s}{m}{given}", "{s}{middle}{given}", "{surname}{middle}{given}"]),
        ("ST", ["{s}{m}{given}", "{s}{m}{given}{n}"]),
        ("MR", ["{s}{m}{given}", "{s}{m}{given}_{unit}", "{s}{m}{given}_{unit}{n}"]),
    ],
)
def test_names_are_given_out_in_the_order_of_the_text(short: str, patterns: list[str]) -> None:
    assert list(_parameter(short, "address-format", "person")) == patterns


@pytest.mark.parametrize("short", SHORTS)
def test_a_text_without_a_term_locks_nobody(short: str) -> None:
    assert (_parameter(short, "inactivity", "lock_after_months") is None) == (short in {"TS", "ST"})


@pytest.mark.parametrize("short", SHORTS)
def test_the_title_block_is_the_texts(short: str) -> None:
    one = load(short)
    dates = [day and day.isoformat() for day in (one.date, one.effective)]
    assert (one.name, *dates, one.status, one.domains[0], one.account_suffix) == TITLE_BLOCKS[short]
    assert len(one.domains) == 1


MARKED = set("àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ")
LETTERS = MARKED | set("abcdeghiklmnopqrstuvxy") | set("fjwz")  # the last four in foreign words and addresses


@pytest.mark.parametrize("name", names())
def test_every_sentence_is_vietnamese_in_composed_form(name: str) -> None:
    text = (SHIPPED / f"{name}.toml").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    for duty in tomllib.loads(text)["duty"]:
        sentence = duty["sentence"]
        letters = [char for char in sentence.lower() if char.isalpha()]
        assert set(letters) <= LETTERS, f"{duty['code']}: {set(letters) - LETTERS}"
        assert sum(char in MARKED for char in letters) > len(letters) / 6, duty["code"]
        assert "  " not in sentence
        assert sentence == sentence.strip()


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize(
    "error", ["socstrang", "sottrang", "binhdingh", "thự điện", "bộp thư", "hệp thư", "mặt mã"]
)
def test_no_scanning_error_of_the_sources_is_left(name: str, error: str) -> None:
    assert error not in (SHIPPED / f"{name}.toml").read_text("utf-8").lower()


@pytest.mark.parametrize("name", names())
def test_every_gloss_is_one_line_of_plain_english(name: str) -> None:
    for duty in load(name).duties:
        assert duty.gloss.isascii(), duty.code
        assert duty.gloss.endswith("."), duty.code
        assert len(duty.gloss) <= 120, duty.code


@pytest.mark.parametrize("name", names())
def test_refusals_can_cite_every_regulation_in_ascii_english(name: str) -> None:
    assert load(name).citation_en.isascii()


def test_what_has_no_number_is_reported_and_not_swept_or_enforced() -> None:
    for short, code in (("TS", "checking-habits"), ("CT", "checking-habits"), ("ST", "checking-habits")):
        assert _duty(short, code).how == (How.REPORT,)
    for short in ("HCM", "TS", "ST", "MR"):
        assert _duty(short, "violations").how == (How.REPORT,)


def test_a_desk_without_a_mailbox_is_nothing_to_enforce() -> None:
    for short in SHORTS:
        mailbox = _parameter(short, "provisioning-desk", "mailbox")
        assert (How.ENFORCE in _duty(short, "provisioning-desk").how) == (mailbox is not None)
