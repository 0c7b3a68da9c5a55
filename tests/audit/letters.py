# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters for tests: an office's writer, its directory, and letters that wait in a store."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache
from pathlib import Path

from mailaudit.directory.listing import Listing
from mailaudit.notices import outbox
from mailaudit.notices.matter import Matter, Occasion, Role
from mailaudit.notices.notice import Notice
from mailaudit.notices.outbox import State
from mailaudit.notices.recipients import People
from mailaudit.notices.settings import NoticeSettings
from mailaudit.notices.writer import Writer
from mailaudit.store import Store
from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.regulation import load
from mailpolicy.site import Site, for_regulation

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
UNIT, AGENCY = "Phòng Tổ chức", "Sở Nội vụ"


@cache
def site_of(short: str) -> Site:
    return for_regulation(load(short))


def at(site: Site, local: str) -> str:
    """An address in the regulation's form."""
    return f"{local}{site.regulation.account_suffix}@{site.domains[0]}"


def settings_of(site: Site, **more: object) -> NoticeSettings:
    named = {"from": at(site, "quantri"), "approver": at(site, "pheduyet")}
    return NoticeSettings.model_validate(named | more)


def writer_of(site: Site, folder: Path = Path(), **more: object) -> Writer:
    return Writer(site, settings_of(site, **more), folder / "site.toml")


def person(site: Site) -> Mailbox:
    return Mailbox(at(site, "nvminh"), Kind.PERSON, UNIT, name="Nguyễn Văn Minh")


def people_of(site: Site) -> People:
    """A unit with a mailbox, below an agency with a mailbox and a head."""
    units = [Unit(UNIT, AGENCY), Unit(AGENCY, head=at(site, "giamdoc"))]
    shared = [
        Mailbox(at(site, "tochuc"), Kind.UNIT, UNIT),
        Mailbox(at(site, "sonv"), Kind.AGENCY, AGENCY),
    ]
    return People(Listing("test", [person(site), *shared], units), at(site, "pheduyet"))


def parsed(notice: Notice) -> EmailMessage:
    return BytesParser(policy=default).parsebytes(notice.content)


def text_of(notice: Notice) -> str:
    body = parsed(notice).get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text.replace("\r\n", "\n")


@cache
def letter(number: int, recipient: str = "canbo1@cantho.gov.vn") -> Notice:
    """A letter about the event of this number."""
    site = site_of("CT")
    matter = Matter(f"event {number}", Occasion.LOCKED, Mailbox(recipient), DAY, tell=(Role.OWNER,))
    [notice] = writer_of(site).notices(matter, People(Listing("test", []), None), NOW)
    return notice


def wait(store: Store, *notices: Notice) -> None:
    """Put letters into the store, to be sent at once."""
    with store.recording() as connection:
        for notice in notices:
            assert outbox.queue(connection, notice, NOW)


def states(store: Store) -> list[State]:
    """What became of each letter, in the order they were queued."""
    with store.recording() as connection:
        return [one.state for one in outbox.kept(connection)]
