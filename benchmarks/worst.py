# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is made to be slow, 20 MB each, beside an ordinary attachment as long, through the scanner."""

from collections.abc import Callable
from functools import partial
from statistics import median

from benchmarks import mails
from benchmarks.scan import scan, seconds
from benchmarks.table import Table
from gate.milterclient import Mail

RUNS = 5
PART = b"--" + mails.BOUNDARY + b"\r\n"
BASE64 = PART + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
QUOTED = PART + b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
TEXT = PART + b"\r\n"
# The others are the shapes that ./dev fuzz finds slowest, one for each part of the scanner.
SHAPES: dict[str, Callable[[], Mail]] = {
    "a million tiny parts": mails.many_parts,
    "nothing but boundary lines": mails.only_boundaries,
    "padding in base64": partial(mails.repeated, BASE64, b"=?utf-8?Q?a?="),
    "equals signs in quoted-printable": partial(mails.repeated, QUOTED, b"="),
    "spaces at its line ends": partial(mails.repeated, QUOTED, b"= \r\n"),
    "begin lines of uuencoded files": partial(mails.repeated, TEXT, b"\r\nbegin 644 x\n"),
    "parameters in parts' headers": partial(
        mails.repeated, PART, b"Content-Disposition: \xe1\xba\xa1 ; filename*1=b\r\n"
    ),
    "empty lines": partial(mails.repeated, TEXT, b"bo-\n\n"),
}


def run() -> Table:
    """Scan each in turn with the ordinary one."""
    table = Table("mail made to be slow", ("20 MB of", "time", "times an ordinary one (median of 5)"))
    ordinary = mails.large(mails.LONG / 1e6)
    for name, make in SHAPES.items():
        slow = make()
        pairs = [(seconds(scan, ordinary), seconds(scan, slow)) for _ in range(RUNS)]
        took = median(other for _, other in pairs)
        ratio = median(other / one for one, other in pairs)
        table.add(name, f"{took * 1e3:,.0f} ms", f"{ratio:.1f}")
    took = median(seconds(scan, ordinary) for _ in range(RUNS))
    table.add("an ordinary base64 file", f"{took * 1e3:,.0f} ms", "1.0")
    return table
