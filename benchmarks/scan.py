# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanner beside the standard library's parser, which is what a gate would use otherwise."""

import time
from collections.abc import Callable, Sequence
from email.parser import BytesParser
from email.policy import default
from statistics import median

from benchmarks import mails
from benchmarks.table import Table
from gate.milterclient import CHUNK, Mail
from mailgate.scanner import Scanner

RUNS = 5


def run() -> Table:
    """Scan the large message, a small one, and two that are made to be slow."""
    table = Table("the scanner", ("message", "email.parser + decode", "scanner", "ratio (median of 5)"))
    for name, mail in (("13.5 MB, one base64 file", mails.large()), ("5.5 KB, 26 fields", mails.small())):
        pairs = [(_seconds(_parse, mail), _seconds(_scan, mail)) for _ in range(RUNS)]
        ratio = median(slow / fast for slow, fast in pairs)
        table.add(name, *(_shown(seconds) for seconds in zip(*pairs, strict=True)), f"{ratio:.1f}")
    for name, mail in (("tiny parts", mails.many_parts()), ("boundary lines", mails.only_boundaries())):
        pairs = [(_per_byte(mails.large(15)), _per_byte(mail)) for _ in range(RUNS)]
        ratio = median(hostile / benign for benign, hostile in pairs)
        size = f"{len(mail.body) / 1e6:.0f} MB"
        cost = f"{ratio:.1f} times the cost of a benign one"
        table.add(f"{size} of {name}", "", _shown([_seconds(_scan, mail)]), cost)
    return table


def _per_byte(mail: Mail) -> float:
    return _seconds(_scan, mail) / len(mail.body)


def _scan(mail: Mail) -> None:
    scanner = Scanner()
    for name, value in mail.fields:
        scanner.header(name.decode(), value)
    for at in range(0, len(mail.body), CHUNK):
        scanner.body(mail.body[at : at + CHUNK])
    scanner.finish()


def _parse(mail: Mail) -> None:
    head = b"".join(b"%s: %s\r\n" % (name, value.replace(b"\n", b"\r\n")) for name, value in mail.fields)
    for part in BytesParser(policy=default).parsebytes(head + b"\r\n" + mail.body).walk():
        part.get_payload(decode=True)


def _seconds(work: Callable[[Mail], None], mail: Mail) -> float:
    began = time.perf_counter()
    work(mail)
    return time.perf_counter() - began


def _shown(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e3:,.2f} ms"
