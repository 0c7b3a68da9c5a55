# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as `./dev bench [NAME ...]`: all benchmarks, or those named."""

import sys
import time
from collections.abc import Callable

from benchmarks import door, memory, postfix, scan
from benchmarks.table import Table

BENCHMARKS: dict[str, Callable[[], Table]] = {
    "door": door.run,
    "scan": scan.run,
    "memory": memory.run,
    "postfix": postfix.run,
}


def main(names: list[str]) -> int:
    """Run and print. Exit status 2 for a name that is no benchmark's."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        began = time.monotonic()
        print(f"{BENCHMARKS[name]()}\n({time.monotonic() - began:.0f} s: ./dev bench {name})\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
