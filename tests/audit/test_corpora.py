# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs that others wrote, where they are at hand: nothing crashes, everything adds up, most is understood."""

from pathlib import Path

import pytest

from audit.office import Office
from mailaudit.summary import summarise

LOGS = Path(__file__).parents[3] / "shared" / "corpora" / "logs"

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the logs of others are not here: {LOGS}")


def test_real_logs_are_read_and_every_line_is_counted(office: Office) -> None:
    folders = [LOGS, *(path for path in LOGS.iterdir() if path.is_dir())]
    outcomes = office.ingest(*folders)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    summary = summarise(office.store)
    assert summary.lines.total == sum(outcome.lines for outcome in outcomes)
    assert sum(summary.events.values()) + summary.lines.unreadable == summary.lines.total


def test_every_line_of_a_lab_with_postfix_and_dovecot_is_understood(office: Office) -> None:
    office.ingest(LOGS / "lab" / "mail.log", LOGS / "lab" / "dovecot.log")
    assert office.kinds()["unparsed"] == office.kinds()["unreadable"] == 0
    assert set(office.seen()) == {"user@so.gov.test", "ghost@so.gov.test"}


@pytest.mark.parametrize("folder", ["fail2ban", "crowdsec", "lightmeter"])
def test_of_postfix_and_dovecot_nearly_every_line_is_understood(office: Office, folder: str) -> None:
    office.ingest(LOGS / folder)
    ours = [one for one in office.store.counts() if one.producer in ("postfix", "dovecot")]
    unparsed = sum(one.lines for one in ours if one.kind == "unparsed")
    assert unparsed <= 0.03 * sum(one.lines for one in ours)
