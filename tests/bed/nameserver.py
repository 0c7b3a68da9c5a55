# SPDX-License-Identifier: GPL-3.0-or-later
"""A private name server (NSD) on a loopback port, and servers that do not answer as one should."""

import socket
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import dns.message
import dns.query

from bed.process import BedError, Processes, wait_for

NSD = "/usr/sbin/nsd"
_HEAD = """\
$TTL 300
@ SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
@ NS ns.example.org.
"""
_CONFIG = """\
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  pidfile: ""
  database: ""
  hide-version: yes
remote-control:
  control-enable: no
"""
STRING = 255  # bytes of one string of a TXT record


class NameServer:
    """Serves these zones: lines of a zone file by domain. One with None as its lines answers SERVFAIL."""

    def __init__(self, zones: Mapping[str, Iterable[str] | None]) -> None:
        self._zones = zones
        self.port = _free_port()

    @property
    def address(self) -> str:
        """Where it listens, as the site file writes it."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        if not Path(NSD).exists():
            raise BedError("Debian package nsd is not installed")
        self.folder = Path(tempfile.mkdtemp(prefix="postwarden-nsd-", dir="/tmp"))
        config = _CONFIG.format(port=self.port, folder=self.folder)
        for domain, lines in self._zones.items():
            config += f'zone:\n  name: "{domain}"\n  zonefile: "{domain}.zone"\n'
            if lines is not None:
                text = _HEAD + "\n".join(lines) + "\n"
                (self.folder / f"{domain}.zone").write_text(text, encoding="ascii")
        (self.folder / "nsd.conf").write_text(config, encoding="utf-8")
        self._processes = Processes(self.folder)
        printed = self.folder / "printed"
        self._processes.start("nsd", [NSD, "-d", "-c", str(self.folder / "nsd.conf")], printed)
        try:
            wait_for(self._answers, 10, "NSD to answer")
        except BedError as failure:
            said = printed.read_text(encoding="utf-8", errors="replace")
            self.__exit__()
            raise BedError(f"{failure}\n{said}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.end()

    def _answers(self) -> bool:
        question = dns.message.make_query(next(iter(self._zones)), "SOA")
        try:
            dns.query.udp(question, "127.0.0.1", port=self.port, timeout=0.2)
        except (dns.exception.Timeout, OSError):
            return False
        return True


class SilentServer:
    """Takes questions and never answers."""

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def address(self) -> str:
        """Where it listens, as the site file writes it."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"


def txt(name: str, value: str) -> str:
    """A TXT record in a zone file; a long value becomes several strings."""
    pieces = [f'"{value[at : at + STRING]}"' for at in range(0, len(value), STRING)]
    return f"{name} TXT {' '.join(pieces)}"


def _free_port() -> int:
    """A port that is free for both UDP and TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            port: int = udp.getsockname()[1]
            try:
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
