# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a master user's session is no use by the owner, in whichever reading of the logs it comes."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from audit.maillog import START, line, login, session_end
from audit.office import Office
from mailaudit.analyze import rollups
from mailaudit.store.master_sessions import LASTS
from mailaudit.store.tables import MASTER_SESSIONS

WHO = "canbo1@example.org"
MASTERS = {"in the name": ("*helpdesk", ""), "apart": ("", ", master=<helpdesk>")}


def master_login(time: datetime, way: str = "apart", session: str = "m") -> str:
    name, element = MASTERS[way]
    where = f"rip=192.0.2.9, lip=192.0.2.25, mpid=7, TLS, session=<{session}>"
    return line(time, "dovecot", f"imap-login: Login: user=<{WHO}{name}>, method=PLAIN, {where}{element}")


def other(time: datetime) -> str:
    return login(time, "canbo2@example.org", session="o")


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def remembered(office: Office) -> int:
    return len(office.store.rows(sa.select(MASTER_SESSIONS)))


@pytest.mark.parametrize(
    ("office", "way"),
    [("sqlite", "in the name"), ("sqlite", "apart"), ("postgresql", "apart")],
    indirect=["office"],
)
def test_a_session_goes_on_in_later_readings(office: Office, way: str) -> None:
    log = [
        master_login(START, way),
        other(hours(30)),
        other(hours(40)),
        session_end(hours(50), WHO, session="m"),
    ]
    for lines in range(1, len(log)):
        office.ingest(office.write("mail.log", log[:lines]))
        assert remembered(office) == 1
    office.ingest(office.write("mail.log", log))
    assert list(office.seen()) == ["canbo2@example.org"]
    assert {day.mailbox for day in office.store.activity_days()} == {"canbo2@example.org"}
    assert remembered(office) == 0


def test_a_session_that_ends_in_the_reading_it_began_in_is_not_remembered(office: Office) -> None:
    office.ingest(office.write("mail.log", [master_login(START), session_end(hours(50), WHO, session="m")]))
    assert (office.seen(), remembered(office)) == ({}, 0)


def test_the_end_may_be_in_another_host_s_log(office: Office) -> None:
    """As behind a proxy, which alone is told of the master."""
    backend = [
        one.replace(" mail ", " backend ", 1)
        for one in (login(hours(0.01), WHO, session="m"), session_end(hours(50), WHO, session="m"))
    ]
    office.ingest(office.write("proxy.log", [master_login(START)]))
    office.ingest(office.write("backend.log", backend))
    assert office.seen() == {}


def test_the_owner_s_own_sessions_count_beside_a_master_s(office: Office) -> None:
    office.ingest(office.write("mail.log", [login(START, WHO, session="own"), master_login(hours(1))]))
    office.ingest(office.write("next.log", [session_end(hours(50), WHO, session="own")]))
    assert office.seen()[WHO].event == "session-end"
    assert remembered(office) == 1


def test_a_session_is_remembered_for_thirty_days(office: Office) -> None:
    office.ingest(office.write("mail.log", [master_login(START), other(START + LASTS)]))
    assert remembered(office) == 1
    office.ingest(office.write("next.log", [other(START + LASTS + timedelta(seconds=1))]))
    assert remembered(office) == 0


@pytest.mark.parametrize("at_once", [True, False])
def test_what_ends_later_than_that_counts_so_that_nobody_looks_idle(office: Office, at_once: bool) -> None:
    log = [master_login(START), session_end(START + LASTS + timedelta(days=1), WHO, session="m")]
    if not at_once:
        office.ingest(office.write("mail.log", log[:1]))
    office.ingest(office.write("mail.log", log))
    assert office.seen()[WHO].event == "session-end"


def test_analyze_tells_the_same_of_a_log_of_many_batches(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [
        office.write("1.log", [master_login(START), other(START)]),
        office.write("2.log", [session_end(hours(50), WHO, session="m"), other(hours(51))]),
    ]
    whole = list(rollups.on_this_machine(paths).as_json())
    monkeypatch.setattr(rollups, "BATCH", 1)
    assert list(rollups.on_this_machine(paths).as_json()) == whole
    assert not any(WHO in row for row in whole if '"mailbox"' in row)
