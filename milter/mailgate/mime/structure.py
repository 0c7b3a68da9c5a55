# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of parts as it grows: what opens, what ends, and where the bytes between two boundary lines go."""

from collections.abc import Callable

from mailgate.mime.boundaries import Boundaries, BoundaryLine
from mailgate.mime.bounds import MAX_DEPTH, MAX_ENCODED_DEPTH, MAX_OPEN_BOUNDARIES
from mailgate.mime.content import Content, EncodedMessage, Leaf, Margin, Stream
from mailgate.mime.decoders import Base64, QuotedPrintable
from mailgate.mime.fields import split_block
from mailgate.mime.headers import UNENCODED, UUENCODE, Declared, declare
from mailgate.mime.reasons import Reason, note_bare_cr
from mailgate.mime.tnef import Decoder
from mailgate.mime.tree import Node, Tree, numbered

_REST = Declared(types=("application/octet-stream",), encoding="binary")

OpenReader = Callable[[Tree, Node, int], Stream]
"""Makes what reads an encoded message, from the tree, the message's node, and how often it was encoded."""


class Structure:
    """One stream's parts. Positions are bytes from the stream's beginning.

    `in_header` is whether the bytes that come are a part's header; else they are content.
    """

    def __init__(self, tree: Tree, around: Node | None, level: int, open_reader: OpenReader) -> None:
        self.in_header = True
        self.boundaries = Boundaries()
        self._tree = tree
        self._outermost = self._around = around
        self._level = level
        self._open_reader = open_reader
        self._open: list[Node] = []
        self._content: Content | None = None

    def content(self, data: bytes) -> None:
        """Take content of the part that is open."""
        if self._content is not None and data:
            self._content.feed(data)

    def _stray(self, data: bytes) -> None:
        """Count what is content to another reader."""
        if self._content is not None:
            self._content.stray(len(data))

    def header(self, block: bytes, separator: bytes, position: int, *, whole: bool = True) -> None:
        """Take a part's header and open the part. `separator` is the empty line after it, if there is one.

        What is not `whole`, its bound having been reached, opens a part that is not looked into.
        """
        reasons = self._tree.reasons
        whole = self._tree.budget.take_header(block) and whole
        if not whole:
            reasons.add(Reason.HEADER_OVERLONG)
        note_bare_cr(block, reasons)
        found = split_block(block)
        declared = declare(found.fields, reasons, self._tree.budget, self._default_type())
        broken, disputed = found.broken_at >= 0, _is_disputed(self._around)
        self.in_header = False
        contested = declared.contested or found.disputed or not whole
        self.open(
            declared, position, contested=contested, closed=not whole or (broken and declared.is_message)
        )
        if broken:
            reasons.add(Reason.HEADER_BROKEN)
            self.content(block[found.broken_at :] + separator)
        if disputed:
            self._stray(block[: found.broken_at] if broken else block + separator)

    def _default_type(self) -> str:
        """RFC 2046, 5.1.5."""
        around = self._around
        return "message/rfc822" if around and around.declared.type == "multipart/digest" else "text/plain"

    def open(self, declared: Declared, position: int, *, contested: bool, closed: bool = False) -> None:
        """Open a part; a `closed` one is a leaf, whatever it declares."""
        self.in_header = False
        container = not closed and _holds_parts(declared)
        if container and self._too_deep(declared):
            self._tree.reasons.add(Reason.TOO_DEEP)
            container, contested = False, True
        path, prefix = self._place(bool(container and declared.boundaries))
        node = Node(path, declared, self._around, container=container, prefix=prefix, start=position)
        node.contested = contested
        self._tree.add(node)
        if not container:
            self._content = Leaf(self._tree, node)
        elif declared.boundaries:
            self._open_multipart(node)
        elif _is_encoded(declared):
            self._content = self._encoded_message(node)
        else:
            self._enter(node)
            self.in_header = True

    def _too_deep(self, declared: Declared) -> bool:
        depth = self._around.depth if self._around else 0
        searched = self._around.searched if self._around else 0
        return (
            depth >= MAX_DEPTH
            or searched + len(declared.boundaries) > MAX_OPEN_BOUNDARIES
            or (_is_encoded(declared) and self._level >= MAX_ENCODED_DEPTH)
        )

    def _place(self, multipart: bool) -> tuple[str, str]:
        """The next part's path and its children's prefix. A message's own multipart is TEXT, as in IMAP."""
        around = self._around
        if around is not None and not around.is_message:
            path = around.next_child()
            return path, path
        prefix = around.prefix if around else ""
        path = numbered(prefix, "TEXT" if multipart else "1")
        return path, prefix if multipart else path

    def _open_multipart(self, node: Node) -> None:
        if any(boundary in self.boundaries for boundary in node.declared.boundaries):
            self._tree.reasons.add(Reason.BOUNDARY_CLASH)
        self._enter(node)
        self.boundaries.open(node)
        self._content = Margin(self._tree, node)

    def _enter(self, node: Node) -> None:
        node.enter()
        self._open.append(node)
        self._around = node

    def _encoded_message(self, node: Node) -> Content:
        node.enter()
        tree = self._tree
        decoder: Decoder = QuotedPrintable()
        if node.declared.encoding == "base64":
            decoder = Base64(tree.reasons, tree.budget.padded_runs())
        return EncodedMessage(node, decoder, self._open_reader(self._tree, node, self._level + 1))

    def boundary(self, line: BoundaryLine, whole: bytes, position: int) -> None:
        """Take a boundary line, `whole` with line ends around it. Content before it ends at `position`."""
        owner = line.owner
        owner.used.add(line.boundary)
        if not line.exact:
            self.dispute(owner, Reason.BOUNDARY_LOOSE)
        if len(owner.used) > 1:
            self.dispute(owner, Reason.BOUNDARY_REPEATED)
        if _is_disputed(owner):
            self._stray(whole)
        self._end_content()
        self._end_containers(owner, position)
        if line.closes:
            owner.closed = True
            self._content = Margin(self._tree, owner)
            return
        if owner.closed:
            self._tree.reasons.add(Reason.PART_AFTER_CLOSE)
        owner.begun = True
        self.in_header = True

    def dispute(self, node: Node, reason: Reason) -> None:
        """Note that another reading sees other parts in a multipart."""
        node.contested = True
        self._tree.reasons.add(reason)

    def surrender(self, owner: Node, position: int) -> None:
        """Look for no more parts, a bound being reached: whatever comes is one attached file in `owner`."""
        budget = self._tree.budget
        if budget.parts <= 0 or budget.boundary_lines <= 0:
            self._tree.reasons.add(Reason.TOO_MANY_PARTS)
        self._end_content()
        self._end_containers(owner, position)
        self.boundaries.clear()
        for node in self._open:
            node.closed = True
        self.open(_REST, position, contested=False)

    def end(self, position: int) -> None:
        """End everything that is open."""
        self._end_content()
        self._end_containers(None, position)

    def _end_content(self) -> None:
        if self._content is not None:
            self._content.finish()
            self._content = None

    def _end_containers(self, inner: Node | None, position: int) -> None:
        """End the containers inside `inner`; all of them if it is None."""
        while self._open and self._open[-1] is not inner:
            node = self._open.pop()
            node.encoded_size = max(position - node.start, 0)
            self.boundaries.close(node)
            if not node.declared.boundaries:
                continue
            if self._tree.nodes[-1] is node and not node.used:
                continue  # nothing in it: a message of which only the header was returned
            if not node.begun:
                self.dispute(node, Reason.BOUNDARY_UNUSED)
            elif not node.closed:
                self._tree.reasons.add(Reason.BOUNDARY_UNCLOSED)
        self._around = self._open[-1] if self._open else self._outermost


def _holds_parts(declared: Declared) -> bool:
    """Whether it can be looked into: a multipart with a boundary, a message that is not uuencoded."""
    uuencoded = declared.decodable and declared.encoding in UUENCODE
    return bool(declared.boundaries) or (declared.is_message and not uuencoded)


def _is_disputed(node: Node | None) -> bool:
    """Whether another reading sees other parts around here."""
    while node is not None and not node.contested:
        node = node.parent
    return node is not None


def _is_encoded(declared: Declared) -> bool:
    return declared.is_message and declared.decodable and declared.encoding not in UNENCODED
