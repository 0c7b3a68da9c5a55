# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes a report's contents from store, directory and record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mailaudit.acknowledgement.measure import CODE as ACKNOWLEDGEMENT
from mailaudit.acknowledgement.measure import Acknowledgement, acknowledgement
from mailaudit.activity import Activity, last_activity, normalise_mailbox
from mailaudit.coverage.grounds import grounds
from mailaudit.directory.listing import Listing
from mailaudit.habits.habits import CODE as HABITS
from mailaudit.habits.habits import Habits, habits
from mailaudit.record import entries
from mailaudit.reports import gatefindings
from mailaudit.reports.contents import Contents, Part
from mailaudit.reports.span import Span
from mailaudit.store import Store
from mailaudit.store.usage_rows import Folded
from mailaudit.summary import summarise
from mailaudit.sweep.blame import by_address as blame
from mailaudit.sweep.names import match
from mailaudit.sweep.plan import NoLogsError, Reach, make
from mailaudit.sweep.rules import in_force
from mailaudit.sweep.scope import within
from mailaudit.usage.amounts import Amounts, By, amounts, together
from mailaudit.usage.batch import still_open
from mailaudit.usage.people import by_address, names
from mailaudit.violations.ledger import Rules, ledger
from mailpolicy.clocks.record import Entry
from mailpolicy.clocks.step import Step
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.parameters.lifecycle import Inactivity
from mailpolicy.site import Site

IDLE = "inactivity"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report's numbers come from: a store, an office's site and its directory."""

    store: Store
    site: Site
    listing: Listing


def gather(source: Source, unit: str, span: Span, today: date) -> Contents:
    """Compute a report of a unit, or ("") of all. Raises StoreError; UnknownUnit if there is no such unit.

    Idle mailboxes are told as of today, or of the period's last day if that is behind.
    """
    store, site, listing = source.store, source.site, source.listing
    boxes = within(listing, unit)
    opened = still_open(store)
    meant = _names(listing.mailboxes, boxes) if unit else None
    trend, usage, strangers = _usage(source, opened, span, boxes)
    as_of = min(today, span.days.last)
    matched = match(last_activity(store), [box.address for box in listing.mailboxes])
    return Contents(
        site=site,
        unit=unit,
        span=span,
        made_on=today,
        as_of=as_of,
        mailboxes=boxes,
        usage=usage,
        strangers={} if unit else strangers,
        trend=trend,
        last_uses=_theirs(matched.mailboxes, boxes),
        steps=_steps(source, boxes, as_of),
        entries=_entries(source, unit, boxes, span),
        violations=_violations(source, opened, boxes, span),
        found=gatefindings.counted(store, span.days, meant),
        incidents=gatefindings.incidents(store, span.days, meant),
        habits=_habits(source, boxes, span),
        answers=_answers(source, boxes, span),
        grounds=grounds(store, span.days),
        lines=summarise(store).lines,
    )


def _names(everybody: Sequence[Mailbox], boxes: Sequence[Mailbox]) -> set[str]:
    """The names in the logs that surely mean one of these mailboxes."""
    theirs = _keys(boxes)
    return {name for name, address in names(everybody, tuple(Kind)).items() if address in theirs}


def _keys(boxes: Sequence[Mailbox]) -> set[str]:
    return {normalise_mailbox(box.address) for box in boxes}


def _usage(
    source: Source, opened: Folded, span: Span, boxes: Sequence[Mailbox]
) -> tuple[list[Part], dict[str, Amounts], dict[str, Amounts]]:
    """The trend, the amounts by address, and those of names that are not in the directory.

    The store is read month by month, so that one pass gives both the months and their sum.
    """
    everybody, theirs = _keys(source.listing.mailboxes), _keys(boxes)
    is_whole = len(theirs) == len(everybody)
    trend, sums = [], {name: Amounts() for name in theirs}
    strangers: dict[str, Amounts] = {}
    openable = {normalise_mailbox(box.address) for box in boxes if box.kind is not Kind.LIST}
    for label, days in span.parts():
        found = amounts(source.store, opened, days, source.site, By.MAILBOX)
        found = by_address(found, source.listing.mailboxes, source.site.domains)
        for name, one in found.items():
            (sums if name in theirs else strangers).setdefault(name, Amounts()).add(one)
        counts = found if is_whole else {name: one for name, one in found.items() if name in theirs}
        used = sum(one.days_active > 0 for name, one in counts.items() if name in openable)
        trend.append(Part(label, together(counts.values()), used))
    usage = {box.address: sums[normalise_mailbox(box.address)] for box in boxes}
    return trend, usage, {name: one for name, one in strangers.items() if name not in everybody}


def _theirs(uses: Mapping[str, Activity], boxes: Sequence[Mailbox]) -> dict[str, Activity]:
    return {box.address: uses[box.address] for box in boxes if box.address in uses}


def _steps(source: Source, boxes: Sequence[Mailbox], as_of: date) -> dict[str, Step] | None:
    """What the clock of idle mailboxes says, by address."""
    listing = source.listing
    reach = Reach(listing.mailboxes, listing.units, meant=frozenset(box.address for box in boxes))
    try:
        plan = make(source.store, reach, in_force(source.site), as_of)
    except NoLogsError:
        return None
    return {step.mailbox.address: step for step in plan.steps if step.code == IDLE}


def _entries(source: Source, unit: str, boxes: Sequence[Mailbox], span: Span) -> list[Entry]:
    """The record's entries in the period; of all also those of mailboxes that are gone from the directory."""
    kept = entries.of_everybody(source.store)
    theirs = [box.address for box in boxes] if unit else list(kept)
    found = [entry for address in theirs for entry in kept.get(address, ())]
    days = span.days
    return sorted(
        (one for one in found if days.first <= one.day <= days.last), key=lambda one: (one.time, one.mailbox)
    )


def _violations(source: Source, opened: Folded, boxes: Sequence[Mailbox], span: Span) -> list[Violation]:
    rules = Rules.of(source.site, source.listing.mailboxes)
    found = ledger(source.store, opened, rules, span.days)
    if len(boxes) == len(source.listing.mailboxes):
        return found
    of_each = blame(found, [box.address for box in source.listing.mailboxes])
    theirs = [one for box in boxes for one in of_each.get(box.address, ())]
    return sorted(theirs, key=lambda one: (one.time, one.key))


def _habits(source: Source, boxes: Sequence[Mailbox], span: Span) -> Habits | None:
    duty = source.site.duty(HABITS)
    idle = source.site.duty(IDLE)
    off = idle.parameters.extra_days_off if idle and isinstance(idle.parameters, Inactivity) else ()
    if duty is None:
        return None
    found = habits(source.store, source.listing.mailboxes, duty, span.days, off)
    theirs = {box.address for box in boxes}
    return replace(found, checked=[one for one in found.checked if one.mailbox.address in theirs])


def _answers(source: Source, boxes: Sequence[Mailbox], span: Span) -> Acknowledgement | None:
    if source.site.duty(ACKNOWLEDGEMENT) is None:
        return None
    return acknowledgement(source.store, source.site, boxes, span.days)
