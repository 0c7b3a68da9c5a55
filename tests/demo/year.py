# SPDX-License-Identifier: GPL-3.0-or-later
"""A small made-up year: a log of logins, and the directory of the mailboxes that made them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from mailpolicy.officetime import office_day

DOMAIN = "tphcm.gov.vn"
MORNING, AFTERNOON = range(1, 4), range(6, 10)  # an office's in Vietnam, in UTC


def address(name: str) -> str:
    """An address as HCM's regulation forms it."""
    return f"{name}.stnmt@{DOMAIN}"


@dataclass(frozen=True)
class Person:
    """A mailbox, and how many days ago it was used last; None for never."""

    name: str
    unit: str
    idle_days: int | None
    created: date
    kind: str = "person"

    @property
    def address(self) -> str:
        """The mailbox's address."""
        return address(self.name)


def people(today: date) -> list[Person]:
    """Ten people's mailboxes, some idle beyond the terms of a regulation, and one of a unit."""
    old = today - timedelta(days=1500)
    return [
        Person("vanthu", "Văn phòng Sở", 0, old),
        Person("canbo1", "Văn phòng Sở", 3, old),
        Person("canbo2", "Phòng Đo đạc", 12, old),
        Person("canbo3", "Phòng Đo đạc", 82, old),
        Person("canbo4", "Phòng Đo đạc", 100, old),
        Person("canbo5", "Phòng Khoáng sản", 170, old),
        Person("canbo6", "Phòng Khoáng sản", 200, old),
        Person("canbo7", "Phòng Khoáng sản", 390, old),
        Person("canbo8", "Phòng Khoáng sản", None, old),
        Person("canbo9", "Văn phòng Sở", None, today - timedelta(days=20)),
        Person("phongdodac", "Phòng Đo đạc", 2, old, kind="unit"),
    ]


def write_log(path: Path, staff: list[Person], now: datetime) -> int:
    """Write 400 days of Dovecot lines, the last login an hour ago; return their number."""
    chance = random.Random(2026)  # noqa: S311 - a made-up year, no secret
    last = now.replace(microsecond=0) - timedelta(hours=1)
    lines = sorted(line for person in staff for line in _life(person, office_day(now), chance))
    lines = [line for line in lines if line < last.isoformat()]
    lines += _session(staff[0].address, last, chance)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def _life(person: Person, today: date, chance: random.Random) -> Iterator[str]:
    for days_ago in range(400, -1, -1):
        day = today - timedelta(days=days_ago)
        if person.idle_days is not None and days_ago >= person.idle_days and day >= person.created:
            for half in (MORNING, AFTERNOON):
                yield from _session(person.address, _some_time(day, half, chance), chance)
        elif days_ago % 9 == 0:  # somebody guesses passwords: that is no use of the mailbox
            yield _failed(person.address, _some_time(day, MORNING, chance), chance)


def _session(user: str, begin: datetime, chance: random.Random) -> Iterator[str]:
    """A login, and the end of its session some minutes later."""
    name, end = _name(chance), begin + timedelta(minutes=chance.randrange(1, 20))
    yield (
        f"{begin.isoformat()} mail dovecot: imap-login: Login: user=<{user}>, method=PLAIN, "
        f"rip=10.20.3.{chance.randrange(2, 250)}, lip=10.20.0.5, mpid=4211, TLS, session=<{name}>"
    )
    who = f"imap({user})<4211><{name}>"
    yield f"{end.isoformat()} mail dovecot: {who}: Disconnected: Logged out in=92 out=871"


def _failed(user: str, time: datetime, chance: random.Random) -> str:
    return (
        f"{time.isoformat()} mail dovecot: imap-login: Disconnected: Connection closed (auth failed, "
        f"1 attempts in 2 secs): user=<{user}>, method=PLAIN, rip=203.0.113.66, lip=10.20.0.5, TLS, "
        f"session=<{_name(chance)}>"
    )


def _name(chance: random.Random) -> str:
    """Of a session."""
    return f"{chance.getrandbits(60):015x}"


def _some_time(day: date, hours: range, chance: random.Random) -> datetime:
    return datetime.combine(day, time(chance.choice(hours), chance.randrange(60)), UTC)


def write_directory(path: Path, staff: list[Person]) -> None:
    """Write the mailboxes as the CSV that `mailaudit sweep plan` reads."""
    rows = [f"{person.address},{person.kind},{person.unit},{person.created}" for person in staff]
    path.write_text("\n".join(["address,kind,unit,created", *rows]) + "\n", encoding="utf-8")
