# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate serve`: everything is opened, or every mistake is named; then the keeper runs."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from typing import cast

from mailgate import libmilter, listen, metrics
from mailgate.accounts import Accounts
from mailgate.config import GateSettings
from mailgate.workers import Keeper
from mailpolicy.files.problems import Problems
from mailpolicy.judge import Policy
from mailpolicy.site import load_site
from mailpolicy.verdict import Mode

FREE = "an address that can be had and that nobody listens at"


def serve(site: Path, say: Callable[[str], None]) -> None:
    """Serve as the site file says until SIGTERM, SIGINT or SIGHUP, then drain.

    `say` gets one line when all is ready. Raises BadFile with every mistake in the file, or with everything
    that can't be opened.
    """
    loaded = load_site(site, sections={"gate": GateSettings})
    settings = cast(GateSettings, loaded.sections["gate"])
    with tempfile.TemporaryDirectory(prefix="mailgate-") as folder:
        _serve(Policy.of(loaded.site), settings, Path(folder), Problems(str(site)), say)


def _serve(
    policy: Policy, settings: GateSettings, folder: Path, problems: Problems, say: Callable[[str], None]
) -> None:
    counts = metrics.Metrics(folder)
    address = listen.parse(settings.listen)
    with _noted("log", settings.log, "a file that can be appended to", problems):
        accounts = Accounts(settings.log, counts)
    with _noted("metrics", settings.metrics, FREE, problems):
        scraped = _scraped(settings, folder)
    with _noted("listen", settings.listen, FREE, problems):
        claimed = address.claim()
    problems.raise_if_any()
    door = libmilter.Door(policy, accounts)
    with _noted("listen", settings.listen, FREE, problems):
        listener = libmilter.open_listener(door, claimed)
        address.publish()
    problems.raise_if_any()
    try:
        keeper = Keeper(door, accounts, listener, settings.workers, scraped)
        keeper.run(lambda: _ready(policy, settings, say))
    finally:
        address.retire()


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


def _ready(policy: Policy, settings: GateSettings, say: Callable[[str], None]) -> None:
    enforced = [charge.duty.code for charge in policy.charges if charge.mode is Mode.ENFORCE]
    say(
        f"mailgate: ready at {settings.listen}, {settings.workers} workers, {policy.regulation.name}, "
        f"enforced: {', '.join(enforced) or 'nothing'}"
    )
    if notified := os.environ.get("NOTIFY_SOCKET"):  # sd_notify(3)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
            supervisor.connect("\0" + notified[1:] if notified.startswith("@") else notified)
            supervisor.send(b"READY=1")
