# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site file decides, what stands when it is silent, and how its mistakes are named."""

from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from mailpolicy.files.problems import BadFile, UnreadableFile
from mailpolicy.judge import Policy
from mailpolicy.parameters import AttachmentCap, Inactivity
from mailpolicy.regulation import SHIPPED, How, load, load_all
from mailpolicy.rules import CODES
from mailpolicy.site import Site, for_regulation
from mailpolicy.siteloading import load_site
from mailpolicy.verdict import Mode


class Gate(BaseModel):
    """A program's own table, as mailgate has one."""

    model_config = ConfigDict(extra="forbid", strict=True)
    listen: str = "inet:8891@127.0.0.1"
    workers: int = Field(default=2, ge=1, le=64)


def _site(tmp_path: Path, text: str) -> Site:
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    return load_site(path).site


def _mistakes(tmp_path: Path, text: str, **sections: type[BaseModel]) -> list[str]:
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadFile) as caught:
        load_site(path, sections)
    return [line.removeprefix(f"{path}: ") for line in str(caught.value).splitlines()]


# What stands when the file is silent


def test_a_file_that_only_names_the_regulation_observes_everything(tmp_path: Path) -> None:
    site = _site(tmp_path, 'regulation = "st"\n')
    assert {site.mode(duty.code) for duty in site.regulation.duties} == {Mode.OBSERVE}
    assert site.domains == ("soctrang.gov.vn",)
    assert site.trusted_networks == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert site.report_mailbox == "xulythurac@soctrang.gov.vn"
    assert site.public_mail.matches("gmail.com") == "gmail.com"
    assert not site.fail_open("attachment-cap")


def test_a_duty_the_regulation_does_not_hold_is_off(tmp_path: Path) -> None:
    site = _site(tmp_path, 'regulation = "st"\n')
    assert (site.duty("subject-required"), site.mode("subject-required")) == (None, Mode.OFF)


@pytest.mark.parametrize("regulation", load_all(), ids=lambda one: one.short)
def test_a_regulation_alone_enforces_every_duty_met_at_the_door_that_has_a_rule(regulation: object) -> None:
    site = for_regulation(regulation)  # type: ignore[arg-type]
    enforced = {code for code in site.choices if site.mode(code) is Mode.ENFORCE}
    assert enforced == CODES & {duty.code for duty in site.regulation.duties if How.ENFORCE in duty.how}
    assert site.domains == site.regulation.domains
    assert [str(network) for network in site.trusted_networks] == ["127.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("short", "mailbox"),
    [
        ("ST", "xulythurac@soctrang.gov.vn"),
        ("MR", "support@monre.gov.vn"),
        ("HCM", ""),
        ("TS", ""),
        ("CT", ""),
    ],
)
def test_a_regulation_alone_reports_to_the_mailbox_its_text_names(short: str, mailbox: str) -> None:
    assert for_regulation(load(short)).report_mailbox == mailbox


# What the file decides


def test_what_the_file_says_goes_before_what_the_regulation_says(tmp_path: Path) -> None:
    site = _site(
        tmp_path,
        """
        regulation = "soctrang"
        domains = ["SocTrang.gov.vn.", "so.soctrang.gov.vn"]
        trusted_networks = ["10.20.0.0/16", "192.0.2.7", "2001:db8::/32"]
        report_mailbox = "Thurac@soctrang.gov.vn"
        [public_mail]
        add = ["mail.example.com"]
        except = ["gmx.net"]
        [duties.attachment-cap]
        mode = "enforce"
        fail_open = true
        parameters = { limit_mb = 40 }
        [duties.auto-forward]
        mode = "off"
        """,
    )
    assert site.domains == ("soctrang.gov.vn", "so.soctrang.gov.vn")
    assert site.trusted_networks == tuple(map(ip_network, ("10.20.0.0/16", "192.0.2.7/32", "2001:db8::/32")))
    assert site.report_mailbox == "thurac@soctrang.gov.vn"
    assert site.public_mail.matches("mail.example.com") == "mail.example.com"
    assert site.public_mail.matches("gmx.net") is None
    assert (site.mode("attachment-cap"), site.fail_open("attachment-cap")) == (Mode.ENFORCE, True)
    assert (site.mode("auto-forward"), site.fail_open("auto-forward")) == (Mode.OFF, False)


