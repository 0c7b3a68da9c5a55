# SPDX-License-Identifier: GPL-3.0-or-later
"""Which messages are looked into or signed, through a session: for all others nothing is done."""

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bed.nameserver import SilentServer
from gate.dkimkeys import rsa_key
from gate.milterclient import Mail
from gate.offices import CANBO1, CITIZEN, INSIDE, OFFICE, OUTSIDE, VANTHU, Client, letter, office, tell
from mailgate.effects import DeleteHeader, InsertHeader, in_order
from mailgate.identity.authenticator import Authenticator
from mailgate.identity.means import Means
from mailgate.identity.settings import DkimKey, IdentitySettings
from mailgate.session import Outcome, Session
from mailgate.terms import Terms
from mailpolicy.judge import Policy
from mailpolicy.message import Proof
from mailpolicy.verdict import Action

MX = f"mx.{OFFICE}"
RESULTS = b"Authentication-Results"
PASS = f"{MX}; dkim=pass header.d={OFFICE}".encode()
RECEIVED = (b"Received", b"from mail.example.org by mx.example.org")
POLICY = office()


@dataclass
class Desk:
    """An office's authenticator, and what it counted."""

    settings: IdentitySettings
    counted: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.authenticator = Authenticator(lambda *what: self.counted.append(what))

    def terms(self, policy: Policy = POLICY) -> Terms:
        keys = {domain: Path(named.key).read_bytes() for domain, named in self.settings.dkim.items()}
        return Terms.of(policy, means=Means.of(self.settings, keys))

    def outcome(self, mail: Mail, client: Client = OUTSIDE, policy: Policy = POLICY) -> Outcome:
        session = Session(lambda: self.terms(policy), authenticator=self.authenticator)
        session.connect(*client)
        try:
            tell(session, mail)
        except OSError as error:  # as in the callbacks of a milter
            session.fail(error)
        return session.end()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """It signs for the office, believes its mail host, and has a name server that never answers."""
    file = tmp_path / "key.pem"
    file.write_bytes(rsa_key())
    file.chmod(0o400)
    with SilentServer() as silent:
        keys = {OFFICE: DkimKey(selector="s2026", key=str(file))}
        yield Desk(IdentitySettings(nameservers=(silent.address,), authserv_ids=(MX,), dkim=keys))


def above(mail: Mail, *fields: tuple[bytes, bytes]) -> Mail:
    return replace(mail, fields=[*fields, *mail.fields])


def edits(outcome: Outcome) -> Sequence[object]:
    assert outcome.answer.reply is None
    return outcome.answer.edits


CLAIM = letter(CITIZEN, [CANBO1], author=VANTHU)


def test_a_trusted_servers_word_is_proof_without_dns(desk: Desk) -> None:
    told = desk.outcome(above(CLAIM, (RESULTS, PASS), RECEIVED))
    assert told.answer.action is Action.ACCEPT
    assert told.message.proof == Proof(frozenset({OFFICE}))
    assert desk.counted == [("proved", 0.0)]


def test_a_claim_without_proof_is_refused_without_dns(desk: Desk) -> None:
    told = desk.outcome(above(CLAIM, RECEIVED, (RESULTS, PASS)))
    assert told.answer.action is Action.REJECT
    assert desk.counted == [("unproved", 0.0)]


def test_strangers_who_claim_nothing_are_not_looked_into(desk: Desk) -> None:
    assert edits(desk.outcome(letter())) == ()
    assert desk.counted == []


@pytest.mark.parametrize("author", ["a@soctrang. gov.vn", "a@soctrang(x).gov.vn", "a@so\r\n\tctrang.gov.vn"])
def test_an_official_domain_that_is_cut_up_is_refused_without_looking(desk: Desk, author: str) -> None:
    told = desk.outcome(above(letter(CITIZEN, [CANBO1], author=author), (RESULTS, PASS)))
    assert told.answer.action is Action.REJECT
    assert desk.counted == []


def test_where_the_duty_is_off_nobody_is_looked_into(desk: Desk) -> None:
    told = desk.outcome(CLAIM, policy=office(only=["attachment-cap"]))
    assert edits(told) == ()
    assert desk.counted == []


