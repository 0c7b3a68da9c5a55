# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail deleted from mailboxes: what mail_log shows, told from moves, spam and the server's own clearing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from audit.maillog import START, line, login
from audit.office import Office, each_store
from audit.readlog import still_open
from audit.sweepoffice import NOW, SweepOffice
from mailaudit.store import Store
from mailaudit.store.deletion_rows import Deletion
from mailaudit.store.deletion_tables import COPIED_MAIL, DELETIONS, LASTS
from mailaudit.usage.period import asked
from mailaudit.violations.folders import Use, use_of
from mailaudit.violations.ledger import Rules, ledger
from mailpolicy.directory import Kind, Mailbox
from mailpolicy.ledger import Violation
from mailpolicy.officetime import office_time
from mailpolicy.siteloading import load_site

WHO = "vanthu@example.org"
OFFICES = {"CT": "cantho-33-2015", "HCM": "hcm-tnmt-2018-draft", "MR": "monre-2019-2016"}


def did(
    action: str,
    folder: str,
    mail: str = "<m@example.com>",
    *,
    at: float = 0,
    who: str = f"imap({WHO})",
    size: int = 576,
) -> str:
    """A line of mail_log, as Dovecot 2.3 and 2.4 write it; `at` is in seconds."""
    text = f"{who}<7><s1>: {action}: box={folder}, uid=1, msgid={mail}, size={size}"
    return line(START + timedelta(seconds=at), "dovecot", text)


def moved(source: str, target: str, mail: str = "<m@example.com>", *, at: float = 0) -> list[str]:
    return [did(f"copy from {source}", target, mail, at=at), did("expunge", source, mail, at=at)]


def deletions(store: Store) -> list[Deletion]:
    return [Deletion(*row) for row in store.rows(sa.select(DELETIONS).order_by(*DELETIONS.primary_key))]


def shown(office: Office, lines: Iterable[str]) -> list[tuple[str, str, int]]:
    office.ingest(office.write("mail.log", [login(START, WHO), *lines]))
    assert {row.mailbox for row in deletions(office.store)} <= {WHO}
    return [(row.folder, row.how, row.messages) for row in deletions(office.store)]


GONE = {
    "marked and expunged": ([did("delete", "INBOX"), did("expunge", "INBOX")], ("inbox", "deleted", 1)),
    "sent mail": ([did("expunge", "Thư đã gửi")], ("sent", "deleted", 1)),
    "filed mail": ([did("expunge", "Công văn/2026")], ("filed", "deleted", 1)),
    "moved to the trash": (moved("INBOX", "Trash"), ("inbox", "trashed", 1)),
    "moved to the trash, in Vietnamese": (moved("INBOX", "Thùng rác"), ("inbox", "trashed", 1)),
    "copied to the trash, marked, expunged": (
        [did("copy from INBOX", "Trash"), did("delete", "INBOX", at=5), did("expunge", "INBOX", at=90)],
        ("inbox", "trashed", 1),
    ),
    "without a Message-ID": (moved("INBOX", "Trash", ""), ("inbox", "trashed", 1)),
    "over POP3": ([did("expunge", "INBOX", who=f"pop3({WHO})")], ("inbox", "fetched", 1)),
    "filed, and then deleted there": (
        [*moved("INBOX", "Lưu"), did("expunge", "Lưu", at=9)],
        ("filed", "deleted", 1),
    ),
    "filed, taken back, deleted": (
        [*moved("INBOX", "Lưu"), *moved("Lưu", "INBOX", at=5), did("expunge", "INBOX", at=9)],
        ("inbox", "deleted", 1),
    ),
    "a copy deleted, and then the mail": (
        [did("copy from INBOX", "Lưu"), did("expunge", "Lưu", at=5), did("expunge", "INBOX", at=9)],
        ("inbox", "deleted", 1),
    ),
    "the trash emptied of it later": (
        [*moved("INBOX", "Trash"), did("expunge", "Trash", at=9)],
        ("inbox", "trashed", 1),
    ),
    "another mail filed meanwhile": (
        [did("copy from INBOX", "Lưu", "<other@example.com>"), did("expunge", "INBOX")],
        ("inbox", "deleted", 1),
    ),
}
KEPT = {
    "only marked": [did("delete", "INBOX")],
    "marked and restored": [did("delete", "INBOX"), did("undelete", "INBOX")],
    "filed": moved("INBOX", "Lưu trữ"),
    "filed by a client that expunges later": [
        did("copy from INBOX", "Lưu"),
        did("delete", "INBOX"),
        did("expunge", "INBOX", at=3 * 86400),
    ],
    "put to spam": moved("INBOX", "Junk"),
    "put to spam, in Vietnamese": moved("INBOX", "Thư rác"),
    "cleared from spam": [did("expunge", "Junk")],
    "cleared from the trash": [did("expunge", "INBOX.Trash")],
    "taken back from the trash": moved("Trash", "INBOX"),
    "a draft saved anew": [did("expunge", "Bản nháp")],
    "a copy deleted again": [did("copy from INBOX", "Lưu"), did("expunge", "Lưu", at=5)],
    "a copy put to the trash": [did("copy from INBOX", "Lưu"), *moved("Lưu", "Trash", at=5)],
    "by the server, for its age": [did("autoexpunge", "INBOX")],
    "by doveadm": [did("expunge", "INBOX", who=f"doveadm({WHO})")],
    "by doveadm's server": [did("expunge", "INBOX", who=f"doveadm-server({WHO})")],
    "by dsync": [did("expunge", "INBOX", who=f"dsync-server({WHO})")],
    "by a master user, in his name": [did("expunge", "INBOX", who=f"imap({WHO}*helpdesk)")],
}


