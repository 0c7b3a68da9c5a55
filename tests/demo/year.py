# SPDX-License-Identifier: GPL-3.0-or-later
"""A small made-up year: a log of logins, and the directory of the mailboxes that made them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

DOMAIN = "tphcm.gov.vn"


@dataclass(frozen=True)
class Person:
    """A mailbox, and how many days ago it was used last; None for never."""

    name: str
    unit: str
    idle_days: int | None
    created: date

    @property
    def address(self) -> str:
        """The mailbox's address, as HCM's regulation forms it."""
        return f"{self.name}.stnmt@{DOMAIN}"


def people(today: date) -> list[Person]:
    """Ten mailboxes: some in use, some idle beyond the terms of a regulation."""
    old = today - timedelta(days=1500)
    return [
        Person("vanthu", "Văn phòng Sở", 1, old),
        Person("canbo1", "Văn phòng Sở", 3, old),
        Person("canbo2", "Phòng Đo đạc", 12, old),
        Person("canbo3", "Phòng Đo đạc", 82, old),
        Person("canbo4", "Phòng Đo đạc", 100, old),
        Person("canbo5", "Phòng Khoáng sản", 170, old),
        Person("canbo6", "Phòng Khoáng sản", 200, old),
        Person("canbo7", "Phòng Khoáng sản", 390, old),
        Person("canbo8", "Phòng Khoáng sản", None, old),
        Person("canbo9", "Văn phòng Sở", None, today - timedelta(days=20)),
    ]


def write_log(path: Path, staff: list[Person], today: date) -> int:
    """Write 400 days of Dovecot lines, up to the day before `today`; return their number."""
    chance = random.Random(2026)  # noqa: S311 - a made-up year, no secret
    lines = sorted(line for person in staff for line in _logins(person, today, chance))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def _logins(person: Person, today: date, chance: random.Random) -> Iterator[str]:
    for days_ago in range(400, 0, -1):
        day = today - timedelta(days=days_ago)
        if person.idle_days is not None and days_ago >= person.idle_days and day >= person.created:
            yield _line(person.address, day, chance)
        elif days_ago % 9 == 0:
            yield _failed(
                person.address, day, chance
            )  # somebody guesses passwords: that is no use of the mailbox


def _line(user: str, day: date, chance: random.Random) -> str:
    return (
        f"{_stamp(day, chance)} mail dovecot: imap-login: Login: user=<{user}>, method=PLAIN, "
        f"rip=10.20.3.{chance.randrange(2, 250)}, lip=10.20.0.5, mpid=4211, TLS, session=<{_session(chance)}>"
    )


def _failed(user: str, day: date, chance: random.Random) -> str:
    return (
        f"{_stamp(day, chance)} mail dovecot: imap-login: Disconnected: Connection closed (auth failed, "
        f"1 attempts in 2 secs): user=<{user}>, method=PLAIN, rip=203.0.113.66, lip=10.20.0.5, TLS, "
        f"session=<{_session(chance)}>"
    )


def _session(chance: random.Random) -> str:
    return f"{chance.getrandbits(60):015x}"


def _stamp(day: date, chance: random.Random) -> str:
    return datetime.combine(day, time(1 + chance.randrange(8), chance.randrange(60)), UTC).isoformat()


def write_directory(path: Path, staff: list[Person]) -> None:
    """Write the mailboxes as the CSV that `mailaudit sweep plan` reads."""
    rows = [f"{person.address},person,{person.unit},{person.created}" for person in staff]
    path.write_text("\n".join(["address,kind,unit,created", *rows]) + "\n", encoding="utf-8")
