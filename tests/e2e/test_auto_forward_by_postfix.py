# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwards by Postfix itself, or by programs it starts: what the gate sees of them, and what only the log."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bed import Bed, compose, reconfigure
from bed.gate import Gate
from e2e.forwarding import CITIZEN, OFFICE, PASSWORD, PRIVATE, left

pytestmark = pytest.mark.e2e

INNER = "noibo.soctrang.gov.vn"
CLERK, COPIED, BY_LDA = (f"{name}@{OFFICE}" for name in ("vanthu", "canbo1", "canbo2"))
MEETING, NEWS, PIPE, UNIX_USER = f"hoinghi@{OFFICE}", f"bantin@{INNER}", f"chuyen@{INNER}", f"games@{INNER}"
PAGE = (Path(__file__).parents[2] / "docs/deploy.md").read_text("utf-8")
SITE = f"""
regulation = "soctrang-59-2024"
domains = ["{OFFICE}", "{INNER}"]
trusted_networks = ["127.0.0.1/32", "::1/128"]
[duties.auto-forward]
mode = "enforce"
"""
MAIN = (
    f"mydestination = {INNER}",
    "alias_maps = texthash:@ETC@/aliases",
    "virtual_alias_maps = texthash:@ETC@/virtual",
    "recipient_bcc_maps = texthash:@ETC@/copies",
    "transport_maps = texthash:@ETC@/transport",
    "mail_spool_directory = @SPOOL@/",
    "lda_destination_recipient_limit = 1",
    "setgid_group = tty",  # pipe(8) refuses to run as the bed's group for sendmail, which Dovecot uses
)
TABLES = {
    "aliases": f'bantin {PRIVATE}\nchuyen "|@SENDMAIL@ -i -f $SENDER -- {PRIVATE}"\n',
    "virtual": f"{MEETING} {PRIVATE}\n",
    "copies": f"{COPIED} {PRIVATE}\n",
    "transport": f"{BY_LDA} lda:\n",
}
# flags=D, as many pages on Dovecot show it, makes Postfix look for its own Delivered-To on every delivery.
MASTER = """
local unix - n n - - local
lda unix - n n - - pipe
  flags=DRhu user=mail:mail argv=/usr/lib/dovecot/dovecot-lda -c @CONF@ -o log_path=/dev/stderr
  -f ${sender} -d ${recipient}
"""
LDA = {
    "2.3": "protocol lda {\n  mail_plugins = sieve\n}",
    "2.4": "protocol lda {\n  mail_plugins {\n    sieve = yes\n  }\n}",
}


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(SITE) as running:
        yield running


@pytest.fixture(scope="module", params=[True, False], ids=["over SMTP", "through sendmail"])
def office(request: pytest.FixtureRequest, gate: Gate) -> Iterator[Bed]:
    users = dict.fromkeys((CLERK, COPIED, BY_LDA), PASSWORD)
    sieve = {BY_LDA: f'redirect "{PRIVATE}";'}
    with Bed(OFFICE, users, milter=gate.milter, sieve=sieve, sieve_submission=request.param) as running:
        _add_aliases_and_programs(running)
        yield running


def _add_aliases_and_programs(office: Bed) -> None:
    spool = office.folder / "spool"
    spool.mkdir()
    spool.chmod(0o777)
    places = {
        "@ETC@": office.postfix.config,
        "@SPOOL@": spool,
        "@SENDMAIL@": office.postfix.sendmail,
        "@CONF@": office.dovecot.config,
    }
    for name, table in TABLES.items():
        (office.postfix.config / name).write_text(_filled(table, places))
    # On a real host sendmail(1) is set-gid, and every program may use it.
    (office.postfix.queue_folder / "maildrop").chmod(0o733)
    (office.postfix.queue_folder / "public").chmod(0o711)
    reconfigure.dovecot(office, LDA)
    reconfigure.postfix(office, [_filled(line, places) for line in MAIN], _filled(MASTER, places))


def _filled(text: str, places: dict[str, Path]) -> str:
    for name, place in places.items():
        text = text.replace(name, str(place))
    return text


