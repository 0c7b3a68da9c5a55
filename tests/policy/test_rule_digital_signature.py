# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose outgoing mail must be signed, and what is said of incoming mail whose signature does not hold."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from letter import LOOPBACK, STRANGER, letter
from listed import MADE, found
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.judge import Policy, judge
from mailpolicy.message import Envelope, Part
from mailpolicy.parameters import DigitalSignature
from mailpolicy.regulation import load
from mailpolicy.signature import Signature, Signatures, Signed, Soundness
from mailpolicy.site import for_regulation
from mailpolicy.snapshot.contents import Contents
from mailpolicy.snapshot.encode import encode
from mailpolicy.verdict import Action, Certainty, Judged, Mode

AGENCY, UNIT, PERSON = (f"{name}@monre.gov.vn" for name in ("bo", "vanphong", "canbo1"))
UNSOUND = [one for one in Soundness if one not in (Soundness.VALID, Soundness.PRESENT)]
CITIZEN = "nguoidan@example.org"
MAILBOXES = [Mailbox(AGENCY, Kind.AGENCY), Mailbox(UNIT, Kind.UNIT), Mailbox(PERSON)]
PLAIN = (Part("1", "text/plain"),)
SIGNED = (
    Part("TEXT", "multipart/signed", container=True),
    Part("1", "text/plain"),
    Part("2", "application/x-pkcs7-signature"),
)
OPAQUE = (Part("1", "application/pkcs7-mime", filenames=("smime.p7m",), attachment=True),)


def ministry(*, directory: bool = True, **parameters: Any) -> Policy:
    """The ministry, with these parameters in the site's file."""
    site = for_regulation(load("MR"))
    choice = site.choices["digital-signature"]
    values = choice.duty.parameters.model_dump() | parameters
    changed = replace(choice, duty=replace(choice.duty, parameters=DigitalSignature(**values)))
    choices = MappingProxyType({**site.choices, "digital-signature": changed})
    policy = Policy.of(replace(site, choices=choices))
    if not directory:
        return policy
    return replace(policy, context=replace(policy.context, directory=Contents(encode(MAILBOXES, (), MADE))))


ALL = ministry(signers=("all",))


def sent(
    sender: str = PERSON,
    *,
    to: tuple[str, ...] = (CITIZEN,),
    parts: tuple[Part, ...] = PLAIN,
    fields: tuple[tuple[str, str], ...] = (),
    policy: Policy = ALL,
    login: str | None = None,
) -> Judged | None:
    envelope = Envelope(sender, to, login=PERSON if login is None else login, client_address=LOOPBACK)
    return found(
        judge(letter(policy, envelope, ("From", sender), *fields, parts=parts), policy), "digital-signature"
    )


def test_unsigned_mail_of_who_signs_is_refused() -> None:
    one = sent()
    assert one is not None
    assert (one.mode, one.action, one.finding.article) == (Mode.ENFORCE, Action.REJECT, "9.2")


@pytest.mark.parametrize("parts", [SIGNED, OPAQUE], ids=["detached", "opaque"])
def test_signed_mail_passes(parts: tuple[Part, ...]) -> None:
    assert sent(parts=parts) is None


def test_encrypted_mail_passes_for_nobody_sees_whether_it_is_signed() -> None:
    kind = ("Content-Type", 'application/pkcs7-mime; smime-type="enveloped-data"')
    assert sent(parts=OPAQUE, fields=(kind,)) is None


def test_mail_that_stays_inside_needs_no_signature() -> None:
    assert sent(to=(UNIT,)) is None
    assert sent(to=(UNIT, CITIZEN)) is not None


def test_answers_of_programs_need_none() -> None:
    assert sent("") is None
    assert sent(fields=(("Auto-Submitted", "auto-replied"),)) is None
    assert sent(login="") is None


@pytest.mark.parametrize(
    ("signers", "asked"),
    [
        ((), set()),
        (("agency",), {AGENCY}),
        (("agency", "unit"), {AGENCY, UNIT}),
        (("person",), {PERSON}),
        (("all",), {AGENCY, UNIT, PERSON}),
    ],
)
def test_the_office_says_who_was_issued_a_signature(signers: tuple[str, ...], asked: set[str]) -> None:
    policy = ministry(signers=signers)
    assert {one for one in (AGENCY, UNIT, PERSON) if sent(one, policy=policy)} == asked


def test_single_addresses_may_be_named() -> None:
    policy = ministry(signer_addresses=(UNIT,), directory=False)
    assert sent(UNIT, policy=policy) is not None
    assert sent(UNIT.upper(), policy=policy) is not None
    assert sent(AGENCY, policy=policy) is None


