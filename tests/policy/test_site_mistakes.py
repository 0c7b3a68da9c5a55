# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in a site file: each is named with its key and what was expected, all in one go."""

from pathlib import Path

import pytest

from mailpolicy.files.problems import UnreadableFile
from mailpolicy.parameters import Inactivity
from mailpolicy.regulation import SHIPPED
from mailpolicy.siteloading import load_site
from mailpolicy.verdict import Mode
from sitefiles import Gate, mistakes_in, site_of


@pytest.mark.parametrize("mode", ["off", "enforce"])
def test_a_day_goes_with_observe_only(tmp_path: Path, mode: str) -> None:
    text = f'regulation = "st"\n[duties.auto-forward]\nmode = "{mode}"\nenforce_from = 2026-12-01\n'
    assert mistakes_in(tmp_path, text) == [
        f'duties.auto-forward.enforce_from: 2026-12-01, but the mode is "{mode}"; '
        'expected mode = "observe" until that day'
    ]


@pytest.mark.parametrize("value", ['"2026-12-01"', "2026-12-01T08:00:00", "12", "true"])
def test_a_day_is_a_date_and_nothing_else(tmp_path: Path, value: str) -> None:
    text = f'regulation = "st"\n[duties.auto-forward]\nenforce_from = {value}\n'
    (mistake,) = mistakes_in(tmp_path, text)
    assert mistake.startswith("duties.auto-forward.enforce_from: ")
    assert mistake.endswith("; expected a date, as in 2024-12-20")


def test_a_duty_that_cannot_be_enforced_cannot_be_from_a_day_on(tmp_path: Path) -> None:
    text = 'regulation = "st"\n[duties.inactivity]\nenforce_from = 2026-12-01\n'
    (mistake,) = mistakes_in(tmp_path, text)
    assert mistake.startswith("duties.inactivity.enforce_from: a day is set, but ")


def test_reports_cannot_be_protected_from_a_day_on_without_a_mailbox(tmp_path: Path) -> None:
    (mistake,) = mistakes_in(
        tmp_path, 'regulation = "hcm"\n[duties.spam-report]\nenforce_from = 2026-12-01\n'
    )
    assert mistake.startswith("duties.spam-report.enforce_from: 2026-12-01, but neither")


def test_mistakes_in_an_offices_own_regulation_are_named_with_the_sites(tmp_path: Path) -> None:
    text = (SHIPPED / "monre-2019-2016.toml").read_text("utf-8").replace("limit_mb = 15", "limit_mb = 0")
    (tmp_path / "own.toml").write_text(text, "utf-8")
    lines = mistakes_in(tmp_path, 'regulation = "own.toml"\ndomain = ["monre.gov.vn"]\n')
    assert lines[0] == 'domain: unknown name "domain"; expected "domains"'
    assert lines[1].startswith(
        f"{tmp_path / 'own.toml'}: duty[1].attachment-cap.parameters.limit_mb: 0; expected"
    )