def test_a_duty_may_be_enforced_from_a_day_on(tmp_path: Path) -> None:
    site = _site(tmp_path, 'regulation = "st"\n[duties.auto-forward]\nenforce_from = 2026-12-01\n')
    assert site.mode("auto-forward") is Mode.OBSERVE
    assert site.enforce_from("auto-forward") == date(2026, 12, 1)
    assert site.enforce_from("attachment-cap") is None
    assert site.enforce_from("subject-required") is None
    policy = Policy.of(site)

    def modes(day: date) -> dict[str, Mode]:
        return {charge.duty.code: charge.mode for charge in policy.on(day).charges}

    before, on_the_day, later = (modes(date(2026, 11, 30)), modes(date(2026, 12, 1)), modes(date(2027, 3, 1)))
    assert set(before.values()) == {Mode.OBSERVE}
    assert [code for code, mode in on_the_day.items() if mode is Mode.ENFORCE] == ["auto-forward"]
    assert later == on_the_day


@pytest.mark.parametrize("mode", ["off", "enforce"])
def test_a_day_goes_with_observe_only(tmp_path: Path, mode: str) -> None:
    text = f'regulation = "st"\n[duties.auto-forward]\nmode = "{mode}"\nenforce_from = 2026-12-01\n'
    assert _mistakes(tmp_path, text) == [
        f'duties.auto-forward.enforce_from: 2026-12-01, but the mode is "{mode}"; '
        'expected mode = "observe" until that day'
    ]


@pytest.mark.parametrize("value", ['"2026-12-01"', "2026-12-01T08:00:00", "12", "true"])
def test_a_day_is_a_date_and_nothing_else(tmp_path: Path, value: str) -> None:
    text = f'regulation = "st"\n[duties.auto-forward]\nenforce_from = {value}\n'
    (mistake,) = _mistakes(tmp_path, text)
    assert mistake.startswith("duties.auto-forward.enforce_from: ")
    assert mistake.endswith("; expected a date, as in 2024-12-20")


def test_a_duty_that_cannot_be_enforced_cannot_be_from_a_day_on(tmp_path: Path) -> None:
    text = 'regulation = "st"\n[duties.inactivity]\nenforce_from = 2026-12-01\n'
    (mistake,) = _mistakes(tmp_path, text)
    assert mistake.startswith("duties.inactivity.enforce_from: a day is set, but ")


def test_reports_cannot_be_protected_from_a_day_on_without_a_mailbox(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, 'regulation = "hcm"\n[duties.spam-report]\nenforce_from = 2026-12-01\n')
    assert mistake.startswith("duties.spam-report.enforce_from: 2026-12-01, but neither")


def test_a_parameter_is_overridden_by_name_and_the_others_stay(tmp_path: Path) -> None:
    site = _site(tmp_path, 'regulation = "st"\n[duties.attachment-cap]\nparameters = { limit_mb = 40 }\n')
    duty, regulations = site.duty("attachment-cap"), site.regulation.duty("attachment-cap")
    assert duty is not None
    assert regulations is not None
    assert duty.parameters == AttachmentCap(limit_mb=40, per="file")
    assert regulations.parameters == AttachmentCap(limit_mb=50, per="file")
    assert duty.article == "7"


def test_the_report_mailbox_may_also_be_overridden_as_a_parameter(tmp_path: Path) -> None:
    parameters = 'parameters = { mailbox = "a@soctrang.gov.vn" }\n'
    site = _site(tmp_path, 'regulation = "st"\n[duties.spam-report]\n' + parameters)
    assert site.report_mailbox == "a@soctrang.gov.vn"
    both = 'regulation = "st"\nreport_mailbox = "b@soctrang.gov.vn"\n[duties.spam-report]\n'
    assert _site(tmp_path, both + parameters).report_mailbox == "b@soctrang.gov.vn"


def test_an_office_uses_its_own_regulation_by_path_from_the_site_file(tmp_path: Path) -> None:
    text = (SHIPPED / "monre-2019-2016.toml").read_text("utf-8").replace('short = "MR"', 'short = "OWN"')
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(text, "utf-8")
    assert _site(tmp_path, 'regulation = "rules/own.toml"\n').regulation.short == "OWN"


