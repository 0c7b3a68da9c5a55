# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit signs`: each sign, and the innocent that looks like it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.maillog import START, day_of_work, line, login, submission
from audit.office import Office
from mailaudit.cli import app

WHO = "canbo1@example.org"
OFFICE, HOME, ABROAD = "10.20.3.21", "198.51.100.9", "203.0.113.66"
NEAR_HOME, MOBILE = "198.51.7.7", "2001:db8:1::7"


def failure(minute: int, address: str, user: str = WHO) -> str:
    text = f"imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<{user}>"
    return line(
        START + timedelta(minutes=minute), "dovecot", f"{text}, method=PLAIN, rip={address}, lip=192.0.2.25"
    )


def at(minute: int, address: str, user: str = WHO) -> str:
    return login(START + timedelta(minutes=minute), user, address=address, session=f"s{minute}")


def message(minute: int, recipients: int, number: int) -> list[str]:
    time, queue_id = START + timedelta(minutes=minute), f"{number:010X}"
    login_ = submission(time, WHO, HOME).replace("4F5C64474F", queue_id)
    queued = f"{queue_id}: from=<{WHO}>, size=700, nrcpt={recipients} (queue active)"
    return [login_, line(time, "postfix/qmgr[7]", queued)]


def signs(office: Office, *arguments: str) -> Any:
    site = office.logs / "site.toml"
    site.write_text(
        'regulation = "soctrang"\ndomains = ["example.org"]\ntrusted_networks = ["192.0.2.0/24"]\n'
    )
    files = ["--site", str(site), "--json", *arguments]
    done = CliRunner().invoke(app, ["--home", str(office.home), "signs", *files])
    found = json.loads(done.output)["signs"]
    assert done.exit_code == (1 if found else 0)
    return [(one["sign"], one["duty"], one["number"]) for one in found]


GUESSED = [*(failure(minute, ABROAD) for minute in range(5, 10)), at(10, ABROAD)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([at(1, HOME), at(2, ABROAD), at(3, MOBILE)], [("many-networks", "mailbox-sharing", 3)]),
        ([at(1, HOME), at(2, NEAR_HOME), at(3, MOBILE)], []),  # two networks
        ([at(1, HOME), at(2, ABROAD), at(3, OFFICE), at(4, "192.0.2.7")], []),  # two, and the office's own
        ([at(1, HOME), at(2, ABROAD), at(61, MOBILE)], []),  # not within the hour
        ([at(1, HOME), at(2, ABROAD), at(3, MOBILE, "canbo2@example.org")], []),
        (GUESSED, [("failures-then-success", "mailbox-sharing", 5)]),
        (GUESSED[1:], []),  # four failures
        ([at(1, ABROAD), *GUESSED], []),  # at home there, with a new password
        ([*GUESSED[:-1], at(10, HOME)], []),  # it stayed outside
        ([*GUESSED[:-1], at(70, ABROAD)], []),
        ([*message(1, 150, 1), *message(2, 150, 2)], [("burst-of-recipients", "spam-spreading", 300)]),
        ([*message(1, 150, 1), *message(2, 149, 2)], []),
        ([*message(1, 150, 1), *message(61, 150, 2)], []),
    ],
)
def test_a_sign_and_what_only_looks_like_it(
    office: Office, lines: list[str], found: list[tuple[str, str, int]]
) -> None:
    office.ingest(office.write("mail.log", lines))
    assert signs(office) == found


def test_a_message_that_waits_counts_its_recipients_once(office: Office) -> None:
    [first, queued] = message(1, 200, 1)
    office.ingest(office.write("mail.log", [first, queued, queued.replace(":31:", ":51:")]))
    assert signs(office) == []


def test_a_day_of_work_has_none_and_a_mailbox_or_period_can_be_asked_for(office: Office) -> None:
    office.ingest(office.write("mail.log", [*GUESSED, *day_of_work(30, 400)]))
    assert len(signs(office)) == 1
    assert signs(office, "--mailbox", "canbo2@example.org") == []
    assert signs(office, "--mailbox", WHO, "--from", "2026-09-01", "--to", "2026-09-01") == signs(office)
    assert signs(office, "--from", "2026-09-02") == []