def test_mistakes_in_a_programs_table_are_named_with_the_others(tmp_path: Path) -> None:
    text = 'regulation = "st"\ndomains = []\n[gate]\nwrokers = 4\nworkers = "2"\nlisten = 1\n'
    assert mistakes_in(tmp_path, text, gate=Gate) == [
        "domains: an empty array; expected at least one item",
        "gate.listen: 1 is an integer; expected a string",
        'gate.workers: "2" is a string; expected an integer from 1 to 64',
        'gate.wrokers: unknown name "wrokers"; expected "workers"',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "regulation: missing; expected a string"),
        ("regulation = 5\n", "regulation: 5 is an integer; expected a string"),
        (
            'regulation = "hanoi"\n',
            'regulation: no regulation is called "hanoi"; expected one of cantho-33-2015 (CT)',
        ),
        ('regulation = "own.toml"\n', "own.toml: file: can't be read (No such file or directory)"),
        ('domains = ["soctrang"]\n', 'domains[1]: "soctrang"; expected a domain, as in soctrang.gov.vn'),
        ('domains = ["-a.vn"]\n', 'domains[1]: "-a.vn"; expected a domain'),
        ('domains = "soctrang.gov.vn"\n', 'domains: "soctrang.gov.vn" is a string; expected an array'),
        ('domains = ["a.gov.vn", "A.gov.vn"]\n', 'domains: "a.gov.vn" is there twice; expected each once'),
        (
            'trusted_networks = ["10.20.30.40/16"]\n',
            'trusted_networks[1]: "10.20.30.40/16" is a host in 10.20.0.0/16;'
            ' expected "10.20.0.0/16", or "10.20.30.40/32" for that host',
        ),
        (
            'trusted_networks = ["2001:db8::1/32"]\n',
            'expected "2001:db8::/32", or "2001:db8::1/128" for that host',
        ),
        (
            'trusted_networks = ["::1", "lan"]\n',
            'trusted_networks[2]: "lan"; expected a network, as in 10.20.0.0/16',
        ),
        ('report_mailbox = "xulythurac"\n', 'report_mailbox: "xulythurac"; expected a mail address'),
        ('report_mailbox = "Ban <a@b.vn>"\n', 'report_mailbox: "Ban <a@b.vn>"; expected a mail address'),
        ("public_mail = 1\n", "public_mail: is an integer; expected a table [public_mail]"),
        (
            '[public_mail]\nadd = ["com.vn"]\n',
            'public_mail.add[1]: "com.vn" would match strangers\' domains;',
        ),
        ('[public_mail]\nadd = ["vn"]\n', 'public_mail.add[1]: "vn"; expected a domain'),
        (
            '[public_mail]\nadd = ["mail.soctrang.gov.vn"]\n',
            'public_mail.add[1]: "mail.soctrang.gov.vn" lies in gov.vn, which is never public; expected',
        ),
        (
            '[public_mail]\nadd = ["a.example"]\nexcept = ["A.example."]\n',
            'public_mail: "a.example" is both added and excepted; expected one of the two',
        ),
        (
            "[public_mail]\nremove = []\n",
            'public_mail.remove: unknown name "remove"; expected one of add, except',
        ),
        ("[dutys.unicode]\n", 'dutys: unknown name "dutys"; expected "duties"'),
        (
            "[milter]\n",
            'milter: unknown name "milter"; expected one of audit, domains, duties, examples, gate',
        ),
        ("duties = []\n", "duties: is an array; expected a table [duties]"),
        ("[duties]\nunicode = true\n", "duties.unicode: is a boolean; expected a table [duties.unicode]"),
        (
            "[duties.attachment_cap]\n",
            'duties.attachment_cap: unknown name "attachment_cap"; expected "attachment-cap"',
        ),
        (
            "[duties.subject-required]\n",
            "soctrang-59-2024 has no duty subject-required; expected one it has: attachment-cap",
        ),
        (
            '[duties.unicode]\nmode = "on"\n',
            'duties.unicode.mode: "on"; expected "off" or "observe" or "enforce"',
        ),
        ("[duties.unicode]\nmode = true\n", "duties.unicode.mode: true; expected"),
        (
            "[duties.unicode]\nfail_open = 1\n",
            "duties.unicode.fail_open: 1 is an integer; expected true or false",
        ),
        ("[duties.unicode]\nfail = 1\n", 'duties.unicode.fail: unknown name "fail"; expected'),
        (
            "[duties.attachment-cap]\nparameters = { limit_mb = 5000 }\n",
            "duties.attachment-cap.parameters.limit_mb: 5000; expected an integer from 1 to 4096",
        ),
        (
            "[duties.attachment-cap]\nparameters = { limit = 40 }\n",
            'duties.attachment-cap.parameters.limit: unknown name "limit"; expected "limit_mb"',
        ),
        (
            "[duties.auto-forward]\nparameters = { limit = 40 }\n",
            'duties.auto-forward.parameters.limit: unknown name "limit"; expected nothing here',
        ),
        (
            "[duties.unicode]\nparameters = 1\n",
            "duties.unicode.parameters: 1 is an integer; expected a table",
        ),
        (
            "[duties.inactivity]\nparameters = { reclaim_after_months = 6 }\n",
            "inactivity.parameters: a mailbox is reclaimed but never locked; expected lock_after_months too",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    head = "" if text.startswith("regulation") or not text else 'regulation = "st"\n'
    (line,) = mistakes_in(tmp_path, head + text)
    assert said in line


def test_a_duty_without_a_rule_cannot_be_called_enforced(tmp_path: Path) -> None:
    text = (SHIPPED / "soctrang-59-2024.toml").read_text("utf-8")
    backup = text.index('code = "backup"')
    text = text[:backup] + text[backup:].replace('how = ["provision"]', 'how = ["enforce"]', 1)
    (tmp_path / "own.toml").write_text(text, "utf-8")
    (line,) = mistakes_in(tmp_path, 'regulation = "own.toml"\n[duties.backup]\nmode = "enforce"\n')
    assert line == (
        'duties.backup.mode: "enforce", but no rule for backup exists yet; expected "observe" or "off"'
    )


def test_a_duty_that_is_not_kept_at_the_door_cannot_be_called_enforced(tmp_path: Path) -> None:
    (line,) = mistakes_in(tmp_path, 'regulation = "st"\n[duties.backup]\nmode = "enforce"\n')
    assert line.startswith(
        'duties.backup.mode: "enforce", but the text gives the gate nothing to enforce (how: provision)'
    )


def test_reports_cannot_be_enforced_without_a_mailbox_to_send_them_to(tmp_path: Path) -> None:
    text = 'regulation = "tayson"\n{}[duties.spam-report]\nmode = "enforce"\n'
    (line,) = mistakes_in(tmp_path, text.format(""))
    assert line.endswith("names a report mailbox; expected report_mailbox at the top of the file")
    site = site_of(tmp_path, text.format('report_mailbox = "baocao@tayson.binhdinh.gov.vn"\n'))
    assert site.mode("spam-report") is Mode.ENFORCE


def test_all_mistakes_are_named_in_one_go_even_under_an_unknown_regulation(tmp_path: Path) -> None:
    lines = mistakes_in(
        tmp_path,
        """
        regulation = "soctrng"
        domains = ["soctrang"]
        trusted_network = []
        [public_mail]
        add = ["vn"]
        [duties.attachment-cap]
        mode = "enforced"
        parameters = { limit_mb = "40" }
        [duties.atachment-cap]
        fail_open = 1
        [gate]
        workers = 0
        """,
        gate=Gate,
    )
    assert [line.partition(": ")[0] for line in lines] == [
        "trusted_network",
        "domains[1]",
        "public_mail.add[1]",
        "regulation",
        "duties.attachment-cap.mode",
        "duties.attachment-cap.parameters.limit_mb",
        "duties.atachment-cap",
        "duties.atachment-cap.fail_open",
        "gate.workers",
    ]


def test_parameters_that_do_not_fit_together_are_a_mistake(tmp_path: Path) -> None:
    text = 'regulation = "monre"\n[duties.inactivity]\nparameters = { lock_after_months = 12 }\n'
    (line,) = mistakes_in(tmp_path, text)
    assert line.endswith("reclaim_after_months is not after the lock; expected more than 12 months")
    site = site_of(tmp_path, text.replace("= 12", "= 9"))
    duty = site.duty("inactivity")
    assert duty is not None
    assert duty.parameters == Inactivity(
        lock_after_months=9, reclaim_after_months=12, counted_from="creation-or-last-use"
    )


def test_a_site_file_that_cannot_be_read_is_its_own_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        load_site(tmp_path / "nowhere.toml")
