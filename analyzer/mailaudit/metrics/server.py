# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server that answers one scraper after another."""

import socket
from http.server import HTTPServer
from ipaddress import ip_address
from socketserver import TCPServer

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import MetricsHandler

PATIENCE = 5  # seconds a scraper may take to say what it wants


class BadAddressError(ValueError):
    """What was given is not an IP address and a port."""


def open_server(registry: CollectorRegistry, listen: str) -> HTTPServer:
    """Open the server at `127.0.0.1:9109` or `[::1]:9109`. Raises BadAddressError, or OSError."""
    host, _, port = listen.rpartition(":")
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]"))
        number = int(port)
    except ValueError as error:
        raise BadAddressError(f'"{listen}"; expected an IP address and a port, as 127.0.0.1:9109') from error
    server = _Server6 if address.version == 6 else _Server
    return server((str(address), number), _Scrape.factory(registry))


class _Scrape(MetricsHandler):
    timeout = PATIENCE

    def log_message(self, *_: object) -> None:
        """Say nothing of each scrape."""


class _Server(HTTPServer):
    def server_bind(self) -> None:
        """Bind without asking a name server for this host's name, as HTTPServer does."""
        TCPServer.server_bind(self)


class _Server6(_Server):
    address_family = socket.AF_INET6
