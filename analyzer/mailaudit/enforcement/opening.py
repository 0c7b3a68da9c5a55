# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock and the storage that a site file names."""

from pathlib import Path

from mailaudit.enforcement.backend import EnforcementError, Lock, Storage
from mailaudit.enforcement.doveadm import Doveadm
from mailaudit.enforcement.settings import EnforcementSettings, LockKeys
from mailaudit.serverkeys import password
from mailpolicy.files.problems import UnreadableFile


def open(settings: EnforcementSettings, folder: Path) -> tuple[Lock, Storage | None]:  # noqa: A001
    """Return how mailboxes are closed and reclaimed; paths are taken from `folder`. Asks no server yet.

    Raises EnforcementError if a password file can't be read.
    """
    doveadm = Doveadm(settings.doveadm) if settings.doveadm else None
    return _lock(settings.lock, doveadm, folder), _storage(settings, doveadm, folder)


def _lock(settings: LockKeys, doveadm: Doveadm | None, folder: Path) -> Lock:
    if settings.dovecot:
        from mailaudit.enforcement.dovecot import DovecotLock  # noqa: PLC0415  each way loads what it needs

        assert doveadm  # noqa: S101  the settings need it there
        return DovecotLock(folder / settings.dovecot.file, doveadm)
    lock = _elsewhere(settings, folder)
    if doveadm is None:
        return lock
    from mailaudit.enforcement.sessions import EndingSessions  # noqa: PLC0415

    return EndingSessions(lock, doveadm)


def _elsewhere(settings: LockKeys, folder: Path) -> Lock:
    try:
        if settings.sql:
            from mailaudit.enforcement.sql import SqlLock  # noqa: PLC0415

            return SqlLock(settings.sql, password(settings.sql, folder), folder)
        if settings.ldap:
            from mailaudit.enforcement.ldap import LdapLock  # noqa: PLC0415

            return LdapLock(settings.ldap, password(settings.ldap, folder), folder)
    except UnreadableFile as error:
        raise EnforcementError(str(error)) from error
    from mailaudit.enforcement.command import CommandLock  # noqa: PLC0415

    assert settings.command  # noqa: S101  one of them is there
    return CommandLock(settings.command.run, folder)


def _storage(settings: EnforcementSettings, doveadm: Doveadm | None, folder: Path) -> Storage | None:
    if settings.storage is None:
        return None
    from mailaudit.enforcement.storage import DovecotStorage  # noqa: PLC0415

    assert doveadm  # noqa: S101  the settings need it there
    return DovecotStorage(doveadm, folder / settings.storage.archive)
