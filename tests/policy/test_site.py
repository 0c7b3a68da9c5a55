# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site file decides, and what stands when it is silent."""

from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest

from mailpolicy.judge import Policy
from mailpolicy.parameters import AttachmentCap
from mailpolicy.regulation import SHIPPED, How, load, load_all
from mailpolicy.rules import CODES
from mailpolicy.site import for_regulation
from mailpolicy.siteloading import load_site
from mailpolicy.verdict import Mode
from sitefiles import Gate, site_of


def test_a_file_that_only_names_the_regulation_observes_everything(tmp_path: Path) -> None:
    site = site_of(tmp_path, 'regulation = "st"\n')
    assert {site.mode(duty.code) for duty in site.regulation.duties} == {Mode.OBSERVE}
    assert site.domains == ("soctrang.gov.vn",)
    assert site.trusted_networks == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert site.report_mailbox == "xulythurac@soctrang.gov.vn"
    assert site.public_mail.matches("gmail.com") == "gmail.com"
    assert not site.fail_open("attachment-cap")


def test_a_duty_the_regulation_does_not_hold_is_off(tmp_path: Path) -> None:
    site = site_of(tmp_path, 'regulation = "st"\n')
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


def test_what_the_file_says_goes_before_what_the_regulation_says(tmp_path: Path) -> None:
    site = site_of(
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
    site = site_of(tmp_path, 'regulation = "st"\n[duties.auto-forward]\nenforce_from = 2026-12-01\n')
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


def test_a_parameter_is_overridden_by_name_and_the_others_stay(tmp_path: Path) -> None:
    site = site_of(tmp_path, 'regulation = "st"\n[duties.attachment-cap]\nparameters = { limit_mb = 40 }\n')
    duty, regulations = site.duty("attachment-cap"), site.regulation.duty("attachment-cap")
    assert duty is not None
    assert regulations is not None
    assert duty.parameters == AttachmentCap(limit_mb=40, per="file")
    assert regulations.parameters == AttachmentCap(limit_mb=50, per="file")
    assert duty.article == "7"


def test_the_report_mailbox_may_also_be_overridden_as_a_parameter(tmp_path: Path) -> None:
    parameters = 'parameters = { mailbox = "a@soctrang.gov.vn" }\n'
    site = site_of(tmp_path, 'regulation = "st"\n[duties.spam-report]\n' + parameters)
    assert site.report_mailbox == "a@soctrang.gov.vn"
    both = 'regulation = "st"\nreport_mailbox = "b@soctrang.gov.vn"\n[duties.spam-report]\n'
    assert site_of(tmp_path, both + parameters).report_mailbox == "b@soctrang.gov.vn"


def test_an_office_uses_its_own_regulation_by_path_from_the_site_file(tmp_path: Path) -> None:
    text = (SHIPPED / "monre-2019-2016.toml").read_text("utf-8").replace('short = "MR"', 'short = "OWN"')
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(text, "utf-8")
    assert site_of(tmp_path, 'regulation = "rules/own.toml"\n').regulation.short == "OWN"


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
    assert site_of(tmp_path, 'regulation = "st"\n[gate]\nwrokers = "many"\n').regulation.short == "ST"