def test_without_a_directory_no_kind_is_known() -> None:
    assert sent(AGENCY, policy=ministry(signers=("agency",), directory=False)) is None
    assert sent(AGENCY, policy=ministry(signers=("all",), directory=False)) is not None


def test_the_text_alone_asks_nobody_for_it_says_whoever_was_issued_one() -> None:
    assert sent(policy=Policy.of(for_regulation(load("MR")))) is None


@pytest.mark.parametrize("short", ["CT", "ST"])
def test_a_text_that_only_names_the_law_demands_nothing(short: str) -> None:
    policy = Policy.of(for_regulation(load(short)))
    me = f"canbo1@{next(iter(policy.context.domains))}"
    mail = letter(policy, Envelope(me, (CITIZEN,), login=me), ("From", me), parts=PLAIN)
    assert found(judge(mail, policy), "digital-signature") is None


# Incoming


def received(soundness: Soundness, signed: Signed = Signed.MAIL, policy: Policy = ALL) -> Judged | None:
    envelope = Envelope(CITIZEN, (PERSON,), client_address=STRANGER)
    mail = letter(policy, envelope, ("From", CITIZEN), parts=SIGNED)
    signatures = Signatures((Signature(signed, soundness, "Người dân"),), looked=True)
    return found(judge(replace(mail, signatures=signatures), policy), "digital-signature")


@pytest.mark.parametrize(
    "soundness",
    [
        Soundness.TAMPERED,
        Soundness.EXPIRED,
        Soundness.UNTRUSTED,
        Soundness.WRONG_SIGNER,
        Soundness.UNREADABLE,
    ],
)
def test_an_incoming_signature_that_does_not_hold_is_a_sign(soundness: Soundness) -> None:
    one = received(soundness)
    assert one is not None
    assert (one.finding.certainty, one.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert one.finding.evidence == {"soundness": soundness.value, "signer": "Người dân"}


@pytest.mark.parametrize("soundness", [Soundness.VALID, Soundness.PRESENT])
def test_one_that_holds_or_was_not_verified_is_none(soundness: Soundness) -> None:
    assert received(soundness) is None


def test_only_the_mails_own_signature_counts_and_only_where_incoming_mail_is_verified() -> None:
    assert received(Soundness.TAMPERED, Signed.DOCUMENT) is None
    assert received(Soundness.TAMPERED, policy=ministry(verify_incoming=False)) is None


CONFIDENTIAL = ("Sensitivity", "Company-Confidential")
ENVELOPED = ("Content-Type", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
PGP = (
    Part("TEXT", "multipart/encrypted", container=True),
    Part("1", "application/pgp-encrypted"),
    Part("2", "application/octet-stream", filenames=("encrypted.asc",), attachment=True),
)
NOBODY = ministry()


@pytest.mark.parametrize("to", [CITIZEN, UNIT])
def test_confidential_mail_in_the_clear_is_a_sign(to: str) -> None:
    one = sent(to=(to,), policy=NOBODY, fields=(CONFIDENTIAL,))
    assert one is not None
    assert (one.finding.certainty, one.mode) == (Certainty.SIGN, Mode.OBSERVE)
    assert "not encrypted" in one.finding.detail
    signed = sent(to=(to,), policy=NOBODY, fields=(CONFIDENTIAL,), parts=SIGNED)
    assert signed is not None


@pytest.mark.parametrize(("parts", "kind"), [(OPAQUE, (ENVELOPED,)), (PGP, ())], ids=["smime", "pgp"])
def test_confidential_mail_that_is_encrypted_passes(
    parts: tuple[Part, ...], kind: tuple[tuple[str, str], ...]
) -> None:
    assert sent(policy=NOBODY, fields=(CONFIDENTIAL, *kind), parts=parts) is None


@pytest.mark.parametrize("said", ["Personal", "Private", "Normal", ""])
def test_mail_that_is_not_marked_confidential_may_go_in_the_clear(said: str) -> None:
    assert sent(policy=NOBODY, fields=(("Sensitivity", said),)) is None
    assert sent(policy=NOBODY) is None


def test_strangers_and_regulations_that_ask_for_no_encryption_are_left_alone() -> None:
    assert sent(CITIZEN, to=(PERSON,), login="", policy=NOBODY, fields=(CONFIDENTIAL,)) is None
    assert sent(policy=ministry(encrypt_important=False), fields=(CONFIDENTIAL,)) is None