def test_mistakes_in_an_offices_own_regulation_are_named_with_the_sites(tmp_path: Path) -> None:
    text = (SHIPPED / "monre-2019-2016.toml").read_text("utf-8").replace("limit_mb = 15", "limit_mb = 0")
    (tmp_path / "own.toml").write_text(text, "utf-8")
    lines = _mistakes(tmp_path, 'regulation = "own.toml"\ndomain = ["monre.gov.vn"]\n')
    assert lines[0] == 'domain: unknown name "domain"; expected "domains"'
    assert lines[1].startswith(
        f"{tmp_path / 'own.toml'}: duty[1].attachment-cap.parameters.limit_mb: 0; expected"
    )


# The programs' own tables


def test_a_programs_table_is_checked_in_the_same_pass_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        'regulation = "st"\n[gate]\nworkers = 4\n[audit]\nanything = 1\n', "utf-8"
    )
    loaded = load_site(tmp_path / "site.toml", {"gate": Gate})
    assert loaded.sections == {"gate": Gate(workers=4)}


def test_a_programs_table_that_is_not_there_has_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('regulation = "st"\n', "utf-8")
    assert load_site(tmp_path / "site.toml", {"gate": Gate}).sections == {"gate": Gate()}


def test_a_programs_table_is_left_alone_when_not_asked_for(tmp_path: Path) -> None:
    assert _site(tmp_path, 'regulation = "st"\n[gate]\nwrokers = "many"\n').regulation.short == "ST"


def test_mistakes_in_a_programs_table_are_named_with_the_others(tmp_path: Path) -> None:
    text = 'regulation = "st"\ndomains = []\n[gate]\nwrokers = 4\nworkers = "2"\nlisten = 1\n'
    assert _mistakes(tmp_path, text, gate=Gate) == [
        "domains: an empty array; expected at least one item",
        "gate.listen: 1 is an integer; expected a string",
        'gate.workers: "2" is a string; expected an integer from 1 to 64',
        'gate.wrokers: unknown name "wrokers"; expected "workers"',
    ]


# Mistakes


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
    (line,) = _mistakes(tmp_path, head + text)
    assert said in line


def test_a_duty_without_a_rule_cannot_be_called_enforced(tmp_path: Path) -> None:
    text = (SHIPPED / "soctrang-59-2024.toml").read_text("utf-8")
    backup = text.index('code = "backup"')
    text = text[:backup] + text[backup:].replace('how = ["provision"]', 'how = ["enforce"]', 1)
    (tmp_path / "own.toml").write_text(text, "utf-8")
    (line,) = _mistakes(tmp_path, 'regulation = "own.toml"\n[duties.backup]\nmode = "enforce"\n')
    assert line == (
        'duties.backup.mode: "enforce", but no rule for backup exists yet; expected "observe" or "off"'
    )


def test_a_duty_that_is_not_kept_at_the_door_cannot_be_called_enforced(tmp_path: Path) -> None:
    (line,) = _mistakes(tmp_path, 'regulation = "st"\n[duties.backup]\nmode = "enforce"\n')
    assert line.startswith(
        'duties.backup.mode: "enforce", but the text gives the gate nothing to enforce (how: provision)'
    )


def test_reports_cannot_be_enforced_without_a_mailbox_to_send_them_to(tmp_path: Path) -> None:
    text = 'regulation = "tayson"\n{}[duties.spam-report]\nmode = "enforce"\n'
    (line,) = _mistakes(tmp_path, text.format(""))
    assert line.endswith("names a report mailbox; expected report_mailbox at the top of the file")
    site = _site(tmp_path, text.format('report_mailbox = "baocao@tayson.binhdinh.gov.vn"\n'))
    assert site.mode("spam-report") is Mode.ENFORCE


def test_all_mistakes_are_named_in_one_go_even_under_an_unknown_regulation(tmp_path: Path) -> None:
    lines = _mistakes(
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
    (line,) = _mistakes(tmp_path, text)
    assert line.endswith("reclaim_after_months is not after the lock; expected more than 12 months")
    site = _site(tmp_path, text.replace("= 12", "= 9"))
    duty = site.duty("inactivity")
    assert duty is not None
    assert duty.parameters == Inactivity(
        lock_after_months=9, reclaim_after_months=12, counted_from="creation-or-last-use"
    )


def test_a_site_file_that_cannot_be_read_is_its_own_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        load_site(tmp_path / "nowhere.toml")
