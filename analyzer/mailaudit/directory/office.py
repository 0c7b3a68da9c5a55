# SPDX-License-Identifier: GPL-3.0-or-later
"""A site file and the directory it names, read together."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict

from mailaudit.directory import csvfile, source
from mailaudit.directory.listing import Listing
from mailaudit.directory.settings import DirectorySettings
from mailaudit.settings import AuditSettings
from mailpolicy.files.problems import Problem, UnreadableFile
from mailpolicy.site import Site
from mailpolicy.siteloading import load_site


class GateSnapshot(BaseModel):
    """What the audit wants to know of the gate's table [gate]: where the gate reads its snapshot."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """A site, what its file says to the audit, and where its gate reads a snapshot."""

    file: Path
    site: Site
    audit: AuditSettings
    snapshot: str

    @property
    def directory(self) -> DirectorySettings | None:
        """Where the directory is, None if the file does not say."""
        return self.audit.directory

    def listing(self, csv: Path | None = None) -> Listing:
        """Read the directory: this CSV file, or what the site file names. Raises BadFile."""
        if csv:
            return csvfile.read(csv)
        if self.directory is None:
            expected = "a table [audit.directory.csv], .sql or .ldap; or --directory"
            raise UnreadableFile([Problem(str(self.file), "audit.directory", "missing", expected)])
        return source.read(self.directory, self.file.parent)


def load(file: Path) -> Office:
    """Read a site file. Raises BadFile with every mistake in it."""
    loaded = load_site(file, sections={"audit": AuditSettings, "gate": GateSnapshot})
    settings = cast(AuditSettings, loaded.sections["audit"])
    gate = cast(GateSnapshot, loaded.sections["gate"])
    return Office(file, loaded.site, settings, gate.snapshot)
