# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bytes between two boundary lines go: a leaf's content, or a message that is decoded and read."""

from dataclasses import replace
from typing import Protocol

from mailgate.mime.bounds import MAX_NAMES, MAX_SAMPLE
from mailgate.mime.decoders import Base64, Base64Size, Identity, QuotedPrintable
from mailgate.mime.headers import UUENCODE, Declared
from mailgate.mime.names import plain_name
from mailgate.mime.reasons import Reason, note_bare_cr
from mailgate.mime.tnef import FILE_NAME, TNEF, Decoder, TnefNames
from mailgate.mime.tree import Node, Tree, numbered
from mailgate.mime.uuencode import Block, UuBlocks
from mailpolicy.headertext import base64_bytes, body_text

_KEPT_FOR_SAMPLE = 2 * MAX_SAMPLE  # bytes


class Stream(Protocol):
    """Takes bytes until they end."""

    def feed(self, data: bytes) -> None:
        """Take some bytes."""

    def finish(self) -> None:
        """Settle what is known of them: they have ended."""


class Content(Stream, Protocol):
    """Takes a part's bytes, in pieces that leave a CR and its LF together."""

    def stray(self, size: int) -> None:
        """Count bytes that are content to another reader only."""


class EncodedMessage:
    """A message inside a transfer encoding: decoded as it comes, and read by a reader of its own."""

    __slots__ = ("_decoder", "_node", "_reader")

    def __init__(self, node: Node, decoder: Decoder, reader: Stream) -> None:
        self._node = node
        self._decoder = decoder
        self._reader = reader

    def feed(self, data: bytes) -> None:
        """Take some content."""
        self._node.encoded_size += len(data)
        self._reader.feed(self._decoder.decode(data))

    def stray(self, size: int) -> None:
        """Count bytes that are content to another reader only."""
        self._node.encoded_size += size

    def finish(self) -> None:
        """Let the reader read the rest. Its parts give the size."""
        self._reader.feed(self._decoder.decode(b"", last=True))
        self._reader.finish()


class Leaf:
    """A leaf's content: measured as its encoding says, or as it stands where readers do not agree on one."""

    __slots__ = ("_base64", "_node", "_quoted", "_sample", "_text", "_tnef", "_tree", "_uu")

    def __init__(self, tree: Tree, node: Node) -> None:
        self._tree = tree
        self._node = node
        encoding = node.declared.encoding if node.declared.decodable else "binary"
        is_text = any(media_type.startswith("text/") for media_type in node.declared.types)
        self._text = encoding != "binary"
        runs = tree.budget.padded_runs() if encoding == "base64" else 0
        self._base64 = Base64Size(tree.reasons, runs) if encoding == "base64" else None
        self._quoted = QuotedPrintable() if encoding == "quoted-printable" else None
        searched = encoding in UUENCODE or (is_text and not self._base64 and not _is_attached(node))
        self._uu = UuBlocks(tree.budget, count_outside=encoding in UUENCODE) if searched else None
        self._tnef = _tnef_names(encoding, tree, runs) if _is_tnef(node.declared) else None
        self._sample: bytearray | None = bytearray() if is_text else None

    def feed(self, data: bytes) -> None:
        """Take some content."""
        self._node.encoded_size += len(data)
        if self._tnef is not None:
            self._tnef.feed(data)
        if self._base64 is not None:
            self._keep(data)
            self._base64.feed(data)
            return
        if self._text:
            note_bare_cr(data, self._tree.reasons)
        self._measure(self._quoted.decode(data) if self._quoted else data)

    def _measure(self, decoded: bytes) -> None:
        self._node.decoded_size += len(decoded)
        self._keep(decoded)
        if self._uu is not None:
            self._uu.feed(decoded)

    def _keep(self, data: bytes) -> None:
        if self._sample is not None and not self._node.sample_cut:
            kept = data[: min(_KEPT_FOR_SAMPLE - len(self._sample), self._tree.budget.sample_bytes)]
            self._tree.budget.sample_bytes -= len(kept)
            self._sample += kept
            self._node.sample_cut = len(kept) < len(data)

    def stray(self, size: int) -> None:
        """Count bytes that are content to another reader only."""
        self._node.encoded_size += size

    def finish(self) -> None:
        """Settle the sizes and the sample."""
        if self._base64 is not None:
            self._node.decoded_size = self._base64.finish()
        elif self._quoted is not None:
            self._measure(self._quoted.decode(b"", last=True))
        if self._uu is not None:
            self._uu.finish()
            self._settle_uuencoded(self._uu)
        if self._tnef is not None:
            self._tnef.finish()
            names = dict.fromkeys([*self._node.declared.names, *self._tnef.names])
            self._node.declared = replace(self._node.declared, names=tuple(names))
        if self._sample:
            kept = bytes(self._sample)
            self._settle_sample(kept if self._base64 is None else base64_bytes(kept))

    def _settle_sample(self, kept: bytes) -> None:
        node = self._node
        text, node.charset = body_text(kept, node.declared.charset)
        node.sample = text[:MAX_SAMPLE]
        node.sample_cut |= len(text) > MAX_SAMPLE

    def _settle_uuencoded(self, uu: UuBlocks) -> None:
        node, reasons = self._node, self._tree.reasons
        whole = node.declared.encoding in UUENCODE
        if uu.broken or (whole and not uu.blocks):
            reasons.add(Reason.UUENCODE_BROKEN)
        if uu.exhausted or uu.overfull:
            reasons.add(Reason.TOO_MANY_PARTS)
        if uu.exhausted:
            node.attached = True
        elif whole and uu.blocks and not uu.broken:
            node.decoded_size = uu.outside + sum(block.decoded_size for block in uu.blocks)
        if whole:
            found = [plain_name(block.name, reasons) for block in uu.blocks]
            names = dict.fromkeys([*node.declared.names, *found])
            node.declared = replace(node.declared, names=tuple(names)[:MAX_NAMES])
        else:
            self._tree.nodes += [self._file(number, block) for number, block in enumerate(uu.blocks, 1)]

    def _file(self, number: int, block: Block) -> Node:
        """A uuencoded file in a text, as a part of its own."""
        name = plain_name(block.name, self._tree.reasons)
        return Node(
            path=f"{self._node.path}.uu{number}",
            parent=self._node.parent,
            declared=Declared(types=("application/octet-stream",), encoding="x-uuencode", names=(name,)),
            encoded_size=block.encoded_size,
            decoded_size=block.decoded_size,
        )


