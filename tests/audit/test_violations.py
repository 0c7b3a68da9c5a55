# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwards that only logs show, and what the gate found: each once, and nothing that did not happen."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.maillog import START, line
from audit.office import Office, each_store
from audit.readlog import still_open
from mailaudit.usage.period import asked
from mailaudit.violations.ledger import Rules, ledger
from mailpolicy.ledger import Violation, decode, encode
from mailpolicy.siteloading import load_site

SITE = """
regulation = "soctrang-59-2024"
domains = ["example.org"]
"""
OUT = "mx.example.com[192.0.2.9]:25"


def rules(folder: Path, more: str = "") -> Rules:
    file = folder / "site.toml"
    file.write_text(SITE + more)
    return Rules(load_site(file).site)


def found(office: Office, asked_of: Rules) -> list[Violation]:
    store = office.store
    return ledger(store, still_open(store), asked_of, asked(store, None, None))


def message(
    queue_id: str, *deliveries: str, came: str = "client=mx.example.com[198.51.100.7]", at: int = 0
) -> list[str]:
    """A message with its Message-ID <m@example.com>, its deliveries, and its removal."""
    texts = [came, "message-id=<m@example.com>", "from=<a@example.com>, size=365, nrcpt=1 (queue active)"]
    programs = ["smtpd" if came.startswith("client") else "pickup", "cleanup", "qmgr"]
    lines = [(p, t) for p, t in zip(programs, texts, strict=True) if t]
    lines += [(program, text) for program, _, text in (each.partition(" ") for each in deliveries)]
    lines += [("qmgr", "removed")]
    return [line(START + timedelta(seconds=at), f"postfix/{p}[7]", f"{queue_id}: {t}") for p, t in lines]


def sent(
    to: str,
    more: str = "",
    *,
    agent: str = "smtp",
    relay: str = OUT,
    said: str = "250 ok",
    status: str = "sent",
) -> str:
    return f"{agent} to=<{to}>{more}, relay={relay}, delay=1, dsn=2.0.0, status={status} ({said})"


def in_mailbox(to: str, more: str = "") -> str:
    return sent(to, more, agent="lmtp", relay="mail[private/lmtp]", said=f"250 2.0.0 <{to}> xyz Saved")


def sieve(user: str, target: str, action: str = "redirect action: forwarded to") -> str:
    return line(START, "dovecot", f"lmtp({user})<7><s>: sieve: msgid=<m@example.com>: {action} <{target}>")


FORWARDS = {
    "an alias": message("A1B2C3", sent("me@gmail.com", ", orig_to=<canbo1@example.org>")),
    "an alias behind a filter": [
        *message("B1B2C3", sent("me@gmail.com"), came="client=localhost[127.0.0.1]"),
        *message(
            "A1B2C3",
            sent(
                "me@gmail.com",
                ", orig_to=<canbo1@example.org>",
                relay="127.0.0.1[127.0.0.1]:10024",
                said="250 2.0.0 Ok: queued as B1B2C3",
            ),
        ),
    ],
    "a forward file": [
        *message(
            "A1B2C3", sent("canbo1@example.org", agent="local", relay="local", said="forwarded as B1B2C3")
        ),
        *message("B1B2C3", sent("me@gmail.com", ", orig_to=<canbo1@example.org>"), came=""),
    ],
    "Sieve": [
        *message("A1B2C3", in_mailbox("canbo1@example.org")),
        sieve("canbo1@example.org", "me@gmail.com"),
        *message("B1B2C3", sent("Me@gmail.com"), came="uid=5000 from=<a@example.com>"),
    ],
    "a copy": message("A1B2C3", in_mailbox("canbo1@example.org"), sent("me@gmail.com")),
}


@pytest.mark.parametrize("how", FORWARDS)
def test_a_forward_to_public_mail_is_a_violation(office: Office, tmp_path: Path, how: str) -> None:
    office.ingest(office.write("mail.log", FORWARDS[how]))
    [one] = found(office, rules(tmp_path))
    assert (one.code, one.article, one.mailbox, one.target) == (
        "auto-forward",
        "9.3",
        "canbo1@example.org",
        "me@gmail.com",
    )
    assert (one.outcome, one.messages, one.seen_in, one.certain) == ("delivered", 1, "log", how != "a copy")
    with Path(one.file).open("rb") as log:
        log.seek(one.position)
        assert b"gmail.com" in log.readline()


@pytest.mark.parametrize("how", FORWARDS)
def test_a_forward_is_one_when_a_batch_ends_anywhere_in_it(office: Office, tmp_path: Path, how: str) -> None:
    log = [
        *FORWARDS[how],
        line(START + timedelta(hours=2), "postfix/anvil[7]", "statistics: max cache size 1 at x"),
    ]
    for end in [*range(1, len(log), 4), len(log)]:
        office.ingest(office.write("mail.log", log[:end]))
    assert [(one.outcome, one.messages) for one in found(office, rules(tmp_path))] == [("delivered", 1)]


