# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpacks gzip, bzip2, xz and Zstandard, told apart by how they begin, as far as a file goes."""

import bz2
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol

import pyarrow as pa

LONGEST_MAGIC = 6  # bytes
_CHUNK = 1 << 14  # what a damaged place costs at most of what stands before it
_GZIP_MEMBER = 31  # zlib's number for deflate within a gzip header and trailer
_DAMAGES = (zlib.error, lzma.LZMAError, OSError)  # bz2 and PyArrow raise OSError


class BrokenError(Exception):
    """A packed file cannot be unpacked any further; the text says why."""


class _Member(Protocol):
    """What unpacks one of the members that a file may have, one after the other."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """A way to pack files: its name, how they begin, and how they are unpacked."""

    name: str
    magic: bytes
    unpack: Callable[[IO[bytes]], Iterator[bytes]]


def packing_of(beginning: bytes) -> Packing | None:
    """Return how a file that begins so is packed; None if it is not."""
    return next((packing for packing in PACKINGS if beginning.startswith(packing.magic)), None)


def unpack(packing: Packing, file: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file holds, from its beginning on.

    Raises BrokenError, after everything that could be unpacked, if it is cut off or damaged.
    """
    file.seek(0)
    try:
        yield from packing.unpack(file)
    except EOFError:
        raise BrokenError(f"cut off {packing.name} data") from None
    except _DAMAGES:
        raise BrokenError(f"damaged {packing.name} data") from None


def _members(new: Callable[[], _Member]) -> Callable[[IO[bytes]], Iterator[bytes]]:
    def unpack_members(file: IO[bytes]) -> Iterator[bytes]:
        member = new()
        while chunk := file.read(_CHUNK):
            while chunk:
                if member.eof:
                    member = new()
                yield member.decompress(chunk)
                chunk = member.unused_data.lstrip(b"\0")  # tapes, and xz, pad with zeros
        if not member.eof:
            raise EOFError

    return unpack_members


def _zstandard(file: IO[bytes]) -> Iterator[bytes]:
    """Python has Zstandard only since 3.14; PyArrow, which is here anyway, has it."""
    own = os.fdopen(os.dup(file.fileno()), "rb")  # for the stream to close
    try:
        with pa.CompressedInputStream(pa.PythonFile(own, "r"), "zstd") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise (EOFError() if "Truncated" in str(error) else error) from None


PACKINGS = (
    Packing("gzip", b"\x1f\x8b\x08", _members(lambda: zlib.decompressobj(_GZIP_MEMBER))),  # RFC 1952, 2.3.1
    Packing("bzip2", b"BZh", _members(bz2.BZ2Decompressor)),
    Packing("xz", b"\xfd7zXZ\0", _members(lzma.LZMADecompressor)),
    Packing("Zstandard", b"\x28\xb5\x2f\xfd", _zstandard),  # RFC 8878, 3.1.1
)
