# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the gate listens: addresses as libmilter writes them, and finding out whether one can be had."""

import errno
import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

EXPECTED = 'an address, as in "inet:8891@127.0.0.1", "inet6:8891@::1" or "unix:/run/postwarden/gate"'
LONGEST = 100  # bytes of a socket's path: Linux takes 107, and a new socket has a longer name for a moment
SOCKET_MODE = 0o660  # Postfix must be in the socket's group


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """An IP address and a port."""

    host: str
    port: int

    @property
    def family(self) -> socket.AddressFamily:
        """AF_INET or AF_INET6."""
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    def __str__(self) -> str:
        return f"inet6:{self.port}@[{self.host}]" if ":" in self.host else f"inet:{self.port}@{self.host}"

    def claim(self) -> str:
        """See that nobody listens here, and return the address for libmilter. Raises OSError."""
        with socket.socket(self.family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((self.host, self.port))
        return str(self)

    def publish(self) -> None:
        """Nothing is left to do: the socket is where clients look for it."""

    def retire(self) -> None:
        """Nothing is left behind."""


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A socket in the file system."""

    path: str

    def __str__(self) -> str:
        return f"unix:{self.path}"

    @property
    def _new(self) -> str:
        return self.path + ".new"

    def claim(self) -> str:
        """See that no gate is alive here, and return a name beside it for libmilter. Raises OSError.

        A socket that a dead gate left is replaced in one step by `publish`. A worker's libmilter that is told
        to stop removes the name it knows; that shall not be the one Postfix uses.
        """
        if _answers(self.path):
            raise OSError(errno.EADDRINUSE, "another process listens there")
        if Path(self.path).exists() and not Path(self.path).is_socket():
            raise OSError(errno.EEXIST, "there is a file of that name that is not a socket")
        Path(self._new).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(self._new)
        Path(self._new).unlink()
        return f"unix:{self._new}"

    def publish(self) -> None:
        """Let Postfix find the socket."""
        Path(self._new).chmod(SOCKET_MODE)
        Path(self._new).replace(self.path)

    def retire(self) -> None:
        """Remove the socket."""
        Path(self.path).unlink(missing_ok=True)


Address = TcpAddress | UnixAddress


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def parse(text: str) -> Address:
    """Read an address as libmilter and Sendmail write it. Raises ValueError."""
    kind, _, rest = text.partition(":")
    if kind in ("unix", "local"):
        if not rest.startswith("/") or len(os.fsencode(rest)) > LONGEST:
            raise ValueError(f"not a path from the root of at most {LONGEST} bytes")
        return UnixAddress(rest)
    port, _, host = rest.partition("@")
    versions = {"inet": 4, "inet6": 6}
    if kind not in versions:
        raise ValueError("no such kind of address")
    return tcp_address(host.removeprefix("[").removesuffix("]"), port, versions[kind])


def parse_host_port(text: str) -> TcpAddress:
    """Read `127.0.0.1:9108` or `[::1]:9108`. Raises ValueError."""
    host, _, port = text.rpartition(":")
    return tcp_address(host.removeprefix("[").removesuffix("]"), port)


def tcp_address(host: str, port: str, version: int | None = None) -> TcpAddress:
    """Check an IP address, of that version if one is given, and a port. Raises ValueError."""
    address = ip_address(host)
    if version not in (None, address.version):
        raise ValueError(f"not an IPv{version} address")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("not a port from 1 to 65535")
    return TcpAddress(str(address), int(port))
