# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads systemd's journal, through `journalctl` or as it exports it, and writes its entries as log lines.

Only entries of the facility mail, of Dovecot and of the gate are asked for. A line is written as rsyslog
does, control characters as `#012`, so that what went both ways is the same.
"""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

PREFIX = "journal:"
"""What stands for a journal among paths: this alone for the machine's, with a folder for that folder's."""
EXPORT_MAGIC = b"__CURSOR="
FILE_MAGIC = b"LPKSHHRH"
CHUNK = 1 << 20  # bytes of lines that are handed over together

_WANTED = ("SYSLOG_FACILITY=2", "+", "SYSLOG_IDENTIFIER=dovecot", "+", "SYSLOG_IDENTIFIER=mailgate")
_FIELDS = ("MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_COMM", "_SOURCE_REALTIME_TIMESTAMP")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ESCAPED = {byte: f"#{byte:03o}".encode() for byte in (*range(32), 127)}
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_NO_NAME = re.compile(rb"[^A-Za-z0-9_./@+-]")


class JournalError(Exception):
    """The journal cannot be read; the text says why."""


def is_journal(path: Path) -> bool:
    """Return whether a path stands for a journal."""
    return str(path).startswith(PREFIX)


def chunks(path: Path, cursor: str | None) -> Iterator[tuple[bytes, str]]:
    """Yield the lines of a journal after a cursor, or all, each time with the cursor of the last of them.

    Raises JournalError.
    """
    folder = str(path).removeprefix(PREFIX)
    where = [f"--directory={folder}"] if folder else []
    after = [f"--after-cursor={cursor}"] if cursor else []
    lines, size, last = [], 0, ""
    for entry in _journalctl(*where, *after, f"--output-fields={','.join(_FIELDS)}", *_WANTED):
        lines.append(line(entry))
        size, last = size + len(lines[-1]), entry[b"__CURSOR"].decode()
        if size >= CHUNK:
            yield b"".join(lines), last
            lines, size = [], 0
    if lines:
        yield b"".join(lines), last


def lines_of_file(path: Path) -> Iterator[bytes]:
    """Yield the lines of a journal's own file. Raises JournalError."""
    return map(line, _journalctl(f"--file={path}"))


def lines_of_export(export: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of what `journalctl -o export` has written."""
    return map(line, _entries(export))


def line(entry: dict[bytes, bytes]) -> bytes:
    """Return an entry as a line of a log, with its time in UTC."""
    moment = entry.get(b"_SOURCE_REALTIME_TIMESTAMP") or entry.get(b"__REALTIME_TIMESTAMP", b"0")
    time = _EPOCH + timedelta(microseconds=int(moment))
    host = _name(entry.get(b"_HOSTNAME", b"-"))
    program = _name(entry.get(b"SYSLOG_IDENTIFIER") or entry.get(b"_COMM", b"unknown"))
    process = entry.get(b"SYSLOG_PID", b"")
    tag = b"%s[%s]" % (program, process) if process.isdigit() else program
    message = _CONTROL.sub(lambda found: _ESCAPED[found[0][0]], entry.get(b"MESSAGE", b"").rstrip(b"\n"))
    return b"%s %s %s: %s\n" % (f"{time:%Y-%m-%dT%H:%M:%S.%fZ}".encode(), host, tag, message)


def _name(name: bytes) -> bytes:
    return _NO_NAME.sub(b"_", name)


def _journalctl(*arguments: str) -> Iterator[dict[bytes, bytes]]:
    command = ["journalctl", "--output=export", "--quiet", "--no-pager", *arguments]
    with TemporaryFile() as said:
        try:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        except OSError as error:
            raise JournalError(f"journalctl: {error.strerror}") from error
        with process:
            yield from _entries(cast(IO[bytes], process.stdout))
        if process.returncode:
            said.seek(0)
            reason = said.read().decode(errors="replace").strip()
            raise JournalError(reason or f"journalctl ended with {process.returncode}")


def _entries(export: IO[bytes]) -> Iterator[dict[bytes, bytes]]:
    """https://systemd.io/JOURNAL_EXPORT_FORMATS/. An entry that is cut off at the end is left out."""
    entry: dict[bytes, bytes] = {}
    while row := export.readline():
        if row == b"\n":
            if b"__CURSOR" in entry:
                yield entry
            entry = {}
            continue
        name, equals, value = row.rstrip(b"\n").partition(b"=")
        if not equals:
            value = export.read(int.from_bytes(export.read(8), "little"))
            export.readline()
        entry.setdefault(name, value)
