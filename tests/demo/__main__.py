# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as `./dev demo`. Exit status: 0 all went as it should, 1 something did not, 2 it could not start."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bed.process import BedError
from demo.act import Outcome
from demo.doors import monre, soc_trang, where
from demo.report import report
from demo.stage import Stage, say, tell
from demo.sweep import sweep


def main() -> int:
    """Tell the story, and count what ended as it should."""
    began = time.monotonic()
    keep = _options().keep
    try:
        with place(keep) as folder:
            office, sweeps = Stage(folder / "soctrang"), Stage(folder / "tphcm")
            outcomes = soc_trang(office.folder) + monre()
            last_logins(office)
            sweep(sweeps)
            report(sweeps)
    except (BedError, OSError) as failure:
        tell(f"The demo could not run: {failure}")
        return 2
    is_well = sum_up(outcomes, (office, sweeps), time.monotonic() - began)
    if keep:
        tell(f"Site file, plan, logs, stores and reports are in {keep.absolute()}.")
    return 0 if is_well else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev demo", description="Postwarden at work.")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave what was made in this new folder")
    return parser.parse_args()


@contextmanager
def place(keep: Path | None) -> Iterator[Path]:
    """Give the folder to play in: a new one to keep, or one that goes when all is over. Raises OSError."""
    if keep:
        keep.mkdir(mode=0o700, parents=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="postwarden-demo-") as folder:
        yield Path(folder)


def last_logins(stage: Stage) -> None:
    """The logs that the first act wrote, read."""
    say("3. Who used which mailbox, from the logs just written")
    logs = sorted(log.name for log in stage.folder.glob("*.log"))
    stage.run("mailaudit", "--home", "audit", "ingest", *logs)
    stage.run("mailaudit", "--home", "audit", "summary")
    stage.run("mailaudit", "--home", "audit", "last-login")


def sum_up(outcomes: Sequence[Outcome], stages: Sequence[Stage], seconds: float) -> bool:
    """Say what ended otherwise than it should, and how many did not; whether nothing did."""
    mails = [f"{one.letter.what}: {where(one)}" for one in outcomes if not one.as_it_should]
    others = [what for stage in stages for what in stage.wrong]
    steps = sum(stage.steps for stage in stages)
    for what in (*mails, *others):
        tell(f"NOT AS IT SHOULD: {what}")
    say(
        f"{len(outcomes) - len(mails)} of {len(outcomes)} mails ended as they should,"
        f" and {steps - len(others)} of {steps} other steps, in {seconds:.0f} s."
    )
    tell("Postfix, Dovecot and the gate have been ended; nothing is left running.")
    return not (mails or others)


if __name__ == "__main__":
    sys.exit(main())
