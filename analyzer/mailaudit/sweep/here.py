# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands about mailboxes work with: site, directory, store, and whose mailboxes are in reach."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer

from mailaudit.directory import csvfile, office
from mailaudit.directory.listing import Listing
from mailaudit.directory.office import Office
from mailaudit.home import open_store
from mailaudit.store import Store, StoreError
from mailaudit.sweep.blame import violations_of
from mailaudit.sweep.plan import NoLogsError, Reach
from mailaudit.sweep.planfile import PlanFile
from mailaudit.sweep.planfile import read as read_plan
from mailaudit.sweep.rules import in_force
from mailaudit.sweep.scope import EVERYBODY, UnknownUnit, within
from mailaudit.working import working
from mailpolicy.files.problems import BadFile
from mailpolicy.regulation import Regulation, UnknownRegulation, load

COULD_NOT = 2
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Here:
    """A store, a directory and the rules; `office` is None where no site file was named."""

    store: Store
    listing: Listing
    regulation: Regulation
    reach: Reach
    office: Office | None = None


class Trouble:
    """What is in the way of a command: said all at once, with exit status 2."""

    MENDABLE = (BadFile, UnknownRegulation, UnknownUnit, StoreError, NoLogsError)

    def __init__(self) -> None:
        self._found: list[Exception] = []

    def attempt(self, work: Callable[[], Result]) -> Result | None:
        """Return what the work gives; an error that people can mend is kept, and None returned."""
        try:
            return work()
        except self.MENDABLE as error:
            self._found.append(error)
            return None

    def need(self, work: Callable[[], Result]) -> Result:
        """Return what the work gives, or end."""
        result = self.attempt(work)
        self.end_if_any()
        assert result is not None  # noqa: S101  else something was found
        return result

    def end_if_any(self) -> None:
        """Say everything that was found, and end with 2."""
        if self._found:
            typer.echo("\n".join(map(str, self._found)), err=True)
            raise typer.Exit(COULD_NOT)


def by_site(ctx: typer.Context, site: Path, unit: str = EVERYBODY, directory: Path | None = None) -> Here:
    """Open all that a site file names, or say everything that is in the way and end with 2."""
    trouble = Trouble()
    its_office = trouble.attempt(lambda: office.load(site))
    store = trouble.attempt(lambda: open_store(ctx))
    with working("reading the directory"):
        listing = trouble.attempt(lambda: its_office.listing(directory)) if its_office else None
    boxes = trouble.attempt(lambda: within(listing, unit)) if listing else None
    trouble.end_if_any()
    assert its_office and store and listing and boxes is not None  # noqa: S101
    regulation = in_force(its_office.site)
    meant = None if unit == EVERYBODY else frozenset(box.address for box in boxes)
    with working("reading the ledger"):
        violations = trouble.need(lambda: violations_of(store, its_office.site, regulation, listing))
    reach = Reach(listing.mailboxes, listing.units, unit, meant, violations)
    return Here(store, listing, regulation, reach, its_office)


def by_name(ctx: typer.Context, regulation: str, directory: Path) -> Here:
    """Open a regulation by its name and a directory in CSV, likewise: enough to plan, not to act."""
    trouble = Trouble()
    rules = trouble.attempt(lambda: load(regulation))
    with working("reading the directory"):
        listing = trouble.attempt(lambda: csvfile.read(directory))
    store = trouble.attempt(lambda: open_store(ctx))
    trouble.end_if_any()
    assert rules and listing and store  # noqa: S101
    return Here(store, listing, rules, Reach(listing.mailboxes, listing.units))


def plan_file(path: Path) -> PlanFile:
    """Read a plan's file, or say what is wrong with it and end with 2."""
    return Trouble().need(lambda: read_plan(path))