@pytest.mark.parametrize("way", GONE)
def test_what_an_owner_deletes_is_counted_once(office: Office, way: str) -> None:
    lines, expected = GONE[way]
    assert shown(office, lines) == [expected]


@pytest.mark.parametrize("way", KEPT)
def test_what_is_kept_or_is_no_mail_or_no_owners_act_is_not_counted(office: Office, way: str) -> None:
    assert shown(office, KEPT[way]) == []


def test_a_master_user_who_is_named_by_the_login_alone_deletes_nothing_for_the_owner(office: Office) -> None:
    where = "method=PLAIN, rip=192.0.2.9, lip=192.0.2.25, mpid=7, TLS, session=<s1>, auth_user=<helpdesk>"
    lines = [
        line(START, "dovecot", f"imap-login: Login: user=<{WHO}>, {where}"),
        did("expunge", "INBOX", at=1),
    ]
    office.ingest(office.write("mail.log", lines[:1]))
    office.ingest(office.write("mail.log", lines))
    assert deletions(office.store) == []


@pytest.mark.parametrize(
    ("folder", "use"),
    [
        ("inbox", Use.INBOX),
        ("INBOX/Trash", Use.TRASH),
        ("INBOX.Sent.2026", Use.SENT),
        ("Trash/Sent", Use.TRASH),
        ("Deleted Items", Use.TRASH),
        ("Thu\u0300ng ra\u0301c", Use.TRASH),  # decomposed, as macOS writes
        ("Mục đã Xóa", Use.TRASH),
        ("Mục đã Xoá", Use.TRASH),
        ("Mục đã Gửi", Use.SENT),
        ("Junk E-mail", Use.SPAM),
        ("Papierkorb", Use.TRASH),
        ("Gelöschte Elemente", Use.TRASH),
        ("Rác thải y tế", Use.FILED),
        ("Sentosa", Use.FILED),
        ("INBOX/Sở Y tế", Use.FILED),
    ],
)
def test_folders_are_known_by_name(folder: str, use: Use) -> None:
    assert use_of(folder) is use


@each_store
def test_totals_are_the_same_wherever_one_reading_ends(office: Office, tmp_path: Path) -> None:
    lines = _day(Random(20))  # noqa: S311
    whole = Office.at(_folder(tmp_path / "whole"))
    whole.ingest(whole.write("mail.log", lines))
    for end in (7, 19, 20, 41, len(lines)):
        office.ingest(office.write("mail.log", lines[:end]))
    assert deletions(office.store) == deletions(whole.store) != []
    assert _waiting(office) == _waiting(whole)


def test_a_log_that_is_read_again_adds_nothing(office: Office) -> None:
    log = office.write("mail.log", GONE["moved to the trash"][0])
    office.ingest(log)
    before = deletions(office.store)
    office.ingest(log)
    office.ingest(office.write("mail.log.1.gz", GONE["moved to the trash"][0]))
    assert deletions(office.store) == before != []


def test_a_copy_is_forgotten_after_a_week(office: Office) -> None:
    late = LASTS.total_seconds() + 60
    lines = [
        login(START, WHO),
        did("copy from INBOX", "Lưu"),
        did("delete", "INBOX", "<o@example.com>", at=late),
    ]
    office.ingest(office.write("mail.log", lines[:2]))
    assert len(_waiting(office)) == 1
    office.ingest(office.write("mail.log", lines))
    assert _waiting(office) == []


