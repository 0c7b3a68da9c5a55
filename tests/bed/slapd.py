# SPDX-License-Identifier: GPL-3.0-or-later
"""A private OpenLDAP server on 127.0.0.1, with a certificate of its own."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import ldap3  # type: ignore[import-untyped]

from bed.ports import free_ports
from bed.process import BedError, Processes, wait_for

SUFFIX = "dc=example,dc=org"
MANAGER, READER = f"cn=manager,{SUFFIX}", f"cn=reader,{SUFFIX}"
PASSWORD, READERS_PASSWORD = "Mua-mua-5", "Mua-kho-6"
LIMIT = 40  # entries that an anonymous reader may have
RELAX = ("1.3.6.1.4.1.4203.666.5.12", True, None)  # lets the manager set what the server sets by itself

_CONFIG = """
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/certificate.pem
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{suffix}"
rootdn "{manager}"
rootpw "{password}"
directory {folder}/data
maxsize 67108864
dbnosync
limits anonymous size={limit}
limits dn.exact="{reader}" size.soft=20 size.hard=unlimited size.prtotal=unlimited
access to attrs=userPassword by anonymous auth
access to * by * read
overlay ppolicy
"""


class Slapd:
    """A server whose entries lie below SUFFIX. READER may read all, page by page. A context manager."""

    def __init__(self) -> None:
        port, tls_port = free_ports(2)
        self.url, self.tls_url = f"ldap://localhost:{port}", f"ldaps://localhost:{tls_port}"
        self._folder = Path(tempfile.mkdtemp(prefix="postwarden-slapd-"))
        self.certificate = self._folder / "certificate.pem"
        self._log = self._folder / "log"
        self._processes = Processes(self._folder)

    def add(self, dn: str, classes: list[str], attributes: Mapping[str, object]) -> None:
        """Add an entry, with attributes that only a server sets if need be."""
        if not self._manager.add(dn, classes, dict(attributes), controls=[RELAX]):
            raise BedError(f"{dn}: {self._manager.result}")

    def __enter__(self) -> Self:
        try:
            self._make()
            urls = f"{self.url} {self.tls_url}"
            command = ["/usr/sbin/slapd", "-d", "0", "-h", urls.replace("localhost", "127.0.0.1")]
            self._processes.start("slapd", [*command, "-f", str(self._folder / "slapd.conf")], self._log)
            wait_for(self._answers, 10, "slapd to answer")
            self.add(SUFFIX, ["domain"], {"dc": "example"})
            self.add(READER, ["person"], {"cn": "reader", "sn": "r", "userPassword": READERS_PASSWORD})
        except BaseException:
            self._processes.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._manager.unbind()
        self._processes.end()

    def _make(self) -> None:
        (self._folder / "data").mkdir()
        config = _CONFIG.format(
            folder=self._folder, suffix=SUFFIX, manager=MANAGER, password=PASSWORD, reader=READER, limit=LIMIT
        )
        (self._folder / "slapd.conf").write_text(config)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", self._folder / "key.pem", "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip

    def _answers(self) -> bool:
        if not self._processes.alive("slapd"):
            raise BedError(f"slapd ended: {self._log.read_text()}")
        try:
            server = ldap3.Server(self.url, get_info=ldap3.NONE)
            self._manager = ldap3.Connection(server, MANAGER, PASSWORD, auto_bind=True)
        except ldap3.core.exceptions.LDAPException:
            return False
        return True
