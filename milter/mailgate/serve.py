# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate serve`: everything is opened, or every mistake is named; then the keeper runs."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path

from mailgate import libmilter, listen, metrics
from mailgate.accounts import Accounts
from mailgate.config import GateSettings
from mailgate.inforce import InForce
from mailgate.keeper import Keeper
from mailgate.loader import Loader, summary
from mailgate.loading import Loaded
from mailpolicy.files.problems import Problems

FREE = "an address that can be had and that nobody listens at"


def serve(site: Path, say: Callable[[str], None]) -> None:
    """Serve as the site file says until SIGTERM or SIGINT, then drain; it may change meanwhile.

    `say` gets one line when all is ready, and one for each change that is put in force or refused. Raises
    BadFile with every mistake in the file, or with everything that can't be opened.
    """
    with tempfile.TemporaryDirectory(prefix="mailgate-") as folder, _kept(folder):
        loader = Loader(site, Path(folder))
        _serve(loader, loader.begin(), Path(folder), Problems(str(site)), say)


def _serve(
    loader: Loader, loaded: Loaded, folder: Path, problems: Problems, say: Callable[[str], None]
) -> None:
    settings = loaded.settings
    counts = metrics.Metrics(folder)
    address = listen.parse(settings.listen)
    with _noted("log", settings.log, "a file that can be appended to", problems):
        accounts = Accounts(settings.log, counts)
    with _noted("metrics", settings.metrics, FREE, problems):
        scraped = _scraped(settings, folder)
    with _noted("listen", settings.listen, FREE, problems):
        claimed = address.claim()
    problems.raise_if_any()
    loader.publish_first(accounts, say)
    door = libmilter.Door(InForce(folder), accounts)
    with _noted("listen", settings.listen, FREE, problems):
        listener = libmilter.open_listener(door, claimed)
        address.publish()
    problems.raise_if_any()
    try:
        keeper = Keeper(door, loader, listener, settings.workers, scraped)
        keeper.run(lambda: _ready(loaded, say))
    finally:
        address.retire()


@contextmanager
def _kept(folder: str) -> Iterator[None]:
    """Hold a lock on the folder, so that systemd-tmpfiles(8) leaves its files alone however old they are."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_SH)
        yield
    finally:
        os.close(number)


@contextmanager
def _noted(key: str, value: str, expected: str, problems: Problems) -> Iterator[None]:
    """Note an OSError as a problem with this setting, and go on."""
    try:
        yield
    except OSError as error:
        problems.add(f"gate.{key}", f'"{value}" can\'t be used ({error.strerror or error})', expected)


def _scraped(settings: GateSettings, folder: Path) -> HTTPServer:
    address = listen.parse_host_port(settings.metrics)
    return metrics.open_server(folder, address.host, address.port)


def _ready(loaded: Loaded, say: Callable[[str], None]) -> None:
    settings = loaded.settings
    say(f"mailgate: ready at {settings.listen}, {settings.workers} workers, {summary(loaded.policy)}")
    if notified := os.environ.get("NOTIFY_SOCKET"):  # sd_notify(3)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
            supervisor.connect("\0" + notified[1:] if notified.startswith("@") else notified)
            supervisor.send(b"READY=1")
