# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary office mail is never called malformed, and its files are found under their names."""

import pytest

from gate.ordinary import BY_HAND, BY_PROGRAM, ROUNDCUBE
from mailgate.scanner import scan_message

SAMPLES = {name: (text.encode(), files) for name, (text, files) in BY_HAND.items()} | {
    name: (write(), files) for name, (write, files) in BY_PROGRAM.items()
}
NOTES = {
    "mailing list": "_______________________________________________\nBan tin mailing list\n",
    "virus scanner": "\n-- \nThis message has been scanned (no virus found).\n",
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_ordinary_mail_is_not_malformed(sample: str) -> None:
    assert scan_message(SAMPLES[sample][0])[1].malformed == ()


@pytest.mark.parametrize("sample", SAMPLES)
def test_its_files_are_found_by_name_and_nothing_else_is_attached(sample: str) -> None:
    raw, files = SAMPLES[sample]
    parts = scan_message(raw)[1].parts
    assert tuple(part.filename for part in parts if part.attachment and part.filename) == files


@pytest.mark.parametrize("note", NOTES)
def test_a_note_put_below_the_last_boundary_is_ambiguous_and_nothing_worse(note: str) -> None:
    found = scan_message((ROUNDCUBE + NOTES[note]).encode())[1]
    assert found.malformed == ("text-after-close",)
