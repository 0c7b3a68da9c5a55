# SPDX-License-Identifier: GPL-3.0-or-later
"""The boundaries of the open multiparts, searched for in one buffer after another (RFC 2046, 5.1.1)."""

from dataclasses import dataclass

from mailgate.mime.tree import Node


@dataclass(frozen=True, slots=True)
class BoundaryLine:
    """A line that begins with a boundary: whose, by which reading of the boundary, and whether it closes.

    `exact` is whether only white space follows. Some readers take any line that begins with the boundary.
    """

    owner: Node
    boundary: bytes
    closes: bool
    exact: bool


class Boundaries:
    """The open multiparts, outermost first. A search through one buffer costs one pass for each boundary."""

    __slots__ = ("_hits", "_open", "longest")

    def __init__(self) -> None:
        self.longest = 0  # bytes of the longest, its two dashes included
        self._open: list[tuple[Node, bytes]] = []
        self._hits: dict[bytes, int] = {}

    def __contains__(self, boundary: bytes) -> bool:
        return any(other == boundary for _, other in self._open)

    def open(self, node: Node) -> None:
        """Look for a multipart's boundaries from now on."""
        self._set([*self._open, *((node, boundary) for boundary in node.declared.boundaries)])

    def close(self, node: Node) -> None:
        """Look for them no more."""
        self._set([entry for entry in self._open if entry[0] is not node])

    def clear(self) -> None:
        """Look for nothing more."""
        self._set([])

    def _set(self, entries: list[tuple[Node, bytes]]) -> None:
        self._open = entries
        self.longest = max((len(boundary) + 2 for _, boundary in entries), default=0)

    def renew(self) -> None:
        """Forget positions: another buffer comes."""
        self._hits.clear()

    def find(self, data: bytes, at: int) -> int:
        """Where the first boundary with its two dashes stands, wherever in a line; -1 if there is none."""
        first = -1
        for _, boundary in self._open:
            hit = self._hits.get(boundary, 0)
            if 0 <= hit < at:
                dash = data.find(b"-", at)  # base64 has none, and one character is found much faster
                hit = data.find(b"--" + boundary, dash) if dash >= 0 else -1
                self._hits[boundary] = hit
            if hit >= 0 and (first < 0 or hit < first):
                first = hit
        return first

    def line(self, line: bytes) -> BoundaryLine:
        """Say what a line is that begins with one: an exact match before the longest, the innermost."""
        best = None
        for order, (node, boundary) in enumerate(self._open):
            if line.startswith(boundary, 2):
                rest = line[len(boundary) + 2 :]
                closes = rest.startswith(b"--")
                exact = not rest[2 * closes :].strip(b" \t\r")
                rank = (exact, len(boundary), not node.closed, order)
                if best is None or rank > best[0]:
                    best = (rank, node, boundary, closes)
        if best is None:
            raise ValueError("no boundary begins this line")
        rank, node, boundary, closes = best
        return BoundaryLine(node, boundary, closes, exact=rank[0])
