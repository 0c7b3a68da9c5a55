# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters are sent once: with servers that refuse, wait or break off, and with senders that are killed."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mailaudit.store
from audit.letters import NOW, letter, settings_of, site_of, states, wait
from audit.mailsink import Sink
from audit.office import Office, each_store
from bed import free_port
from mailaudit.notices import outbox
from mailaudit.notices.notice import Notice
from mailaudit.notices.onesender import OtherSenderError, only_one_sender
from mailaudit.notices.outbox import LONGEST_WAIT, State
from mailaudit.notices.sender import Report, send
from mailaudit.store import Store

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


def deliver(store: Store, server: str, at: datetime = NOW, proof: str | None = None) -> Report:
    return send(store, settings_of(site_of("CT"), smtp=server), lambda _: proof, lambda: at)


@each_store
def test_an_event_is_told_each_address_once(office: Office, sink: Sink) -> None:
    wait(office.store, letter(1), letter(2), letter(1, "canbo2@cantho.gov.vn"))
    with office.store.recording() as connection:
        assert not outbox.queue(connection, letter(1), NOW)
    assert deliver(office.store, sink.address).counts == {State.SENT: 3}
    with office.store.recording() as connection:
        assert not outbox.queue(connection, letter(1), NOW)
    assert deliver(office.store, sink.address).all_is_well
    assert len(sink.taken) == len(set(sink.taken)) == 3


def test_a_letter_is_queued_with_what_it_tells_of_or_not_at_all(office: Office) -> None:
    with pytest.raises(ZeroDivisionError), office.store.recording() as connection:
        outbox.queue(connection, letter(1), NOW)
        _ = 1 / 0
    assert states(office.store) == []


@each_store
def test_what_was_sent_keeps_the_servers_answer_and_what_was_written(office: Office, sink: Sink) -> None:
    wait(office.store, letter(1))
    deliver(office.store, sink.address, NOW + timedelta(hours=1))
    with office.store.recording() as connection:
        [one] = outbox.kept(connection, mailbox="canbo1@cantho.gov.vn")
        assert outbox.kept(connection, mailbox="canbo2@cantho.gov.vn") == []
    assert (one.state, one.said) == (State.SENT, "250 2.0.0 Ok: queued as 4F5C64474F")
    assert (one.queued_at, one.changed_at) == (NOW, NOW + timedelta(hours=1))
    assert one.notice == letter(1)
    assert sink.taken == [letter(1).message_id]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "MESSAGE"])
def test_a_temporary_refusal_is_tried_again_later_and_later(office: Office, sink: Sink, stage: str) -> None:
    sink.reply[stage] = "451 4.3.0 later"
    wait(office.store, letter(1), letter(2))
    report = deliver(office.store, sink.address)
    assert (report.counts, report.waiting, report.error) == ({State.QUEUED: 2}, 2, "")
    assert deliver(office.store, sink.address, NOW + timedelta(minutes=4)).counts == {}
    at, waits = NOW, []
    for _ in range(9):
        with office.store.recording() as connection:
            [one, _] = outbox.kept(connection)
        assert one.said == "451 4.3.0 later"
        waits.append(one.next_attempt - at)
        at = one.next_attempt
        deliver(office.store, sink.address, at)
    assert waits[:3] == [timedelta(minutes=minutes) for minutes in (5, 10, 20)]
    assert waits[-1] == LONGEST_WAIT
    sink.reply.clear()
    assert deliver(office.store, sink.address, at + LONGEST_WAIT).counts == {State.SENT: 2}
    assert sorted(sink.taken) == sorted(letter(number).message_id for number in (1, 2))


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "MESSAGE"])
def test_a_refusal_for_good_is_reported_and_not_tried_again_unasked(
    office: Office, sink: Sink, stage: str
) -> None:
    sink.reply[stage] = "550 5.1.1 no such user"
    wait(office.store, letter(1))
    report = deliver(office.store, sink.address)
    assert [one.said for one in report.failed] == ["550 5.1.1 no such user"]
    sink.reply.clear()
    later = deliver(office.store, sink.address, NOW + timedelta(days=9))
    assert (later.counts, len(later.failed), sink.taken) == ({}, 1, [])
    with office.store.recording() as connection:
        assert outbox.again(connection, letter(1).message_id, NOW)
    assert deliver(office.store, sink.address).all_is_well
    assert sink.taken == [letter(1).message_id]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_a_connection_that_breaks_before_the_text_loses_nothing(
    office: Office, sink: Sink, stage: str
) -> None:
    sink.hang_up = stage
    wait(office.store, letter(1), letter(2))
    report = deliver(office.store, sink.address)
    assert "the connection broke" in report.error
    assert states(office.store) == [State.QUEUED, State.QUEUED]
    sink.hang_up = ""
    assert deliver(office.store, sink.address, NOW + timedelta(hours=1)).counts == {State.SENT: 2}


