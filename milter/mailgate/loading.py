# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything an office writes for its gate, read and checked in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

from mailgate import examples
from mailgate.config import GateSettings
from mailgate.identity import keyfile
from mailgate.snapshot import Snapshot
from mailpolicy.files.problems import BadFile, Problems
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.judge import Policy
from mailpolicy.lists import datafile
from mailpolicy.parameters import DigitalSignature
from mailpolicy.regulation import SHIPPED
from mailpolicy.siteloading import load_site


@dataclass(frozen=True, slots=True)
class Loaded:
    """A site file with all it names: how mail is judged, and how the gate runs.

    `data` has the lists that come with Postwarden, as `datafile.put_all` takes them. `examples` is the folder
    with the office's examples, if it names one. `keys` are DKIM's, in PEM, by domain; who serves has them.
    """

    policy: Policy
    settings: GateSettings
    data: Mapping[str, object]
    examples: Path | None = None
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def judging_on(self, day: date) -> Policy:
        """Return what judges a day's mail, with the directory if one is set. Raises BadFile without it."""
        policy = self.policy.on(day)
        snapshot = self.settings.snapshot
        return policy.with_directory(Snapshot.open(Path(snapshot))) if snapshot else policy


def load(site: Path) -> Loaded:
    """Read the site file, its regulation and the data lists as they are now.

    Raises BadFile with every mistake.
    """
    data = datafile.read_all()
    datafile.put_all(data)
    loaded = load_site(site, sections={"gate": GateSettings})
    settings = cast(GateSettings, loaded.sections["gate"])
    return Loaded(Policy.of(loaded.site), settings, data, loaded.examples)


def load_checked(site: Path, today: date) -> Loaded:
    """As `load`, and judge the office's examples as its mail is judged today.

    Raises BadFile too with every key that can't be signed with and every choice that needs a directory where
    none is named, or with every example that is not as the office expects. Where a directory is set but can't
    be had the examples are left out: nobody knows what would become of them.
    """
    loaded, problems = load(site), Problems(str(site))
    loaded = replace(loaded, keys=_keys(loaded, problems))
    _check_signers(loaded, problems)
    problems.raise_if_any()
    if loaded.examples is None:
        return loaded
    found = examples.load(loaded.examples)
    try:
        policy = loaded.judging_on(today)
    except BadFile:
        return loaded
    if mistakes := examples.mistakes(found, policy):
        raise BadFile(mistakes)
    return loaded


def _keys(loaded: Loaded, problems: Problems) -> dict[str, bytes]:
    """Read DKIM's keys, and note what can't be signed with; only who serves need be able to read them."""
    official, keys = loaded.policy.context.domains, {}
    for domain, named in loaded.settings.identity.dkim.items():
        key = f"gate.identity.dkim.{domain}"
        if domain not in official:
            problems.add(key, f"{domain} is not an official domain", f"one of {', '.join(sorted(official))}")
        keys[domain] = keyfile.read(named.key, f"{key}.key", problems)
    return keys


def _check_signers(loaded: Loaded, problems: Problems) -> None:
    """Kinds of mailboxes are known from the directory only: without one nobody would be asked to sign."""
    for charge in loaded.policy.charges:
        parameters = charge.duty.parameters
        if not isinstance(parameters, DigitalSignature) or not parameters.sign_outgoing:
            continue
        kinds = ", ".join(kind for kind in parameters.signers if kind != "all")
        if kinds and not loaded.settings.snapshot:
            key, wrong = f"duties.{charge.duty.code}.parameters.signers", f"nobody's kind is known ({kinds})"
            problems.add(key, wrong, 'the directory in gate.snapshot, or ["all"], or signer_addresses')


def sources(site: Path) -> tuple[Path, ...]:
    """Return the files that `load` reads, as far as the site file tells."""
    shipped = sorted([*SHIPPED.glob("*.toml"), *datafile.FOLDER.iterdir()])
    return (site, *_named(site), *shipped)


def _named(site: Path) -> list[Path]:
    """The office's own regulation, examples, keys and roots. Whatever is wrong is said elsewhere."""
    try:
        document = read_toml(site)
    except BadFile:
        return []
    regulation, folder = document.get("regulation"), document.get("examples")
    found = []
    if isinstance(regulation, str) and regulation.endswith(".toml"):
        found.append(site.parent / regulation)
    if isinstance(folder, str):
        found += [site.parent / folder, *sorted((site.parent / folder).glob("*.*"))]
    gate = _table(document, "gate")
    keys = [key.get("key") for key in _tables(_table(_table(gate, "identity"), "dkim"))]
    roots = _table(gate, "signatures").get("roots")
    named = [*keys, *(roots if isinstance(roots, list) else [])]
    return found + [Path(name) for name in named if isinstance(name, str)]


def _table(table: Mapping[str, object], name: str) -> dict[str, object]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _tables(table: Mapping[str, object]) -> list[dict[str, object]]:
    return [found for found in table.values() if isinstance(found, dict)]
