# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes expressions on a Spark cluster, whose workers read the logs themselves."""

import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import pyarrow as pa
from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.storagelevel import StorageLevel

from mailaudit.engine import Query
from mailaudit.logs.functions import Expression
from mailaudit.logs.reading import lines_of
from mailaudit.spark import SparkError
from mailaudit.spark.counterparts import add_functions, for_spark

CONNECT_SECONDS = 10
LINES = "source INT, position BIGINT, time TIMESTAMP_NTZ, rest INT, line STRING"
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.app.name": "mailaudit",
    "spark.sql.session.timeZone": "UTC",
    "spark.executor.extraJavaOptions": "-Xss64m",  # Java's patterns go deep in a line of 64 KiB
    "spark.log.level": "ERROR",
    "spark.sql.codegen.wholeStage": "false",  # what it would generate is longer than Java allows
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class SparkEngine:
    """A session on a cluster, by its master's URL. A context manager.

    Raises SparkError if it can't be had. Paths must lead to the same files on every worker, and mailaudit
    must be installed there; PYSPARK_PYTHON names its interpreter, if it is not at this one's path.
    """

    def __init__(self, master: str) -> None:
        _check_java()
        _check_reachable(master)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._master = master
        with self._told():
            self._session = SparkSession.builder.master(master).config(map=SETTINGS).getOrCreate()
        add_functions(self._session)
        self._backend = ibis.pyspark.connect(self._session)

    def __enter__(self) -> "SparkEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.stop()

    def load_logs(self, name: str, logs: Sequence[Path]) -> None:
        """Make the lines of logs, numbered from 1, known by a name; each log is one task's."""
        numbered = [(number, str(path)) for number, path in enumerate(logs, start=1)]
        paths = self._session.createDataFrame(numbered, "source INT, path STRING")
        parts = paths.repartitionByRange(len(numbered), "source")
        parts.mapInArrow(_read_logs, LINES).createOrReplaceTempView(name)

    def query(self, expression: Expression) -> Query:
        """Put an expression into Spark's words."""
        return Query(self._backend.compile(for_spark(expression)))

    def keep(self, name: str, query: Query) -> None:
        """Compute a query once it is asked for, and keep its rows under a name."""
        found = self._session.sql(query).persist(StorageLevel.MEMORY_AND_DISK)
        found.createOrReplaceTempView(name)

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Compute a query and return its rows."""
        with self._told():
            return [tuple(row) for row in self._session.sql(query).collect()]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Make a SparkError of what a worker or the cluster says."""
        try:
            yield
        except (PySparkException, Py4JError) as error:
            said = str(error)
            unreadable = re.search(r"UnreadableError: (.+)", said)
            why = unreadable[1] if unreadable else f"{self._master}: {said.splitlines()[0]}"
            raise SparkError(why) from error


def _read_logs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a worker does: cut logs into lines, with the same code as without a cluster."""
    for batch in batches:
        for row in batch.to_pylist():
            yield from lines_of(Path(row["path"]), row["source"], Path(tempfile.gettempdir()))


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (home and (Path(home) / "bin/java").exists()) and not shutil.which("java"):
        raise SparkError("Spark needs Java 17 or later; there is no JAVA_HOME here and no java in PATH")


def _check_reachable(master: str) -> None:
    """Raise SparkError unless one of the masters answers: Spark itself would try for a minute or more."""
    why = "expected spark://HOST:PORT"
    for server in master.removeprefix("spark://").split(","):
        try:
            address = urlsplit(f"//{server}")
            host, port = address.hostname, address.port
            if host and port:
                socket.create_connection((host, port), CONNECT_SECONDS).close()
                return
        except (OSError, ValueError) as error:
            why = str(error)
    raise SparkError(f"{master}: {why}")