def test_a_connection_that_breaks_before_the_answer_leaves_a_letter_unsure(
    office: Office, sink: Sink
) -> None:
    sink.hang_up = "MESSAGE"
    wait(office.store, letter(1), letter(2))
    report = deliver(office.store, sink.address)
    assert [one.notice for one in report.unsure] == [letter(1)]
    assert states(office.store) == [State.UNSURE, State.QUEUED]
    sink.hang_up = ""
    for day in range(1, 4):
        report = deliver(office.store, sink.address, NOW + timedelta(days=day))
    assert [one.notice.message_id for one in report.unsure] == [letter(1).message_id]
    assert Counter(sink.taken) == {letter(1).message_id: 1, letter(2).message_id: 1}


def test_logs_that_prove_it_settle_what_was_unsure(office: Office, sink: Sink) -> None:
    sink.hang_up = "MESSAGE"
    wait(office.store, letter(1))
    deliver(office.store, sink.address)
    report = deliver(office.store, sink.address, proof="mail.log: taken as 4F5C64474F")
    assert (report.settled, report.all_is_well) == (1, True)
    with office.store.recording() as connection:
        assert [one.said for one in outbox.kept(connection)] == ["mail.log: taken as 4F5C64474F"]
    assert len(sink.taken) == 1


def test_a_server_that_shuts_down_is_asked_no_more(office: Office, sink: Sink) -> None:
    sink.reply["MAIL"] = "421 4.3.2 shutting down"
    wait(office.store, letter(1), letter(2))
    report = deliver(office.store, sink.address)
    assert report.error == "421 4.3.2 shutting down"
    assert states(office.store) == [State.QUEUED, State.QUEUED]


def test_without_a_mail_server_all_waits_and_the_reason_is_said(office: Office) -> None:
    wait(office.store, letter(1))
    server = f"127.0.0.1:{free_port()}"
    report = deliver(office.store, server)
    assert report.error.startswith(f"{server}: the mail server can't be reached (")
    with office.store.recording() as connection:
        [one] = outbox.kept(connection)
    assert (one.state, one.attempts) == (State.QUEUED, 0)


def test_an_address_that_smtp_can_not_say_stops_no_other_letter(office: Office, sink: Sink) -> None:
    wait(office.store, letter(1, "cánbộ@cantho.gov.vn"), letter(2))
    report = deliver(office.store, sink.address)
    assert [one.said.partition(":")[0] for one in report.failed] == [
        "'cánbộ@cantho.gov.vn' is no address for SMTP"
    ]
    assert sink.taken == [letter(2).message_id]


@each_store
def test_two_senders_do_not_send_at_once(office: Office, sink: Sink) -> None:
    wait(office.store, letter(1))
    with only_one_sender(office.store), pytest.raises(OtherSenderError):
        deliver(office.store, sink.address)
    assert deliver(office.store, sink.address).counts == {State.SENT: 1}


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_two_homes_that_share_a_store_do_not_send_at_once(office: Office, sink: Sink) -> None:
    wait(office.store, letter(1))
    other = mailaudit.store.open(office.home.with_name("other"), office.url, create=True)
    with only_one_sender(other), pytest.raises(OtherSenderError):
        deliver(office.store, sink.address)


