# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as `./dev bench [NAME ...]`: all benchmarks, or those named."""

import sys
import time
from collections.abc import Callable

from benchmarks import directory, door, ingest, memory, postfix, report, scan, sweep, worst
from benchmarks.table import Table

BENCHMARKS: dict[str, Callable[[], Table]] = {
    "door": door.run,
    "scan": scan.run,
    "worst": worst.run,
    "memory": memory.run,
    "directory": directory.run,
    "postfix": postfix.run,
    "ingest": ingest.run,
    "sweep": sweep.run,
    "report": report.run,
}
USAGE = """./dev bench [NAME ...]

Measures all of these, or those named; docs/benchmarks.md tells how and what to expect.

    door      messages a second through the gate, beside a filter that does nothing
    scan      the scanner, beside the standard library's parser
    worst     mail made to be slow, beside ordinary mail
    memory    what a worker keeps while a 70 MB message passes, and over 20,000 messages
    directory a snapshot of 200,000 mailboxes: opened, asked, kept in memory
    postfix   mail through a real Postfix: with no milter, with the one that does nothing, with the gate
    ingest    a log of 2,000,000 lines read whole, beside pflogsumm and a loop in Python
    sweep     a sweep's plan for 100,000 mailboxes, under each regulation
    report    the report of a year for 20,000 mailboxes, in each format

Exit status: 0 measured, 2 there is no such benchmark."""


def main(names: list[str]) -> int:
    """Run and print. Exit status 2 for a name that is no benchmark's."""
    if "--help" in names or "-h" in names:
        print(USAGE)
        return 0
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        began = time.monotonic()
        print(f"{BENCHMARKS[name]()}\n({time.monotonic() - began:.0f} s: ./dev bench {name})\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