def send(office: Bed, to: str) -> str:
    letter = compose(CITIZEN, to, "Đơn đề nghị")
    assert office.send_as_stranger(letter, CITIZEN, to).accepted
    office.settle()
    return str(letter["Message-ID"])


def verdicts(gate: Gate, message_id: str) -> list[tuple[str, tuple[str, ...], int]]:
    return [
        (one["action"], tuple(one["recipients"]), len(one["findings"]))
        for one in gate.verdicts()
        if one["message_id"] == message_id
    ]


def run_from_the_page(office: Bed, beginning: str, values: dict[str, str]) -> list[str]:
    """What the command of docs/deploy.md that begins so prints, run on the bed with these values in it."""
    (command,) = re.findall(rf"^{re.escape(beginning)}.*$", PAGE, re.MULTILINE)
    for shown, value in values.items():
        command = command.replace(shown, value)
    environment = {
        "PATH": f"{office.postfix.sendmail.parent}:/usr/sbin:/usr/bin:/bin",
        "MAIL_CONFIG": str(office.postfix.config),
    }
    done = subprocess.run(
        ["/bin/sh", "-ec", command.removeprefix("# ")],
        env=environment, capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("to", "logged"),
    [
        (MEETING, f"to=<{PRIVATE}>, orig_to=<{MEETING}>"),
        (NEWS, f"to=<{PRIVATE}>, orig_to=<{NEWS}>"),
        (COPIED, f"to=<{PRIVATE}>, relay="),
    ],
    ids=["virtual_alias_maps", "alias_maps", "recipient_bcc_maps"],
)
def test_what_postfix_itself_sends_out_shows_in_its_log_only(
    office: Bed, gate: Gate, to: str, logged: str
) -> None:
    message_id = send(office, to)
    assert left(office, message_id) == [(PRIVATE,)]
    assert verdicts(gate, message_id) == [("accept", (to,), 0)]
    office.wait_for_log(logged)


def test_a_forward_file_does_nothing_under_the_shipped_settings_and_escapes_without_them(
    office: Bed, gate: Gate
) -> None:
    forwards = office.folder / "forward"
    forwards.mkdir()
    (forwards / "games").write_text(f"{PRIVATE}\n")
    message_id = send(office, UNIX_USER)
    assert left(office, message_id) == []
    assert len(list((office.folder / "spool/games/new").iterdir())) == 1
    reconfigure.postfix(office, [f"forward_path = {forwards}/${{user}}"])
    message_id = send(office, UNIX_USER)
    assert left(office, message_id) == [(PRIVATE,)]
    assert verdicts(gate, message_id) == [("accept", (UNIX_USER,), 0)]
    office.wait_for_log("(forwarded as ")
    reconfigure.postfix(office, ["forward_path ="])


def test_a_mailbox_that_pipe_delivers_gets_its_mail_back_and_nobody_hears_of_a_loop(office: Bed) -> None:
    message_id = send(office, BY_LDA)
    assert left(office, message_id) == []
    assert office.outside.departed(CITIZEN) == []
    assert [mail["Message-ID"] for mail in office.stored(BY_LDA)] == [message_id]


def test_a_program_that_passes_on_whatever_comes_ends_in_the_hold_queue_not_in_a_loop(
    office: Bed, gate: Gate
) -> None:
    message_id = send(office, PIPE)
    assert left(office, message_id) == []
    assert office.outside.departed(CITIZEN) == []
    assert [action for action, _, _ in verdicts(gate, message_id)] == ["accept", "redirect", "quarantine"]
    (held,) = office.held()
    run_from_the_page(office, "# postcat ", {"QUEUEID": held["queue_id"], f"canbo1@{OFFICE}": CLERK})
    found = office.wait_for_mail(CLERK, lambda mail: mail["Message-ID"] == message_id)
    assert found["From"] == CITIZEN
    office.settle()
    assert office.held() == []


def test_the_audit_of_the_log_finds_what_left_through_an_alias(office: Bed) -> None:
    send(office, MEETING)
    send(office, CLERK)
    shown = run_from_the_page(office, "# grep -E ' to=<", {"/var/log/mail.log": str(office.postfix_log)})
    assert {line.partition(" to=")[2].split(",")[0] for line in shown} == {f"<{PRIVATE}>"}
