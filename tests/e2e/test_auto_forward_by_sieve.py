# SPDX-License-Identifier: GPL-3.0-or-later
"""What users' Sieve scripts try, and what other servers' scripts send us, on both roads to Postfix."""

from collections.abc import Iterator

import pytest

from bed import Bed, compose, reconfigure
from bed.gate import Gate
from e2e.forwarding import CITIZEN, OFFICE, PARTNER, PASSWORD, PRIVATE, copies, left

pytestmark = pytest.mark.e2e

EDITOR, ERASER, SEVERAL, NOTIFIED, FIRST, SECOND, ROUND, ABOUT, PLAIN = (
    f"canbo{number}@{OFFICE}" for number in range(1, 10)
)
USERS = dict.fromkeys((EDITOR, ERASER, SEVERAL, NOTIFIED, FIRST, SECOND, ROUND, ABOUT, PLAIN), PASSWORD)
SIEVE = {
    # What Dovecot's own how-to recommends, so that the copy passes SPF and DMARC.
    EDITOR: f'require "editheader"; deleteheader "From"; addheader "From" "{EDITOR}"; redirect "{PRIVATE}";',
    ERASER: 'require "editheader"; deleteheader "X-Sieve"; deleteheader "X-Sieve-Redirected-From";'
    f'deleteheader "Delivered-To"; redirect "{PRIVATE}"; deleteheader "X-Sieve-Redirected-From";',
    SEVERAL: f'redirect "{PARTNER}"; redirect "{PRIVATE}"; keep;',
    NOTIFIED: f'require "enotify"; notify :message "Thư mới" "mailto:{PRIVATE}"; keep;',
    FIRST: f'redirect "{SECOND}";',
    SECOND: f'redirect "{PRIVATE}";',
    ROUND: f'redirect "{ABOUT}";',
    ABOUT: f'redirect "{ROUND}";',
}
EDITHEADER = {
    "2.3": "plugin {\n  sieve_extensions = +editheader\n}",
    "2.4": "sieve_extensions {\n  editheader = yes\n}",
}
NO_REDIRECTS = {"2.3": "plugin {\n  sieve_max_redirects = 0\n}", "2.4": "sieve_max_redirects = 0"}


@pytest.fixture(scope="module", params=[True, False], ids=["over SMTP", "through sendmail"])
def office(request: pytest.FixtureRequest, gate: Gate) -> Iterator[Bed]:
    with Bed(OFFICE, USERS, milter=gate.milter, sieve=SIEVE, sieve_submission=request.param) as running:
        reconfigure.dovecot(running, EDITHEADER)
        yield running


def send(office: Bed, to: str, *, ends_at: str = "", **fields: str) -> str:
    """A citizen writes; wait until the mail lies in the inbox it ends in and nothing moves any more."""
    letter = compose(CITIZEN, to, "Đơn đề nghị")
    for name, value in fields.items():
        letter[name.replace("_", "-")] = value
    assert office.send_as_stranger(letter, CITIZEN, to).accepted
    office.wait_for_mail(ends_at or to, lambda mail: mail["Message-ID"] == letter["Message-ID"])
    office.settle()
    return str(letter["Message-ID"])


def findings(gate: Gate, message_id: str) -> list[tuple[str, str]]:
    return [
        (finding["code"], finding["evidence"].get("seen_in", ""))
        for verdict in gate.verdicts()
        if verdict["message_id"] == message_id
        for finding in verdict["findings"]
    ]


@pytest.mark.parametrize("owner", [EDITOR, ERASER], ids=["rewrites the author", "takes the marks out"])
def test_a_script_can_hide_neither_behind_its_owners_name_nor_by_removing_fields(
    office: Bed, gate: Gate, owner: str
) -> None:
    message_id = send(office, owner)
    assert copies(office, owner, message_id) == 1
    assert left(office, message_id) == []
    assert findings(gate, message_id) == [("auto-forward", "X-Sieve-Redirected-From")]
    assert office.outside.departed(CITIZEN) == []


def test_of_several_targets_only_the_public_one_is_cut_off(office: Bed) -> None:
    message_id = send(office, SEVERAL)
    assert left(office, message_id) == [(PARTNER,)]
    assert copies(office, SEVERAL, message_id) == 2  # the one he keeps, and the one that came back


def test_a_notice_to_a_private_mailbox_passes_and_is_recorded_as_a_sign(office: Bed, gate: Gate) -> None:
    before = len(office.outside.departed(PRIVATE))
    message_id = send(office, NOTIFIED)
    assert copies(office, NOTIFIED, message_id) == 1
    office.wait_for_log(f"sent mail notification to <{PRIVATE}>")
    office.settle()
    (notice,) = office.outside.departed(PRIVATE)[before:]
    (verdict,) = [one for one in gate.verdicts() if one["message_id"] == str(notice.message["Message-ID"])]
    assert verdict["action"] == "accept"
    (finding,) = verdict["findings"]
    # The duty is enforced; what is only a sign is recorded as in observe.
    assert (finding["code"], finding["mode"]) == ("auto-forward", "observe")
    assert (finding["evidence"]["mailbox"], finding["evidence"]["seen_in"]) == (NOTIFIED, "Auto-Submitted")


def test_at_the_end_of_a_chain_the_last_official_mailbox_has_the_mail(office: Bed) -> None:
    message_id = send(office, FIRST, ends_at=SECOND)
    assert (copies(office, FIRST, message_id), copies(office, SECOND, message_id)) == (0, 1)
    assert left(office, message_id) == []


def test_two_mailboxes_that_forward_to_each_other_end_up_with_the_mail(office: Bed, gate: Gate) -> None:
    message_id = send(office, ROUND)
    assert copies(office, ROUND, message_id) + copies(office, ABOUT, message_id) == 1
    assert left(office, message_id) == []
    assert findings(gate, message_id) == []


@pytest.mark.parametrize("forwarder", ["ai@congty.example", PLAIN, EDITOR])
def test_mail_that_others_servers_forward_to_us_is_simply_delivered(
    office: Bed, gate: Gate, forwarder: str
) -> None:
    message_id = send(office, PLAIN, X_Sieve_Redirected_From=forwarder)
    assert copies(office, PLAIN, message_id) == 1
    assert findings(gate, message_id) == []


def test_an_office_that_forbids_all_redirects_keeps_its_mail(gate: Gate) -> None:
    sieve = {FIRST: SIEVE[FIRST], SECOND: SIEVE[SECOND]}
    with Bed(OFFICE, USERS, milter=gate.milter, sieve=sieve) as office:
        reconfigure.dovecot(office, NO_REDIRECTS)
        for owner in (FIRST, SECOND):
            message_id = send(office, owner)
            assert copies(office, owner, message_id) == 1
            assert left(office, message_id) == []