def test_evidence_is_the_days_first_line(office: Office) -> None:
    lines = [
        login(START, WHO),
        did("expunge", "INBOX", "<b@example.com>", at=60),
        did("expunge", "INBOX", "<c@example.com>", at=90),
        did("expunge", "INBOX", "<d@example.com>", at=86400),
    ]
    for end in range(1, len(lines) + 1):
        office.ingest(office.write("mail.log", lines[:end]))
    first, second = deletions(office.store)
    assert (first.messages, first.message_id, first.position) == (2, "<b@example.com>", len(lines[0]))
    assert (second.messages, second.message_id) == (1, "<d@example.com>")


def found(office: Office, law: str, kind: Kind, more: str = "", address: str = WHO) -> Sequence[Violation]:
    file = office.home / "site.toml"
    file.write_text(f'regulation = "{OFFICES[law]}"\ndomains = ["example.org"]\n{more}')
    store = office.store
    rules = Rules.of(load_site(file).site, [Mailbox(address, kind)])
    return ledger(store, still_open(store), rules, asked(store, None, None))


def test_what_the_text_forbids_is_certain_only_where_no_exception_may_cover_it(office: Office) -> None:
    shown(
        office, [did("expunge", "INBOX", "<a@example.com>"), did("expunge", "Sent", "<b@example.com>", at=9)]
    )
    inbox, sent = found(office, "CT", Kind.AGENCY)
    assert (inbox.code, inbox.article, inbox.mailbox, inbox.certain) == ("no-deletion", "11.3", WHO, False)
    assert (sent.certain, sent.outcome, sent.what) == (True, "deleted", "mail it had sent was deleted")
    assert sent.time == (START + timedelta(seconds=9)).astimezone()


@pytest.mark.parametrize(("law", "kind"), [("HCM", Kind.PERSON), ("MR", Kind.UNIT), ("MR", Kind.AGENCY)])
def test_where_the_text_says_only_keep_it_is_a_sign(office: Office, law: str, kind: Kind) -> None:
    shown(office, [did("expunge", "Sent")])
    assert [one.certain for one in found(office, law, kind)] == [False]


@pytest.mark.parametrize(
    ("law", "kind"), [("CT", Kind.PERSON), ("CT", Kind.LIST), ("HCM", Kind.UNIT), ("MR", Kind.PERSON)]
)
def test_others_mailboxes_are_not_meant(office: Office, law: str, kind: Kind) -> None:
    shown(office, [did("expunge", "Sent")])
    assert found(office, law, kind) == []


def test_a_duty_that_is_off_and_a_mailbox_that_nobody_knows_give_nothing(office: Office) -> None:
    shown(office, [did("expunge", "Sent")])
    assert found(office, "CT", Kind.AGENCY, '[duties.no-deletion]\nmode = "off"\n') == []
    assert found(office, "CT", Kind.AGENCY, address="phongtckh@example.org") == []


def test_a_login_without_a_domain_is_the_only_mailbox_it_may_stand_for(office: Office) -> None:
    office.ingest(office.write("mail.log", [login(START, WHO), did("expunge", "Sent", who="imap(vanthu)")]))
    assert [one.mailbox for one in found(office, "CT", Kind.AGENCY)] == ["vanthu"]


def test_a_sweep_puts_them_on_the_units_list_where_the_text_forbids_deleting(tmp_path: Path) -> None:
    its = SweepOffice(tmp_path, regulation="CT")
    box = f"{WHO},agency,Sở,2020-01-01\n"
    (its.folder / "boxes.csv").write_text(f"address,kind,unit,created\n{box}", "utf-8")
    at = office_time(NOW - timedelta(minutes=50)).isoformat()
    expunge = f"imap({WHO})<7><s1>: expunge: box=INBOX, uid=1, msgid=<m@example.com>, size=576"
    its.read_logs(f"{at} mail dovecot: {expunge}\n")
    [step] = [one for one in its.plan()["steps"] if one["duty"] == "no-deletion"]
    assert (step["step"], step["mailbox"], step["article"]) == ("review", WHO, "11.3")
    assert "1 message deleted" in step["reason"]
    [shown] = step["violations"]
    assert shown["what"] == "mail in its INBOX was deleted"


def _day(chance: Random) -> list[str]:
    lines = [login(START, WHO)]
    folders = ["INBOX", "Sent", "Lưu", "Trash", "Junk", "INBOX/Phòng A"]
    for at in range(60):
        mail, folder = f"<{chance.randrange(8)}@example.com>", chance.choice(folders)
        action = chance.choice(["expunge", "expunge", f"copy from {chance.choice(folders)}", "delete"])
        lines.append(did(action, folder, mail, at=at * 1500))
    assert Counter("expunge:" in one for one in lines)[True] > 20
    return lines


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _waiting(office: Office) -> list[tuple[object, ...]]:
    return [
        tuple(row) for row in office.store.rows(sa.select(COPIED_MAIL).order_by(*COPIED_MAIL.primary_key))
    ]
