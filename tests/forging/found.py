# SPDX-License-Identifier: GPL-3.0-or-later
"""What the analyzer makes of attacked logs, to be compared with the truth."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from audit.office import Office
from forging.roads import CANBO2, CANBO3, FORWARDED_TO, USERS, VANTHU
from forging.texts import BOSS, OFFICE, PRIVATE
from forging.truth import Truth
from mailaudit.usage.batch import still_open
from mailaudit.usage.entries import LONGEST
from mailaudit.usage.period import asked
from mailaudit.violations.ledger import Rules, ledger
from mailpolicy.siteloading import load_site

_SITE = f"""
regulation = "soctrang-59-2024"
domains = ["{OFFICE}"]
[public_mail]
add = ["example.com", "example.net", "example.org"]
"""

_USES = (
    *("login", "login-as", "proxy-login", "client-login", "session-end", "relayed", "mail-log"),
    *("mailbox-change", "delivered", "sieve-stored", "sieve-forwarded"),
)


class Found:
    """What is in an office's store and facts after it has read a folder with mail.log and dovecot.log."""

    def __init__(self, office: Office, folder: Path) -> None:
        office.ingest(folder / "mail.log", folder / "dovecot.log")
        self._office = office
        self.store = office.store
        files = [str(self.store.facts / file) for file in self.store.facts_files()]
        self._facts = duckdb.connect()
        self._facts.read_parquet(files).create_view("facts")

    def facts(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query on the view `facts`."""
        return self._facts.sql(query).fetchall()

    def counted(self, what: str, where: str) -> Counter[str]:
        """How many facts there are of each value of an expression, which is text."""
        return Counter(dict(self.facts(f"SELECT {what}, count(*) FROM facts WHERE {where} GROUP BY ALL")))  # type: ignore[arg-type]  # noqa: S608

    def uses(self) -> dict[str, tuple[int, int]]:
        """Logins and ends of sessions by service and mailbox."""
        uses: dict[str, tuple[int, int]] = {}
        for day in self.store.activity_days():
            logins, ends = uses.get(f"{day.service} {day.mailbox}", (0, 0))
            uses[f"{day.service} {day.mailbox}"] = (logins + day.logins, ends + day.session_ends)
        return uses

    def violations(self) -> Counter[tuple[str, str]]:
        """How many mails were forwarded, by mailbox and address, to an office that calls all others public.

        What is said of it does not change when every message is done with, long after the last line.
        """
        at_once = self._violations()
        [[last]] = self.facts("SELECT max(time) FROM facts")
        assert isinstance(last, datetime)
        later = f"{last + LONGEST + timedelta(days=1):%Y-%m-%dT%H:%M:%S}+00:00"
        lines = [f"{later} mx postfix/master[1]: terminating on signal 15\n"]
        self._office.ingest(self._office.write("later.log", lines, (last + timedelta(days=9)).timestamp()))
        assert not still_open(self.store).forwards
        assert self._violations() == at_once
        return at_once

    def _violations(self) -> Counter[tuple[str, str]]:
        site = self._office.logs / "site.toml"
        site.write_text(_SITE)
        rules = Rules(load_site(site).site)
        found = ledger(self.store, still_open(self.store), rules, asked(self.store, None, None))
        counted: Counter[tuple[str, str]] = Counter()
        for one in found:
            counted[one.mailbox, one.target] += one.messages
        return counted


def assert_true(found: Found, truth: Truth) -> None:
    """Every login, delivery and forward that was found did happen, and each that happened was found."""
    both = truth.logins + Counter({f"submission {user}": n for user, n in truth.submissions.items()})
    assert {who: logins for who, (logins, _) in found.uses().items()} == dict(both)
    assert {who: ends for who, (_, ends) in found.uses().items()} == dict(truth.logins)
    stored = found.counted('"user"', "kind IN ('delivered', 'sieve-stored')")
    others = (VANTHU, CANBO2, CANBO3)  # CANBO1 saves and copies messages himself
    assert {user: stored[user] for user in others} == {user: truth.stored[user] for user in others}
    forwarded = found.counted("target", f"kind = 'sieve-forwarded' AND \"user\" = '{CANBO2}'")
    assert forwarded == Counter({FORWARDED_TO: truth.forwarded[FORWARDED_TO]})
    sent = found.facts("SELECT count(*) FROM facts WHERE status = 'sent' AND relay LIKE '127.0.0.1%'")
    assert sent == [(truth.departed.total(),)]
    assert_nothing_of_the_boss(found)
    assert_forwards(found.violations(), truth)


def assert_forwards(violations: Counter[tuple[str, str]], truth: Truth) -> None:
    """Those of the two whose scripts hand mail on, to whom they hand it: VANTHU's all name example.com."""
    theirs = {box: {to: n for (who, to), n in violations.items() if who == box} for box, _ in violations}
    assert theirs.keys() == {CANBO2, VANTHU}
    assert theirs[CANBO2] == {FORWARDED_TO: truth.forwarded[FORWARDED_TO]}
    assert {to.rpartition("@")[2] for to in theirs[VANTHU]} == {"example.com"}


def assert_nothing_of_the_boss(found: Found) -> None:
    """Whom all texts name has not logged in, got mail, or sent any on."""
    known = {*USERS, None}
    users = found.facts(f'SELECT DISTINCT "user" FROM facts WHERE kind IN {_USES}')  # noqa: S608
    assert {user for (user,) in users} <= known
    assert (
        found.facts(
            f"SELECT * FROM facts WHERE kind IN ('delivery', 'sieve-forwarded', 'delivered') AND "  # noqa: S608
            f"(recipient IN ('{BOSS}', '{PRIVATE}') OR orig_recipient = '{BOSS}' OR target = '{PRIVATE}')"
        )
        == []
    )
