# SPDX-License-Identifier: GPL-3.0-or-later
"""What people say and do about a mailbox. All of it is recorded, with who and when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from mailaudit.notices.matter import Matter, Occasion
from mailaudit.record import entries
from mailaudit.record.operator import now, operator
from mailaudit.store import Store
from mailaudit.sweep.carry import Servers
from mailaudit.sweep.here import Here
from mailaudit.sweep.letters import Letters, queue
from mailaudit.sweep.undo import lock_of
from mailpolicy.clocks.password_age import unlock_from
from mailpolicy.clocks.record import Entry, Event
from mailpolicy.clocks.standing import IDLE, REVOKED, Lock
from mailpolicy.directory import Mailbox
from mailpolicy.officetime import office_day
from mailpolicy.parameters import PasswordAge

VIOLATIONS = "violations"
OCCASIONS = {
    Event.UNLOCKED: Occasion.UNLOCKED,
    Event.RESTORED: Occasion.RESTORED,
    Event.REVOKED: Occasion.REVOKED,
}
"""What is told of what people do; of what they say nobody is told."""


class NotNowError(Exception):
    """What was asked for can't be done, or not yet; the text says why and from when on."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done about one mailbox. `servers` is None where none is asked."""

    here: Here
    mailbox: Mailbox
    letters: Letters
    servers: Servers | None = None

    @property
    def _store(self) -> Store:
        return self.here.store

    def confirm(self, reason: str) -> list[Entry]:
        """Record that its agency says it is needed; what lay idle and was locked is opened again."""
        said = self._entry(Event.CONFIRMED, reason=reason)
        lock = lock_of(self._store, self.mailbox.address)
        if lock is None or lock.code != IDLE:
            return self._record(said)
        self._need().lock.unlock(self.mailbox.address)
        opened = self._entry(Event.UNLOCKED, lock.code, lock.article, reason)
        return self._record(said, opened)

    def excuse(self, until: date, reason: str) -> list[Entry]:
        """Record an absence until a day, which is included; the last one said counts."""
        return self._record(replace(self._entry(Event.EXCUSED, reason=reason), until=until))

    def judge_serious(self, reason: str) -> list[Entry]:
        """Record that people judge its violations to be serious (row 22): the next plan suspends it."""
        duty = self.here.regulation.duty(VIOLATIONS)
        if duty is None:
            raise NotNowError("the regulation says nothing of violations")
        return self._record(self._entry(Event.SERIOUS, duty.code, duty.article, reason))

    def unlock(self, request: str) -> list[Entry]:
        """Open it on a request. Raises NotNowError if it is not locked, or the article has it stay so yet."""
        lock = lock_of(self._store, self.mailbox.address)
        servers = self._need()
        if lock is None and self.mailbox.address not in servers.lock.locked():
            raise NotNowError("no lock of it is recorded, and the server does not keep it closed")
        day = self._opens_on(lock) if lock else None
        if lock and day and day > office_day(now()):
            wait = f"requests are dealt with from {day} on"
            raise NotNowError(f"locked on {lock.day} under {lock.article}; {wait}")
        servers.lock.unlock(self.mailbox.address)
        code, article = (lock.code, lock.article) if lock else ("", "")
        return self._record(self._entry(Event.UNLOCKED, code, article, request))

    def revoke(self, reason: str) -> list[Entry]:
        """Close it at once (row 27), whatever any plan says."""
        duty = self.here.regulation.duty(REVOKED)
        self._need().lock.lock(self.mailbox.address, reason)
        return self._record(self._entry(Event.REVOKED, REVOKED, duty.article if duty else "", reason))

    def restore(self, archive: Path | None, reason: str) -> tuple[int, list[Entry]]:
        """Bring a reclaimed mailbox's mail back and open it; return how many messages came.

        Without an archive it is the one of the last time it was reclaimed. Raises NotNowError.
        """
        kept = [one for one in entries.of_mailbox(self._store, self.mailbox.address) if one.archive]
        folder = archive or (Path(kept[-1].archive) if kept else None)
        if folder is None:
            raise NotNowError("it was never reclaimed by the record; --archive names a folder")
        servers = self._need()
        if servers.storage is None:
            raise NotNowError("the site file has no table [audit.enforcement.storage]")
        messages = servers.storage.restore(folder, self.mailbox.address)
        servers.lock.unlock(self.mailbox.address)
        entry = replace(self._entry(Event.RESTORED, reason=reason), archive=str(folder))
        return messages, self._record(entry)

    def _need(self) -> Servers:
        if self.servers is None:
            raise NotNowError("the site file has no table [audit.enforcement], which says how it is done")
        return self.servers

    def _opens_on(self, lock: Entry) -> date | None:
        """The first day on which a request to open it is dealt with (HCM 8.3b), None: any."""
        duty = self.here.regulation.duty(lock.code)
        if duty is None or not isinstance(duty.parameters, PasswordAge) or lock.event is Event.REVOKED:
            return None
        return unlock_from(Lock(lock.day, lock.code, lock.day), duty.parameters)

    def _entry(self, event: Event, code: str = "", article: str = "", reason: str = "") -> Entry:
        time = now()
        return Entry(self.mailbox.address, event, time, office_day(time), code, article, operator(), reason)

    def _record(self, *made: Entry) -> list[Entry]:
        """Record, and queue the letters that tell of it, in one transaction."""
        letters = [
            one for entry in made if (matter := self._matter(entry)) for one in self.letters.of(*matter)
        ]
        with self._store.recording() as connection:
            for entry in made:
                entries.write(connection, entry)
            queue(connection, letters, made[0].time)
        return list(made)

    def _matter(self, entry: Entry) -> tuple[Matter, datetime] | None:
        occasion = OCCASIONS.get(entry.event)
        if occasion is None:
            return None
        key = f"{entry.mailbox}|{entry.event}|{entry.time.isoformat()}"
        matter = Matter(
            key, occasion, self.mailbox, entry.day, entry.code, entry.article, reason=entry.reason
        )
        return matter, entry.time
