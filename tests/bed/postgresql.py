# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PostgreSQL on 127.0.0.1, with one user who needs a password."""

import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from bed.ports import free_port
from bed.process import BedError, Processes, wait_for

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql/none/bin"))
OWNER = "postgres"  # of Debian's package: PostgreSQL does not start as root
USER, PASSWORD = "office", "Mua-dong-4"


class Postgresql:
    """A server with one database, `staff`, which belongs to USER. A context manager."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="postwarden-postgresql-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._processes = Processes(self._folder)

    @property
    def url(self) -> str:
        """The database, for SQLAlchemy, without the password."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/staff"

    @property
    def url_with_password(self) -> str:
        """The same, with the password."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/staff"

    def run(self, *statements: str) -> None:
        """Run statements as the owner of the database."""
        with psycopg.connect(self._conninfo("staff")) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def __enter__(self) -> Self:
        try:
            self._make()
            settings = f"port={self.port} listen_addresses=127.0.0.1 unix_socket_directories= fsync=off"
            options = [part for setting in settings.split() for part in ("-c", setting)]
            self._processes.start(
                "postgresql", self._as_owner("postgres", "-D", self._data, *options), self._log
            )
            wait_for(self._answers, 20, "PostgreSQL to answer")
            with psycopg.connect(self._conninfo("template1"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE staff")
        except BaseException:
            self._processes.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.end()

    def _make(self) -> None:
        self._data.mkdir(mode=0o700)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(self._data, owner.pw_uid, owner.pw_gid)
        command = self._as_owner(
            "initdb", "-D", self._data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}",
            "--no-sync", "--no-locale", "--encoding=UTF8",
        )  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise BedError(f"initdb: {done.stderr}")

    @staticmethod
    def _as_owner(program: str, *arguments: object) -> list[str]:
        command = [str(PROGRAMS / program), *map(str, arguments)]
        if os.geteuid():
            return command
        return ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", "--", *command]

    def _conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} password={PASSWORD} dbname={database}"

    def _answers(self) -> bool:
        if not self._processes.alive("postgresql"):
            raise BedError(f"PostgreSQL ended: {self._log.read_text()}")
        try:
            psycopg.connect(self._conninfo("template1")).close()
        except psycopg.OperationalError:
            return False
        return True
