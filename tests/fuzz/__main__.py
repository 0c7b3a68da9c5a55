# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as `./dev fuzz [SECONDS=60] [SEED=NUMBER] [FILE ...]`: hostile mail for so long, or files again."""

import secrets
import sys
import time
from pathlib import Path

from fuzz.finds import replay
from fuzz.run import Run
from fuzz.seeds import collected, generated
from fuzz.target import Broken

USAGE = """./dev fuzz [SECONDS=60] [SEED=NUMBER] [FILE ...]

Sends made-up hostile mail through scanner, rules and answer for so many seconds. SEED repeats a run: the same
messages in the same order. With files it examines those instead. docs/fuzzing.md tells what must hold.
Exit status: 0 nothing found, 1 something was, 2 it could not be done."""


def main(arguments: list[str]) -> int:
    """Fuzz or replay; return the exit status."""
    settings = {"SECONDS": "60", "SEED": str(secrets.randbelow(1_000_000))}
    files: list[Path] = []
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name in settings and value.isdecimal():
            settings[name] = value
        elif argument.isdecimal():
            settings["SECONDS"] = argument
        elif Path(argument).is_file():
            files.append(Path(argument))
        else:
            print(USAGE, file=sys.stdout if argument in ("-h", "--help") else sys.stderr)
            return 0 if argument in ("-h", "--help") else 2
    return again(files) if files else fuzz(int(settings["SECONDS"]), int(settings["SEED"]))


def again(files: list[Path]) -> int:
    """Examine saved messages."""
    wrong = 0
    for file in files:
        try:
            replay(file.read_bytes())
        except Broken as broken:
            wrong += 1
            print(f"{file}: {broken}")
        else:
            print(f"{file}: all holds")
    return 1 if wrong else 0


def fuzz(seconds: int, seed: int) -> int:
    """Examine new messages and say what came of it."""
    pool = [*generated(), *collected()]
    print(f"{seconds} s from {len(pool)} messages: ./dev fuzz SECONDS={seconds} SEED={seed}", flush=True)
    run = Run(seed, pool)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := run.step():
            print(f"found: {found}", flush=True)
    print(run.report())
    return 1 if run.finds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
