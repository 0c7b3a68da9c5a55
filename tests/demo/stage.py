# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage the demo plays on: what it says, the programs it runs, and whether all went as it should."""

import shlex
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from bed.process import BedError

BIN = Path(sys.executable).parent
MARGIN = "  | "

console = Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200)


def say(heading: str) -> None:
    """Print a heading."""
    console.print(f"\n{heading}\n", style="bold", markup=False, highlight=False)


def tell(text: str) -> None:
    """Print a sentence, or what a server or a letter says, as it is."""
    console.print(text, markup=False, highlight=False)


def quote(text: str) -> None:
    """Print a letter's or a document's text, set off and in lines that can be read."""
    for line in text.rstrip().splitlines():
        tell(textwrap.fill(line, 100, initial_indent=MARGIN, subsequent_indent=MARGIN) or MARGIN.rstrip())


@dataclass
class Stage:
    """A folder that programs are run in as a user would, and what came of each step so far."""

    folder: Path
    steps: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()

    def expect(self, what: str, ended_well: bool) -> None:
        """Count a step; what ended otherwise is named in the end."""
        self.steps += 1
        if not ended_well:
            self.wrong.append(what)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs as a user would, its output shown.

        Status 0 is as it should be, 1 is not; BedError if it could not do its work.
        """
        command = shlex.join([program, *arguments])
        console.print(f"$ {command}", style="dim", markup=False, highlight=False)
        done = subprocess.run([str(BIN / program), *arguments], cwd=self.folder, check=False)
        if done.returncode not in (0, 1):
            raise BedError(f"{program} ended with status {done.returncode}")
        self.expect(command, done.returncode == 0)
