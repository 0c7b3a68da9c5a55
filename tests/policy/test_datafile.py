# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists in data/: read when needed, replaced as a whole, and a broken one is named."""

import pickle
from pathlib import Path

import pytest

from mailpolicy.files.problems import BadFile
from mailpolicy.lists import datafile, registration
from mailpolicy.lists.datafile import DataFile, entries
from mailpolicy.lists.publicmail import PublicMail, shipped


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFile[frozenset[str]]:
    """A list that no rule asks, alone among those in use."""
    monkeypatch.setattr(datafile, "_files", {})
    (tmp_path / "list.txt").write_text("gmail.com  # everybody's\n\n# none\n yahoo.com\n")
    return DataFile(str(tmp_path / "list.txt"), entries)


def test_entries_are_lines_without_remarks(file: DataFile[frozenset[str]]) -> None:
    assert file() == {"gmail.com", "yahoo.com"}


def test_a_changed_file_holds_when_it_is_read_and_put_in_force(file: DataFile[frozenset[str]]) -> None:
    before = file()
    file.path.write_text("example.org\n")
    assert file() == before
    values = datafile.read_all()
    assert file() == before
    datafile.put_all(values)
    assert file() == {"example.org"}


@pytest.mark.parametrize("data", [b"\xff\n", None])
def test_a_list_that_cannot_be_read_is_named(file: DataFile[frozenset[str]], data: bytes | None) -> None:
    if data is None:
        file.path.unlink()
    else:
        file.path.write_bytes(data)
    with pytest.raises(BadFile, match=f"{file.path}: file: can't be read"):
        datafile.read_all()


def test_all_lists_go_from_one_process_to_another() -> None:
    values = pickle.loads(pickle.dumps(datafile.read_all()))  # noqa: S301 - our own
    assert values["public-mail.txt"] == shipped()
    assert values["registration-senders.toml"] == registration.shipped()


def test_what_is_put_in_force_is_what_rules_ask() -> None:
    kept = datafile.read_all()
    assert PublicMail().matches("gmail.com") == "gmail.com"
    try:
        datafile.put_all({"public-mail.txt": frozenset({"example.org"})})
        assert PublicMail().matches("gmail.com") is None
        assert PublicMail().matches("example.org") == "example.org"
    finally:
        datafile.put_all(kept)