class Margin:
    """Text before a multipart's first part or after its closing boundary: not shown, but it may be large."""

    __slots__ = ("_blank", "_node", "_tree")

    def __init__(self, tree: Tree, around: Node) -> None:
        self._tree = tree
        self._node = Node(numbered(around.prefix, "0"), Declared(), around, attached=True)
        self._node.preamble = not around.closed
        self._blank = True

    def feed(self, data: bytes) -> None:
        """Take some content."""
        self._blank = self._blank and data.isspace()
        self._node.encoded_size += len(data)
        note_bare_cr(data, self._tree.reasons)

    def stray(self, size: int) -> None:
        """Count bytes that are content to another reader only."""
        self._node.encoded_size += size
        self._blank = False

    def finish(self) -> None:
        """Make it a part if there is anything in it."""
        node = self._node
        if self._blank or node.parent is None:
            return
        node.decoded_size = node.encoded_size
        node.sample_cut = True
        if not node.preamble:
            self._tree.reasons.add(Reason.TEXT_AFTER_CLOSE)
            node.path = node.parent.next_child()
        self._tree.add(node)


def _is_tnef(declared: Declared) -> bool:
    """Whether Outlook's wrapping of files is to be expected here. It is never sent uuencoded."""
    named = any(name.lower() == FILE_NAME for name in declared.names)
    return (named or not TNEF.isdisjoint(declared.types)) and declared.encoding not in UUENCODE


def _tnef_names(encoding: str, tree: Tree, runs: int) -> TnefNames:
    decoder: Decoder = Identity()
    if encoding in ("base64", "quoted-printable"):
        # What is wrong with the base64 is told by what measures it: names may not be read to its end.
        decoder = Base64(set(), runs) if encoding == "base64" else QuotedPrintable()
    return TnefNames(decoder, tree.budget, tree.reasons)


def _is_attached(node: Node) -> bool:
    """Whether all of the content counts as an attachment, whatever is found in it."""
    container, around = node.parent, node.parent.declared.type if node.parent else ""
    while container is not None:
        if container.is_message:
            return True
        container = container.parent
    return node.attached or node.contested or node.declared.attached(around, in_attached_message=False)
