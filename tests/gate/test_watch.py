# SPDX-License-Identifier: GPL-3.0-or-later
"""When a file is read again: once it has changed, and only when its writer has done."""

import os
from pathlib import Path

import pytest

from mailgate.watch import Watch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_text("one")
    return path


@pytest.fixture
def watch(file: Path) -> Watch:
    watching = Watch([file])
    watching.note()
    return watching


def write(path: Path, text: str) -> None:
    """Write in place, as the first of its kind or years later: the file's times never tell the same twice."""
    path.write_text(text)
    before = path.stat().st_mtime_ns
    os.utime(path, ns=(before, before + len(text)))


def test_a_file_that_is_as_it_was_is_not_read_again(watch: Watch) -> None:
    assert not watch.changed()
    assert not any(watch.due() for _ in range(3))


def test_a_file_replaced_by_another_is_read_when_it_has_rested(watch: Watch, file: Path) -> None:
    other = file.with_suffix(".new")
    other.write_text("two")
    other.replace(file)
    assert watch.changed()
    assert [watch.due(), watch.due()] == [False, True]
    watch.note()
    assert not watch.due()


def test_a_file_written_in_place_bit_by_bit_is_not_read_before_it_rests(watch: Watch, file: Path) -> None:
    for text in ("t", "tw", "two", "two\n"):
        write(file, text)
        assert not watch.due()
    assert watch.due()


def test_a_file_put_back_under_its_name_is_read_again(watch: Watch, file: Path) -> None:
    kept = file.with_suffix(".kept")
    file.rename(kept)
    file.write_text("two")
    watch.note()
    kept.replace(file)
    assert watch.changed()


def test_a_file_that_is_gone_or_comes_is_a_change(watch: Watch, file: Path) -> None:
    file.unlink()
    assert [watch.due(), watch.due()] == [False, True]
    watch.note()
    assert not watch.changed()
    file.write_text("one")
    assert watch.changed()


def test_any_of_several_files_counts(watch: Watch, file: Path) -> None:
    other = file.with_name("regulation.toml")
    watch.files = (file, other)
    watch.note()
    other.write_text("duties")
    assert watch.changed()