INNOCENT = {
    "written by hand": message(
        "A1B2C3",
        sent("me@gmail.com"),
        came="client=pc[192.0.2.8], sasl_method=PLAIN, sasl_username=canbo1@example.org",
    ),
    "an alias within the office": message(
        "A1B2C3", in_mailbox("canbo2@example.org", ", orig_to=<vanthu@example.org>")
    ),
    "to another agency": message("A1B2C3", sent("a@cantho.gov.vn", ", orig_to=<canbo1@example.org>")),
    "not delivered": message(
        "A1B2C3", sent("me@gmail.com", ", orig_to=<canbo1@example.org>", status="bounced")
    ),
    "of another office": message("A1B2C3", sent("me@gmail.com", ", orig_to=<a@example.net>")),
    "a bounce to what SRS rewrote": message(
        "A1B2C3", sent("me@gmail.com", ", orig_to=<SRS0=HHH=TT=gmail.com=me@example.org>")
    ),
    "a vacation answer": [
        *message("A1B2C3", in_mailbox("canbo1@example.org")),
        sieve("canbo1@example.org", "me@gmail.com", "vacation action: sent vacation response to"),
        *message("B1B2C3", sent("me@gmail.com"), came="uid=5000 from=<>"),
    ],
    "an own application to both": message(
        "A1B2C3", in_mailbox("canbo1@example.org"), sent("me@gmail.com"), came="client=app[10.0.0.9]"
    ),
    "a Message-ID that says so": [
        line(
            START,
            "postfix/cleanup[7]",
            "A1B2C3: message-id=<to=<me@gmail.com>, orig_to=<canbo1@example.org>, status=sent (ok)>",
        )
    ],
}


@pytest.mark.parametrize("what", INNOCENT)
def test_what_is_no_forward_to_public_mail_is_none(office: Office, tmp_path: Path, what: str) -> None:
    office.ingest(office.write("mail.log", INNOCENT[what]))
    assert found(office, rules(tmp_path)) == []


def test_a_copy_that_was_refused_is_not_called_delivered(office: Office, tmp_path: Path) -> None:
    office.ingest(office.write("mail.log", [sieve("canbo1@example.org", "me@gmail.com")]))
    assert [(one.outcome, one.messages) for one in found(office, rules(tmp_path))] == [("not-delivered", 1)]


def test_mailing_lists_and_a_duty_that_is_off_are_left_out(office: Office, tmp_path: Path) -> None:
    office.ingest(office.write("mail.log", FORWARDS["an alias"]))
    off = rules(tmp_path, '[duties.auto-forward]\nmode = "off"\n')
    assert found(office, off) == []
    assert found(office, Rules(rules(tmp_path).site, {"canbo1@example.org"})) == []


def verdict(findings: Sequence[object], recipients: list[str], **more: object) -> str:
    said = {
        "timestamp": START.replace(tzinfo=UTC).isoformat(),
        "event": "verdict",
        "queue_id": "B1B2C3",
        "message_id": "<m@example.com>",
        "sender": "a@example.com",
        "recipients": recipients,
        "login": "",
        "direction": "outbound",
        "findings": findings,
    }
    return json.dumps(said | more) + "\n"


FORWARD = {
    "code": "auto-forward",
    "article": "9.3",
    "mode": "observe",
    "action": "redirect",
    "detail": "a forward",
}


@each_store
def test_a_forward_that_gate_and_log_show_is_one(office: Office, tmp_path: Path) -> None:
    by_gate = verdict([FORWARD | {"evidence": {"mailbox": "canbo1@example.org"}}], ["me@gmail.com"])
    office.ingest(office.write("mail.log", FORWARDS["Sieve"]), office.write("gate.log", [by_gate]))
    [one] = found(office, rules(tmp_path))
    assert (one.seen_in, one.outcome, one.messages) == ("log and gate", "delivered", 1)


@each_store
def test_each_finding_of_the_gate_is_a_violation_of_who_logged_in(office: Office, tmp_path: Path) -> None:
    subject = {
        "code": "subject-required",
        "article": "5.1",
        "mode": "enforce",
        "action": "reject",
        "detail": "none",
    }
    unicode = {"code": "unicode", "article": "6", "mode": "observe", "action": "annotate", "detail": "old"}
    lines = [
        verdict([subject, unicode], ["a@example.com"], login="Canbo1@example.org"),
        verdict([subject], ["canbo1@example.org"], direction="inbound"),
        verdict([], ["a@example.com"], login="canbo2@example.org"),
    ]
    office.ingest(office.write("gate.log", lines))
    assert [(one.code, one.mailbox, one.outcome) for one in found(office, rules(tmp_path))] == [
        ("subject-required", "canbo1@example.org", "reject"),
        ("unicode", "canbo1@example.org", "observe"),
    ]


@each_store
def test_what_the_gate_is_not_certain_of_is_called_a_sign(office: Office, tmp_path: Path) -> None:
    said = {"sign": False, "undecided": False, "certain": True, None: True}  # None: an older gate's line
    for number, certainty in enumerate(said):
        one = FORWARD | {"code": "spam-spreading"} | ({"certainty": certainty} if certainty else {})
        mail = verdict([one], ["a@example.com"], login="canbo1@example.org", queue_id=f"B{number}")
        office.ingest(office.write(f"gate{number}.log", [mail]))
    assert [one.certain for one in found(office, rules(tmp_path))] == list(said.values())


texts = st.text(max_size=20)


@given(st.builds(Violation, *[texts] * 3, st.datetimes(timezones=st.just(UTC)), *[texts] * 4, st.integers(0)))
def test_a_violation_is_one_line_and_back(violation: Violation) -> None:
    assert "\n" not in encode(violation)
    assert encode(violation).isascii()
    assert decode(encode(violation)) == violation


@pytest.mark.parametrize("line_", ["", "{}", "[]", '{"time": "2026-11-21"}', '{"time": 3}'])
def test_what_is_no_violation_is_refused(line_: str) -> None:
    with pytest.raises(ValueError):
        decode(line_)


def test_two_of_a_day_are_one_of_more_messages() -> None:
    one = Violation("c", "1", "a@b", datetime(2026, 1, 1, tzinfo=UTC), "w", "delivered", "log", "f", 1, "x@y")
    assert one.merged(one).messages == 2
