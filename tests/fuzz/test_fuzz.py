# SPDX-License-Identifier: GPL-3.0-or-later
"""What was ever found stays mended, a short run finds nothing, and a scanner that breaks is found."""

import time
from pathlib import Path

import pytest

from fuzz import __main__ as program
from fuzz.finds import FOUND, keep, replay, smaller
from fuzz.run import Run
from fuzz.seeds import generated
from fuzz.target import Broken, examine
from mailgate.scanner import Scan, Scanner

SEED = 1
SMOKE = 3.0  # seconds
FINDS = sorted(FOUND.glob("*.eml"))


def test_nothing_that_was_found_is_wrong_any_more() -> None:
    for file in FINDS:
        replay(file.read_bytes())


@pytest.mark.parametrize("number", range(len(generated())))
def test_all_holds_for_every_seed(number: int) -> None:
    replay(generated()[number])


def test_a_short_run_finds_nothing(tmp_path: Path) -> None:
    run = Run(SEED, generated(), tmp_path)
    end = time.monotonic() + SMOKE
    while time.monotonic() < end:
        assert run.step() == ""
    assert run.tried > 0


def test_the_same_seed_makes_the_same_messages(tmp_path: Path) -> None:
    first, again = (Run(SEED, generated(), tmp_path) for _ in range(2))
    assert [made(first) for _ in range(20)] == [made(again) for _ in range(20)]


def made(run: Run) -> bytes:
    run.step()
    return run._mutator.message()


def raises_at_nul(monkeypatch: pytest.MonkeyPatch) -> None:
    body = Scanner.body

    def broken(self: Scanner, chunk: bytes) -> None:
        if b"\0" in chunk:
            raise ValueError
        body(self, chunk)

    monkeypatch.setattr(Scanner, "body", broken)


def counts_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    body = Scanner.body

    def broken(self: Scanner, chunk: bytes) -> None:
        body(self, chunk)
        self._size += 1

    monkeypatch.setattr(Scanner, "body", broken)


def loses_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    finish = Scanner.finish

    def broken(self: Scanner) -> Scan:
        found = finish(self)
        return Scan(found.parts, found.malformed, size=-1)

    monkeypatch.setattr(Scanner, "finish", broken)


@pytest.mark.parametrize(
    ("breaks", "what"),
    [
        (raises_at_nul, "raised ValueError"),
        (counts_chunks, "another chunking, another result"),
        (loses_the_size, "a part larger than its message"),
    ],
)
def test_a_scanner_that_breaks_is_found(
    monkeypatch: pytest.MonkeyPatch, breaks: object, what: str, tmp_path: Path
) -> None:
    assert callable(breaks)
    breaks(monkeypatch)
    run = Run(SEED, generated(), tmp_path)
    while not run.finds:
        run.step()
    (found,) = run.finds
    assert found.startswith(what)


def test_a_find_is_kept_small_with_its_story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    raises_at_nul(monkeypatch)
    raw = generated()[0] + b"\0" + generated()[0]
    with pytest.raises(Broken) as broken:
        examine(raw, [7])
    file = keep(raw, [7], str(broken.value), f"message 1 of SEED={SEED}", tmp_path)
    assert len(file.read_bytes()) < 8
    story = file.with_suffix(".txt").read_text().splitlines()
    assert story[0].startswith("raised ValueError")
    assert story[1:] == [
        f"in chunks of [7], message 1 of SEED={SEED}",
        f"./dev fuzz tests/fuzz/found/{file.name}",
    ]
    assert program.main([str(file)]) == 1
    monkeypatch.undo()
    assert program.main([str(file)]) == 0


def test_taking_away_ends_with_what_matters() -> None:
    assert smaller(b"abcdefgXhijkYlm", lambda less: b"X" in less and b"Y" in less) == b"XY"


@pytest.mark.parametrize("argument", ["SECONDS=soon", "--seconds", "no-such-file.eml"])
def test_what_it_does_not_know_ends_in_2_and_a_word_on_how(
    argument: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main([argument]) == 2
    assert "./dev fuzz [SECONDS=60]" in capsys.readouterr().err
