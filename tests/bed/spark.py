# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Spark cluster on 127.0.0.1: a master and a worker, as processes of their own."""

import shutil
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import pyspark

from bed.ports import free_port
from bed.process import BedError, Processes, wait_for

HOME = Path(pyspark.__file__).parent
CORES, MEMORY = 2, "1g"  # what Spark asks for by default
QUICK = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""For Java: what runs once is not worth optimising. It takes a third of the processor time then."""


class SparkCluster:
    """A master with one worker. A context manager; `url` is the master's."""

    def __init__(self) -> None:
        self._port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="postwarden-spark-"))
        self._processes = Processes(self._folder)

    @property
    def url(self) -> str:
        """What `--engine` takes."""
        return f"spark://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        try:
            self._start("master", "master.Master", "--port", self._port, "--webui-port", free_port())
            wait_for(self._answers, 60, "Spark's master to answer")
            self._start(
                "worker", "worker.Worker", "--webui-port", free_port(), "--cores", CORES, "--memory", MEMORY,
                "--work-dir", self._folder / "work", self.url,
            )  # fmt: skip
            wait_for(self._registered, 60, "Spark's worker to register")
        except BaseException:
            self._processes.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.end()

    def _start(self, name: str, program: str, *options: object) -> None:
        java = shutil.which("java") or "java"
        command = [java, "-cp", f"{HOME}/jars/*", "-Xmx256m", f"-Djava.io.tmpdir={self._folder}"]
        command += [f"org.apache.spark.deploy.{program}", "--host", "127.0.0.1", *map(str, options)]
        environment = {
            "SPARK_HOME": HOME,
            "SPARK_SCALA_VERSION": "2.13",  # else it looks for the folders of a build of Spark
            "SPARK_LOCAL_DIRS": self._folder,
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        settings = [f"{variable}={value}" for variable, value in environment.items()]
        self._processes.start(name, ["/usr/bin/env", *settings, *command], self._log(name))

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _answers(self) -> bool:
        if not self._processes.alive("master"):
            raise BedError(f"Spark's master ended: {self._log('master').read_text()[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True

    def _registered(self) -> bool:
        if not self._processes.alive("worker"):
            raise BedError(f"Spark's worker ended: {self._log('worker').read_text()[-2000:]}")
        return "Registering worker" in self._log("master").read_text()