def sender_process(office: Office, server: str, die_at_commit: int = 0) -> BaseProcess:
    """A sender that kills itself in its n-th transaction, when the commit has not been made yet."""

    def run() -> None:
        left, store = [die_at_commit], office.store

        def count_down(_connection: sa.Connection) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(store._engine, "commit", count_down)
        deliver(store, server)

    process = FORK.Process(target=run)
    process.start()
    return process


def test_a_sender_killed_at_any_commit_never_sends_twice_and_loses_nothing_unsaid(
    office: Office, sink: Sink
) -> None:
    letters: dict[str, Notice] = {}
    for number in range(40):
        one = letter(number)
        letters[one.message_id] = one
        wait(office.store, one)
        killed = sender_process(office, sink.address, die_at_commit=number + 1)
        killed.join()
        if killed.exitcode == 0:
            break
        assert killed.exitcode == -signal.SIGKILL
    else:
        pytest.fail("every sender was killed: none got to its end")
    assert number > 4
    report = deliver(office.store, sink.address)
    assert set(Counter(sink.taken).values()) == {1}
    unsure = {one.notice.message_id for one in report.unsure}
    assert letters.keys() == set(sink.taken) | unsure
    assert unsure, "some sender was killed between the server's answer and its note of it"


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "MESSAGE"])
def test_a_sender_killed_while_it_talks_never_sends_twice(office: Office, sink: Sink, stage: str) -> None:
    wait(office.store, letter(1))
    process: list[BaseProcess] = []

    def kill(at: str) -> None:
        if at == stage:
            while not process:
                time.sleep(0.001)
            pid = process[0].pid
            assert pid
            os.kill(pid, signal.SIGKILL)

    sink.before = kill
    process.append(sender_process(office, sink.address))
    process[0].join()
    assert process[0].exitcode == -signal.SIGKILL
    assert states(office.store) == [State.SENDING]
    sink.before = lambda _: None
    report = deliver(office.store, sink.address, NOW + timedelta(days=1))
    assert [one.notice for one in report.unsure] == [letter(1)]
    assert len(sink.taken) == (1 if stage == "MESSAGE" else 0)


class Killed(BaseException):
    """Ends a sender as a kill does: nothing after it is done."""


STAGES = ("MAIL", "RCPT", "MESSAGE")
TROUBLES = st.sampled_from(
    [("reply", stage, said) for stage in STAGES for said in ("451 4.3.0 later", "550 no")]
    + [("hang_up", stage, "") for stage in STAGES]
    + [("die", str(commit), "") for commit in range(1, 21)]  # the first letter's begin with the 9th
    + [("none", "", "")] * 6
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(st.tuples(st.integers(0, 3), TROUBLES), min_size=1, max_size=8))
def test_whatever_happens_in_whatever_order_nothing_is_sent_twice_and_every_state_is_true(
    sink: Sink, tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, tuple[str, str, str]]]
) -> None:
    """Letters, some queued before, and a run of the sender into each trouble, with hours in between."""
    store = mailaudit.store.open(tmp_path_factory.mktemp("home"), create=True)
    sink.taken.clear()
    for hour, (number, trouble) in enumerate(runs):
        with store.recording() as connection:
            outbox.queue(connection, letter(number), NOW)
        run_into(sink, store, trouble, NOW + timedelta(hours=5 * hour))
    taken = Counter(sink.taken)
    assert set(taken.values()) <= {1}
    allowed = {state: {0} for state in State} | {State.SENT: {1}, State.UNSURE: {0, 1}, State.SENDING: {0, 1}}
    with store.recording() as connection:
        for one in outbox.kept(connection):
            assert taken[one.notice.message_id] in allowed[one.state]


def run_into(sink: Sink, store: Store, trouble: tuple[str, str, str], at: datetime) -> None:
    kind, where, said = trouble
    sink.reply = {where: said} if kind == "reply" else {}
    sink.hang_up = where if kind == "hang_up" else ""
    left = [int(where) if kind == "die" else 0]

    def count_down(_connection: sa.Connection) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    sa.event.listen(store._engine, "commit", count_down)
    try:
        with suppress(Killed):
            deliver(store, sink.address, at)
    finally:
        sa.event.remove(store._engine, "commit", count_down)
