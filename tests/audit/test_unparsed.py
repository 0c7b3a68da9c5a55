# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator sees of lines that no table knows."""

import json

from typer.testing import CliRunner

from audit.maillog import START, line, login
from audit.office import Office
from mailaudit.cli import app
from mailaudit.unparsed.samples import EACH, LONGEST, Sample, samples


def test_lines_of_a_shape_are_counted_and_one_is_shown(office: Office) -> None:
    new = [
        line(START, "dovecot", f"auth: canbo{n}@example.org did what is new in 2.9 ({n})") for n in range(7)
    ]
    other = line(START, "postfix/smtpd[7]", "a wording of its own")
    office.ingest(office.write("mail.log", [login(START, "a@example.org"), *new, other]))
    assert samples(office.store) == [
        Sample("dovecot", 7, "canbo0@example.org did what is new in 2.9 (0)"),
        Sample("postfix/smtpd", 1, "a wording of its own"),
    ]


def test_samples_are_few_short_printable_and_without_passwords(office: Office) -> None:
    texts = [
        f"auth: {chr(ord('g') + n) * 9} \x1b[2J (given password: hunter2) {'y' * 2000}" for n in range(9)
    ]
    long = [line(START, "dovecot", f"imap: {'z' * 900} {text}") for text in "ab"]
    office.ingest(office.write("mail.log", [*(line(START, "dovecot", text) for text in texts), *long]))
    found = samples(office.store)
    assert len(found) == EACH
    assert found[0].lines == 2 and len(found[0].text) == LONGEST
    assert all(each.text.isprintable() and "hunter2" not in each.text for each in found)


def test_the_program_shows_them_as_a_table_and_as_json(office: Office) -> None:
    office.ingest(office.write("mail.log", [line(START, "dovecot", "auth: something new")]))
    run = CliRunner().invoke
    assert "something new" in run(app, ["--home", str(office.home), "unparsed"]).output
    found = json.loads(run(app, ["--home", str(office.home), "unparsed", "--json"]).output)
    assert found == [{"program": "dovecot", "lines": 1, "text": "something new"}]


def test_where_every_line_is_known_there_is_nothing_to_show(office: Office) -> None:
    office.ingest(office.write("mail.log", [login(START, "a@example.org")]))
    done = CliRunner().invoke(app, ["--home", str(office.home), "unparsed"])
    assert (done.exit_code, done.output) == (0, "every line is of a known kind\n")


def test_without_a_store_it_says_so(office: Office) -> None:
    assert CliRunner().invoke(app, ["--home", str(office.home), "unparsed"]).exit_code == 2
