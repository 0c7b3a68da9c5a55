# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the scanner follows a message. Beyond a bound the rest counts as attached: nothing is skipped."""

MAX_DEPTH = 20  # containers inside one another
MAX_ENCODED_DEPTH = 3  # of which decoded before they are read: each level costs a decoding of all it holds
MAX_PARTS = 1_000
MAX_BOUNDARY_LINES = 10_000  # closing ones, and boundaries in the middle of a line, among them
MAX_BOUNDARY = 1_000  # bytes; RFC 2046, 5.1.1 allows 70
MAX_BOUNDARY_READINGS = 4  # of one multipart
MAX_OPEN_BOUNDARIES = 10  # searched for at the same time
MAX_BOUNDARY_LINE = 2_000  # bytes of a boundary line, what follows the boundary included
MAX_LINE = 1_000  # bytes of a uuencoded file's begin line

MAX_HEADER = 65_536  # bytes of one part's header
MAX_HEADERS = 524_288  # bytes of all parts' headers
MAX_VALUE = 16_384  # bytes of one Content-* field
MAX_PARAMETERS = 200  # of one Content-* field
MAX_NAMES = 8  # of one part
MAX_NAME = 255  # characters

MAX_PREAMBLE = 8_192  # bytes before a multipart's first part that are not counted
MAX_SAMPLE = 16_384  # characters of one text part
MAX_SAMPLES = 131_072  # bytes kept for the samples of one message

MAX_TNEF_ATTRIBUTES = 10_000  # of all TNEF files (winmail.dat) of one message
MAX_TNEF_ATTRIBUTE = 16_384  # bytes of one attribute that are looked at
MAX_TNEF_NAMES = 100  # of files in one TNEF file

MAX_PADDED_RUNS = 10_000  # of base64 in one part; further padding is ignored
MAX_UU_CANDIDATES = 1_000  # lines of one text that begin with "begin "
MAX_UU_ODD_LINES = 10_000  # lines of one part's uuencoded blocks that are not full


class Budget:
    """What is left of the bounds on a message as a whole, encoded messages inside it included."""

    __slots__ = ("boundary_lines", "header_bytes", "parts", "sample_bytes", "tnef_attributes")

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.boundary_lines = MAX_BOUNDARY_LINES
        self.header_bytes = MAX_HEADERS
        self.sample_bytes = MAX_SAMPLES
        self.tnef_attributes = MAX_TNEF_ATTRIBUTES

    @property
    def spent(self) -> bool:
        """Whether nothing more may be opened."""
        return self.parts <= 0 or self.boundary_lines <= 0 or self.header_bytes < 0
