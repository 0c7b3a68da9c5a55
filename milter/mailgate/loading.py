# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything an office writes for its gate, read and checked in one go."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mailgate.config import GateSettings
from mailpolicy import publicmail
from mailpolicy.files.problems import BadFile
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.judge import Policy
from mailpolicy.regulation import SHIPPED
from mailpolicy.site import load_site


@dataclass(frozen=True, slots=True)
class Loaded:
    """A site file with all it names: how mail is judged, and how the gate runs."""

    policy: Policy
    settings: GateSettings


def load(site: Path) -> Loaded:
    """Read the site file, its regulation and the data lists as they are now.

    Raises BadFile with every mistake.
    """
    publicmail.shipped.cache_clear()
    loaded = load_site(site, sections={"gate": GateSettings})
    return Loaded(Policy.of(loaded.site), cast(GateSettings, loaded.sections["gate"]))


def sources(site: Path) -> tuple[Path, ...]:
    """Return the files that `load` reads, as far as the site file tells."""
    shipped = sorted([*SHIPPED.glob("*.toml"), *publicmail.SHIPPED.parent.glob("*.txt")])
    return (site, *_own_regulation(site), *shipped)


def _own_regulation(site: Path) -> tuple[Path, ...]:
    try:
        name = read_toml(site).get("regulation")
    except BadFile:
        return ()
    return (site.parent / name,) if isinstance(name, str) and name.endswith(".toml") else ()