def test_forged_results_are_taken_out_from_the_last_to_the_first(desk: Desk) -> None:
    forged = (RESULTS, PASS)
    mail = above(letter(), RECEIVED, forged, (RESULTS, b"mx.example.org; none"), forged)
    assert edits(desk.outcome(mail)) == (
        DeleteHeader("Authentication-Results", 3),
        DeleteHeader("Authentication-Results", 1),
    )


def test_results_that_the_offices_own_hosts_carry_are_left_alone(desk: Desk) -> None:
    assert edits(desk.outcome(above(letter(), RECEIVED, (RESULTS, PASS)), INSIDE)) == ()


def signed(outcome: Outcome) -> bool:
    """Whether a signature was put on top of the message, and nothing else was done to it."""
    found = edits(outcome)
    assert len(found) < 2
    return any(isinstance(edit, InsertHeader) and edit.name == "DKIM-Signature" for edit in found)


MINE = letter(VANTHU, [CITIZEN], login=VANTHU)


def test_a_users_mail_is_signed_wherever_it_goes(desk: Desk) -> None:
    assert signed(desk.outcome(MINE))
    assert signed(desk.outcome(letter(VANTHU, [CANBO1], login=VANTHU)))
    assert signed(desk.outcome(above(MINE, (b"Received", b"from phone by mx with ESMTPSA"))))


def test_a_trusted_programs_mail_is_signed_unless_it_came_from_elsewhere(desk: Desk) -> None:
    written = letter(VANTHU, [CITIZEN])
    assert signed(desk.outcome(written, INSIDE))
    assert not signed(desk.outcome(above(written, RECEIVED), INSIDE))


@pytest.mark.parametrize("author", [CITIZEN, f"{VANTHU}, {CITIZEN}", "khac@khac.gov.vn", ""])
def test_what_is_not_written_in_one_domain_with_a_key_is_not_signed(desk: Desk, author: str) -> None:
    mail = replace(MINE, fields=[(b"From", author.encode()), *MINE.fields[1:]])
    assert not signed(desk.outcome(mail, policy=office(only=["attachment-cap"])))


def test_mail_that_is_refused_is_not_signed(desk: Desk) -> None:
    told = desk.outcome(letter(CITIZEN, [CITIZEN], author=CITIZEN, login=VANTHU))
    assert (told.answer.action, told.answer.edits) == (Action.REJECT, ())


def test_without_settings_nothing_is_done() -> None:
    desk = Desk(IdentitySettings())
    assert edits(desk.outcome(MINE)) == ()
    assert edits(desk.outcome(above(letter(), (RESULTS, PASS)))) == ()


def test_settings_that_are_replaced_in_the_middle_of_a_message_hold_for_the_next(desk: Desk) -> None:
    session = Session(desk.terms, authenticator=desk.authenticator)
    session.connect(*OUTSIDE)
    for number, (name, value) in enumerate(MINE.fields):
        if number == 0:
            session.mail(MINE.sender)
            session.log_in(VANTHU)
            session.rcpt(CITIZEN)
            desk.settings = IdentitySettings()
        session.header(name.decode(), value)
    assert signed(session.end())
    assert not signed(desk.outcome(MINE))


@pytest.mark.parametrize("mail", [MINE, CLAIM], ids=["signed", "looked into"])
def test_a_large_message_is_not_held(desk: Desk, mail: Mail) -> None:
    signature = f"v=1; a=rsa-sha256; d={OFFICE}; s=x; h=from; c=simple/relaxed; bh=AAAA; b=AAAA".encode()
    session = Session(desk.terms, authenticator=desk.authenticator)
    session.connect(*OUTSIDE)
    tell(session, above(mail, (b"DKIM-Signature", signature)))
    chunk = b"van ban  \r\n" * 6000
    tracemalloc.start()
    for _ in range(200):
        session.body(chunk)
    session.end()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000  # of 13 MB


def test_deletions_come_first_once_each_and_leave_no_number_wrong() -> None:
    added = InsertHeader("A", "x")
    one, two, other = DeleteHeader("A", 1), DeleteHeader("A", 2), DeleteHeader("B", 1)
    assert in_order([one, added, two, other, one]) == (other, two, one, added)
