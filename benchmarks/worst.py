# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is made to be slow beside an ordinary attachment as long, through the scanner."""

from statistics import median

from benchmarks import mails
from benchmarks.scan import scan, seconds
from benchmarks.table import Table
from gate.milterclient import Mail

RUNS = 5
LENGTHS = (20_000_000, 1_000_000)  # bytes: the shorter, the more a bound's worth of work weighs
HEADER = 100_000  # bytes, about what Postfix lets through

LINE = b"--" + mails.BOUNDARY
PART = LINE + b"\r\n"
FILE = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
QUOTED = PART + b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
TEXT = PART + b"\r\n"
INNER = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n"
# How it begins, and what comes again and again: the slowest of ./dev fuzz, and what else may be thought of.
SHAPES: dict[str, tuple[bytes, bytes]] = {
    "tiny parts": (b"", TEXT + b"......\r\n"),
    "tiny parts with a broken header": (b"", PART + b"x\r\n\r\n"),
    "tiny files": (b"", PART + FILE + b"QUJD\r\n"),
    "multiparts": (b"", PART + INNER),
    "nothing but boundary lines": (b"", PART),
    "boundaries in the middle of a line": (TEXT, b"x" + LINE),
    "padding in base64": (PART + FILE, b"=?utf-8?Q?a?="),
    "padding in every part's base64": (b"", PART + FILE + b"QQ==" * 500 + b"\r\n"),
    "equals signs in quoted-printable": (QUOTED, b"="),
    "spaces at its line ends": (QUOTED, b"= \r\n"),
    "ordinary quoted-printable": (QUOTED, b"C=C3=A1n b=E1=BB=99 =\r\n"),
    "begin lines of uuencoded files": (TEXT, b"\r\nbegin 644 x\n"),
    "odd lines in every part's uuencoded file": (b"", TEXT + b"begin 644 x\n" + b"!\n" * 1_000 + b"end\n"),
    "lines in parts' headers": (b"", PART + b"a:\n" * 300 + b"\r\n"),
    "parameters in parts' headers": (PART, b"Content-Disposition: \xe1\xba\xa1 ; filename*1=b\r\n"),
    "comments in parts' headers": (b"", PART + b"Content-Type: a/b" + b'()"' * 3_000 + b"\r\n\r\n"),
    "empty lines": (TEXT, b"bo-\n\n"),
}


def run() -> Table:
    """Scan each in turn with the ordinary one, in each length; and a header of nothing but Content-Type."""
    columns = [name for length in LENGTHS for name in (f"{length // 1_000_000} MB of it", "times")]
    table = Table(
        "mail made to be slow, in times an ordinary file as long (median of 5)", ("shape", *columns)
    )
    ordinary = {length: mails.large(length / 1e6) for length in LENGTHS}
    for name, (start, unit) in SHAPES.items():
        figures = [_figures(mails.repeated(start, unit, length), ordinary[length]) for length in LENGTHS]
        table.add(name, *(cell for pair in figures for cell in pair))
    fields = [(b"Content-Type", b"text/plain; x=%d" % number) for number in range(HEADER // 32)]
    table.add("100 KB of Content-Type", "", "", *_figures(mails.mail(fields, b""), ordinary[LENGTHS[-1]]))
    return table


def _figures(slow: Mail, ordinary: Mail) -> tuple[str, str]:
    pairs = [(seconds(scan, ordinary), seconds(scan, slow)) for _ in range(RUNS)]
    ratio = median(other / one for one, other in pairs)
    return f"{median(other for _, other in pairs) * 1e3:,.1f} ms", f"{ratio:.1f}"
