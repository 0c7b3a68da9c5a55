# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of one message as they are found, and the Parts that the rules see once all of it was read."""

from dataclasses import dataclass, field

from mailgate.mime.bounds import MAX_PREAMBLE, Budget
from mailgate.mime.headers import Declared
from mailgate.mime.reasons import Reason
from mailpolicy.message import Part


@dataclass(slots=True)
class Node:
    """A part under way. `prefix` begins its children's paths, `start` is its content's place in its stream.

    `contested` is whether another reading sees other parts in it: then all of it counts, as it stands, as
    attached. `preamble` marks the bytes before a multipart's first part, which are dropped unless they count.
    `depth` counts the containers around its children, itself included, and `searched` their boundaries.
    `used` holds the readings of the boundary that were met; `begun` and `closed` tell whether a part began
    and whether a closing boundary was met.
    """

    path: str
    declared: Declared
    parent: "Node | None" = None
    container: bool = False
    prefix: str = ""
    start: int = 0
    encoded_size: int = 0
    decoded_size: int = 0
    attached: bool = False
    contested: bool = False
    in_attached_message: bool = False
    preamble: bool = False
    depth: int = 0
    searched: int = 0
    children: int = 0
    used: set[bytes] = field(default_factory=set)
    begun: bool = False
    closed: bool = False
    sample: str = ""
    sample_cut: bool = False
    charset: str = "us-ascii"

    @property
    def is_message(self) -> bool:
        """Whether it is a container that holds one message."""
        return self.container and not self.declared.boundaries

    def enter(self) -> None:
        """Count it among the containers around what comes."""
        self.depth = 1 + (self.parent.depth if self.parent else 0)
        self.searched = len(self.declared.boundaries) + (self.parent.searched if self.parent else 0)

    def next_child(self) -> str:
        """Return the path of the next part inside a multipart."""
        self.children += 1
        return numbered(self.prefix, str(self.children))

    def inherit(self) -> None:
        """Take over what holds for the containers around it."""
        if self.parent is not None:
            self.contested |= self.parent.contested
            self.in_attached_message |= self.parent.in_attached_message

    def settle(self) -> None:
        """Decide whether it is attached, and add a leaf's size to the containers around it."""
        around = self.parent.declared.type if self.parent else ""
        declared = self.declared.attached(around, in_attached_message=self.in_attached_message)
        if self.container:
            self.attached = declared if self.is_message else self.contested
            self.in_attached_message |= self.is_message and declared
            return
        self.attached |= declared or self.contested
        if self.contested:
            self.decoded_size = max(self.decoded_size, self.encoded_size)
        container = self.parent
        while container is not None:
            container.decoded_size += self.decoded_size
            container = container.parent

    def part(self) -> Part:
        """Return it as the rules see it."""
        return Part(
            path=self.path,
            type=self.declared.type,
            encoding=self.declared.encoding,
            encoded_size=self.encoded_size,
            decoded_size=self.decoded_size,
            filenames=self.declared.names,
            disposition=self.declared.disposition,
            attachment=self.attached,
            container=self.container,
            sample=self.sample,
            sample_cut=self.sample_cut,
            charset=self.charset,
        )


def numbered(prefix: str, number: str) -> str:
    """Join a path (RFC 3501, 6.4.5)."""
    return f"{prefix}.{number}" if prefix else number


class Tree:
    """Everything found so far in one message: nodes in the order they began, reasons, and bounds left."""

    __slots__ = ("budget", "nodes", "reasons")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.reasons: set[Reason] = set()
        self.budget = Budget()

    def add(self, node: Node) -> Node:
        """Take a part that begins."""
        self.budget.parts -= 1
        self.nodes.append(node)
        return node

    def parts(self) -> tuple[Part, ...]:
        """Return the parts, containers before what they hold. To be called once."""
        found = []
        for node in self.nodes:
            node.inherit()
            if not node.preamble or self._counts(node):
                node.settle()
                found.append(node)
        return tuple(node.part() for node in found)

    def _counts(self, preamble: Node) -> bool:
        if preamble.encoded_size > MAX_PREAMBLE:
            self.reasons.add(Reason.TEXT_BEFORE_PARTS)
            return True
        return preamble.contested
