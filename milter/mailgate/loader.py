# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts in force what the site file and the snapshot say, at the start and whenever they change.

It runs in a process of its own: whatever is wrong with a file, the workers go on with what they have.
"""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mailgate.accounts import Accounts
from mailgate.inforce import Published, local_day, publish
from mailgate.loading import Loaded, load_checked, sources
from mailgate.snapshot import Snapshot
from mailgate.watch import Watch
from mailpolicy.files.problems import BadFile, Problem
from mailpolicy.judge import Policy
from mailpolicy.verdict import Mode

LOOK_SECONDS = 1.0  # a changed file is read when it has rested so long
RELOAD, SNAPSHOT = "reload", "snapshot"
"""The names under which alarms are written."""
FIXED = ("listen", "workers", "metrics", "log")
"""Settings that hold as long as the gate runs."""


class Loader:
    """Watches the site file, what it names, and the snapshot; publishes them in `folder`."""

    def __init__(self, site: Path, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self._config = Watch(sources(site))
        self._directory = Watch()
        self._copies = 0

    def begin(self) -> Loaded:
        """Read everything for the first time. Raises BadFile with every mistake."""
        self._config.note()
        self._started = load_checked(self._site, local_day())
        self._published = Published(self._started)
        return self._started

    def publish_first(self, accounts: Accounts, say: Callable[[str], None]) -> None:
        """Put in force what was read first, with the snapshot if it is there. Raises OSError."""
        self._accounts, self._say = accounts, say
        if self._snapshot_is_due(told=True):
            self._take_snapshot()
        publish(self._folder, self._published)

    def run(self, keeper: int) -> None:
        """Watch while the process `keeper` lives and is the parent of this one; on SIGHUP read all anew."""
        while os.getppid() == keeper:
            told = signal.sigtimedwait({signal.SIGHUP}, LOOK_SECONDS) is not None
            self._accounts.record.follow()
            self.look(told=told)

    def look(self, *, told: bool) -> None:
        """Read again what has changed, the site file in any case if it was `told` to, and publish it."""
        reloaded = (told or self._config.due()) and self._reload()
        renewed = self._snapshot_is_due(told=told) and self._take_snapshot()
        if not (reloaded or renewed):
            return
        try:
            publish(self._folder, self._published)
        except OSError as error:
            self._accounts.metrics.config_refused()
            self._alarm(RELOAD, f"{error.filename}: can't be written ({error.strerror}); nothing changes")
            return
        if reloaded:
            self._accounts.metrics.config_loaded()
            self._say(f"mailgate: reloaded, {summary(self._published.loaded.policy)}")

    def _reload(self) -> bool:
        """Read the site file. False: it has mistakes, and the one before stays in force."""
        self._config.files = sources(self._site)
        self._config.note()
        mistakes: tuple[Problem, ...] = ()
        try:
            loaded = load_checked(self._site, local_day())
        except BadFile as bad:
            mistakes = bad.problems
        if self._config.changed():  # it was read while it was written: once more, when it rests
            return False
        if mistakes:
            self._accounts.metrics.config_refused()
            for problem in mistakes:
                self._alarm(RELOAD, str(problem))
            return False
        self._note_fixed(loaded)
        self._published = replace(self._published, loaded=loaded)
        return True

    def _note_fixed(self, loaded: Loaded) -> None:
        for name in FIXED:
            before, now = getattr(self._started.settings, name), getattr(loaded.settings, name)
            if now != before:
                self._alarm(RELOAD, f"{self._site}: gate.{name}: takes a restart; until then it is {before}")

    def _snapshot_is_due(self, *, told: bool) -> bool:
        setting = self._published.loaded.settings.snapshot
        files = (Path(setting),) if setting else ()
        moved, self._directory.files = files != self._directory.files, files
        return moved or (self._directory.changed() if told else self._directory.due())

    def _take_snapshot(self) -> bool:
        """Take the snapshot, or none where none is set. False: it is bad, and the last stays in force."""
        self._directory.note()
        if not self._directory.files:
            self._published = replace(self._published, snapshot=None)
            self._accounts.metrics.no_snapshot()
            return True
        copy = self._copied(*self._directory.files)
        if copy:
            self._published = replace(self._published, snapshot=copy)
        return copy is not None

    def _copied(self, source: Path) -> Path | None:
        """Copy it, so that nobody writes to what the workers map, and check the copy."""
        self._copies += 1
        copy = self._folder / f"{SNAPSHOT}-{os.getpid()}-{self._copies}"  # never to a file that is mapped
        try:
            shutil.copyfile(source, copy)
            snapshot = Snapshot.open(copy)
        except (OSError, BadFile) as error:
            copy.unlink(missing_ok=True)
            self._accounts.metrics.snapshot_refused()
            self._alarm(SNAPSHOT, _why(source, copy, error))
            return None
        for older in set(self._folder.glob(f"{SNAPSHOT}-*")) - {copy, self._published.snapshot}:
            older.unlink()  # the last one stays: a worker may be about to open it
        self._accounts.metrics.snapshot(snapshot.made_at, snapshot.count)
        return copy

    def _alarm(self, code: str, text: str) -> None:
        self._accounts.record.alarm(code, text)
        self._say(f"mailgate: {code}: {text}")


def _why(source: Path, copy: Path, error: OSError | BadFile) -> str:
    if isinstance(error, BadFile):
        return str(error).replace(str(copy), str(source))
    return f"{source}: can't be read ({error.strerror or error})"


def summary(policy: Policy) -> str:
    """Return in a line which regulation it is and what is enforced, now and from when."""
    today = policy.on(local_day())
    enforced = [charge.duty.code for charge in today.charges if charge.mode is Mode.ENFORCE]
    dated = [
        f"{charge.duty.code} from {charge.enforce_from}"
        for charge in today.charges
        if charge.enforce_from and charge.mode is Mode.OBSERVE
    ]
    later = f"; to be enforced: {', '.join(dated)}" if dated else ""
    return f"{policy.regulation.name}, enforced: {', '.join(enforced) or 'nothing'}{later}"
