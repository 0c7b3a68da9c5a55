# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the letters that wait, each at most once, whenever and however a sender is killed.

That a letter is about to be sent is on the disk before the mail server hears of it. Whoever finds it like
that later can't tell whether it was taken: it is sent again only if somebody asks for that.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailaudit.notices import outbox
from mailaudit.notices.mailserver import Answer, Fate, MailServer, UnreachableError
from mailaudit.notices.onesender import only_one_sender
from mailaudit.notices.outbox import Kept, State
from mailaudit.notices.settings import NoticeSettings
from mailaudit.store import Store

Clock = Callable[[], datetime]
Taken = Callable[[str], str | None]
"""Looks in the logs for a Message-ID: what proves that the mail server took it, or None."""
Counting = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""Given how many letters are due, what shows how many were tried; it is called after each."""
CUT_OFF = "a sender was cut off while it talked to the mail server"


@dataclass(slots=True)
class Report:
    """What one run did. `counts` are letters by what became of them in this run, those put off as `queued`.

    `unsure` and `failed` are all that are so now, also from earlier runs. `error` says why the run ended
    before all was tried, or "".
    """

    counts: Counter[State] = field(default_factory=Counter)
    settled: int = 0
    unsure: list[Kept] = field(default_factory=list)
    failed: list[Kept] = field(default_factory=list)
    waiting: int = 0
    error: str = ""

    @property
    def all_is_well(self) -> bool:
        """Whether nothing waits, failed or is unsure."""
        return not (self.error or self.unsure or self.failed or self.waiting)


def _in_silence(_: int) -> AbstractContextManager[Callable[[], None]]:
    return nullcontext(lambda: None)


def send(
    store: Store,
    settings: NoticeSettings,
    taken: Taken,
    clock: Clock | None = None,
    counting: Counting = _in_silence,
) -> Report:
    """Send every letter whose time has come. Raises OtherSenderError, StoreError."""
    now = clock or (lambda: datetime.now(UTC))
    report = Report()
    with only_one_sender(store):
        _note_cut_off(store, now())
        report.settled = settle(store, taken, now())
        try:
            _send_due(store, settings, report, now, counting)
        except UnreachableError as error:
            report.error = str(error)
    with store.recording() as connection:
        report.unsure = outbox.kept(connection, states=[State.UNSURE])
        report.failed = outbox.kept(connection, states=[State.FAILED])
        report.waiting = len(outbox.kept(connection, states=[State.QUEUED]))
    return report


def settle(store: Store, taken: Taken, now: datetime) -> int:
    """Mark as sent what the logs prove was taken; return how many letters that were unsure."""
    with store.recording() as connection:
        unsure = outbox.kept(connection, states=[State.UNSURE])
    proven = [(one.notice, proof) for one in unsure if (proof := taken(one.notice.message_id))]
    with store.recording() as connection:
        return sum(
            outbox.change(connection, notice, State.UNSURE, State.SENT, said=proof, now=now)
            for notice, proof in proven
        )


def _note_cut_off(store: Store, now: datetime) -> None:
    """While this process alone sends, whatever is `sending` was left so by one that died."""
    with store.recording() as connection:
        for one in outbox.kept(connection, states=[State.SENDING]):
            outbox.change(connection, one.notice, State.SENDING, State.UNSURE, said=CUT_OFF, now=now)


def _send_due(store: Store, settings: NoticeSettings, report: Report, now: Clock, counting: Counting) -> None:
    with store.recording() as connection:
        due = outbox.due(connection, now())
    if not due:
        return
    with MailServer(*settings.host_and_port) as server, counting(len(due)) as one_more:
        for one in due:
            answer = _send_one(store, server, one, report, now)
            one_more()
            if answer and answer.closed:
                report.error = answer.said
                return


def _send_one(store: Store, server: MailServer, one: Kept, report: Report, now: Clock) -> Answer | None:
    """Claim a letter, send it, and note its fate; None if it was claimed by somebody else."""
    with store.recording() as connection:
        if not outbox.change(connection, one.notice, State.QUEUED, State.SENDING, said="", now=now()):
            return None
    answer = server.send(one.notice)
    state = _STATES[answer.fate]
    with store.recording() as connection:
        if state is State.QUEUED:
            outbox.put_off(connection, one.notice, answer.said, now())
        else:
            outbox.change(connection, one.notice, State.SENDING, state, said=answer.said, now=now())
    report.counts[state] += 1
    return answer


_STATES = {
    Fate.TAKEN: State.SENT,
    Fate.LATER: State.QUEUED,
    Fate.NEVER: State.FAILED,
    Fate.UNKNOWN: State.UNSURE,
}
