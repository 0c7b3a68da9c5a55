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
REPEATED = 200  # times a small message is read: once takes no time that could be measured


def run() -> Table:
    """Read a large and a small message with each in turn."""
    table = Table("the scanner", ("message", "email.parser + decode", "scanner", "ratio (median of 5)"))
    for name, mail, times in (
        ("13.5 MB, one base64 file", mails.large(), 1),
        ("5.5 KB, 26 fields", mails.small(), REPEATED),
    ):
        pairs = [(seconds(parse, mail, times), seconds(scan, mail, times)) for _ in range(RUNS)]
        ratio = median(slow / fast for slow, fast in pairs)
        table.add(name, *(_shown(figures) for figures in zip(*pairs, strict=True)), f"{ratio:.1f}")
    return table


def scan(mail: Mail) -> None:
    """Read a message with the scanner, in the chunks that a milter gets."""
    scanner = Scanner()
    for name, value in mail.fields:
        scanner.header(name.decode(), value)
    for at in range(0, len(mail.body), CHUNK):
        scanner.body(mail.body[at : at + CHUNK])
    scanner.finish()


def parse(mail: Mail) -> None:
    """Read a message with the standard library and decode its parts."""
    head = b"".join(b"%s: %s\r\n" % (name, value.replace(b"\n", b"\r\n")) for name, value in mail.fields)
    for part in BytesParser(policy=default).parsebytes(head + b"\r\n" + mail.body).walk():
        part.get_payload(decode=True)


def seconds(work: Callable[[Mail], None], mail: Mail, times: int = 1) -> float:
    """Processor time for one message, which other programs on the machine do not lengthen much."""
    began = time.process_time()
    for _ in range(times):
        work(mail)
    return (time.process_time() - began) / times


def _shown(figures: Sequence[float]) -> str:
    return f"{median(figures) * 1e3:,.2f} ms"
