# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking a snapshot: it is checked once from end to end, and then searched where it lies."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from mmap import mmap

from mailpolicy.directory import Kind, Mailbox, Unit
from mailpolicy.office.lookalike import keys
from mailpolicy.snapshot.header import LONGEST, BadSnapshot, Header, decode
from mailpolicy.snapshot.lines import address_key, check_mailbox, read_mailbox, read_unit, unit_key

BLOCK = 32  # mailboxes from one remembered address to the next
OFFICIAL = (Kind.UNIT, Kind.AGENCY)


class Contents:
    """The directory in a snapshot. Implements `mailpolicy.directory.Directory`.

    `data` is the whole snapshot, in memory or mapped from a file; it must not change. Every line is read once
    here. Raises BadSnapshot if anything in it is not as `encode` writes it.
    """

    known = True

    def __init__(self, data: bytes | mmap) -> None:
        self._data = data
        end = data.find(b"\n", 0, LONGEST) + 1
        self.header: Header = decode(data[:end] if end else b"")
        self._begin = end
        self._check_whole()
        self._firsts: list[bytes] = []  # the first address of each block
        self._starts: list[int] = []  # the byte each block starts at, and the end of the last
        self._officials: dict[str, str] = {}
        try:
            self._units_begin = self._walk_mailboxes()
            self._units = {unit.name: unit for unit in self._walk_units()}
        except (ValueError, KeyError) as error:
            raise BadSnapshot("has a line that is out of form or out of order") from error
        self._add_heads()

    def mailbox(self, address: str) -> Mailbox | None:
        """Return the mailbox of this address, in any case and spelling of the domain, or None."""
        key = address_key(address).encode("utf-8", "surrogatepass")
        block = bisect_right(self._firsts, key)
        if not block or b"\t" in key or b"\n" in key:
            return None
        lines = self._data[self._starts[block - 1] - 1 : self._starts[block]]  # from the end of a line
        at = lines.find(b"\n" + key + b"\t") + 1
        return read_mailbox(lines[at : lines.index(b"\n", at)].decode()) if at else None

    def unit(self, name: str) -> Unit | None:
        """Return the unit of this name, or None."""
        return self._units.get(unit_key(name))

    def named(self, folded: str) -> Mailbox | None:
        """Return the official who goes by this folded display name, or None."""
        address = self._officials.get(folded)
        return self.mailbox(address) if address else None

    def mailboxes(self) -> Iterator[Mailbox]:
        """All mailboxes, by address."""
        return (read_mailbox(line.decode()) for _, line in self._lines(self._begin, self.header.mailboxes))

    def _check_whole(self) -> None:
        size, told = len(self._data) - self._begin, self.header.size
        if size != told:
            raise BadSnapshot(f"has {size} bytes below its first line, not {told}: it was cut or added to")
        with memoryview(self._data) as view, view[self._begin :] as rest:
            if hashlib.sha256(rest).hexdigest() != self.header.sha256:
                raise BadSnapshot("does not agree with its own checksum: it was changed or damaged")

    def _walk_mailboxes(self) -> int:
        """Check every mailbox and note each block and the officials. Return where the units begin."""
        last, end = b"", self._begin
        for number, (start, line) in enumerate(self._lines(self._begin, self.header.mailboxes)):
            kind = check_mailbox(line)
            key = _next_key(line, last)
            if number % BLOCK == 0:
                self._firsts.append(key)
                self._starts.append(start)
            if kind in OFFICIAL:
                self._add_official(read_mailbox(line.decode()))
            last, end = key, start + len(line) + 1
        self._starts.append(end)
        return end

    def _walk_units(self) -> Iterator[Unit]:
        last, end = b"", self._units_begin
        for start, line in self._lines(self._units_begin, self.header.units):
            last, end = _next_key(line, last), start + len(line) + 1
            yield read_unit(line.decode())
        if end != len(self._data):
            raise ValueError("more lines than the first line says")

    def _lines(self, start: int, count: int) -> Iterator[tuple[int, bytes]]:
        """So many lines with the byte each starts at. Raises ValueError if there are fewer."""
        for _ in range(count):
            end = self._data.find(b"\n", start)
            if end < 0:
                raise ValueError("fewer lines than the first line says")
            yield start, self._data[start:end]
            start = end + 1

    def _add_official(self, mailbox: Mailbox) -> None:
        for key in keys(mailbox.name, mailbox.kind):
            self._officials.setdefault(key, mailbox.address)

    def _add_heads(self) -> None:
        for unit in self._units.values():
            if unit.head and (head := self.mailbox(unit.head)):
                self._add_official(head)


def _next_key(line: bytes, last: bytes) -> bytes:
    key = line.partition(b"\t")[0]
    if key <= last:
        raise ValueError("out of order")
    return key
