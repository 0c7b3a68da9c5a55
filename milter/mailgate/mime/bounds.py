# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the scanner follows a message. Beyond a bound the rest counts as attached: nothing is skipped."""

MAX_DEPTH = 20  # containers inside one another
MAX_ENCODED_DEPTH = 3  # of which decoded before they are read: each level costs a decoding of all it holds
MAX_PARTS = 400
MAX_BOUNDARY_LINES = 1_500  # closing ones, and boundaries in the middle of a line, among them
MAX_BOUNDARY = 1_000  # bytes; RFC 2046, 5.1.1 allows 70
MAX_BOUNDARY_READINGS = 4  # of one multipart
MAX_OPEN_BOUNDARIES = 10  # searched for at the same time
MAX_BOUNDARY_LINE = 2_000  # bytes of a boundary line, what follows the boundary included
MAX_LINE = 1_000  # bytes of a uuencoded file's begin line

MAX_HEADER = 65_536  # bytes of one part's header
MAX_HEADERS = 524_288  # bytes of all parts' headers
MAX_HEADER_LINES = 20_000  # of all parts' headers
MAX_FIELDS = 50  # Content-* fields of one part, or of the message itself
MAX_VALUE = 16_384  # bytes of one Content-* field
MAX_VALUES = 131_072  # bytes of all parts' Content-* fields
MAX_MARKS = 10_000  # of ; " ( ) and backslash in all parts' Content-* fields
MAX_PARAMETERS = 200  # of one Content-* field
MAX_NAMES = 8  # of one part
MAX_NAME = 255  # characters

MAX_PREAMBLE = 8_192  # bytes before a multipart's first part that are not counted
MAX_SAMPLE = 16_384  # characters of one text part
MAX_SAMPLES = 131_072  # bytes kept for the samples of one message

MAX_TNEF_ATTRIBUTES = 1_000  # of all TNEF files (winmail.dat) of one message
MAX_TNEF_ATTRIBUTE = 16_384  # bytes of one attribute that are looked at
MAX_TNEF_NAMES = 100  # of files in one TNEF file

MAX_PADDED_RUNS = 1_000  # of the first base64 part; of the second half as many, of the third a third
MAX_UU_CANDIDATES = 1_000  # lines of a message's texts that begin with "begin "
MAX_UU_ODD_LINES = 10_000  # lines of a message's uuencoded blocks that are not full

_MARKS = b';"()\\'


class Budget:
    """What is left of the bounds on a message as a whole, encoded messages inside it included."""

    __slots__ = (
        *("boundary_lines", "header_bytes", "header_lines", "marks", "odd_lines", "parts", "runs_given"),
        *("sample_bytes", "tnef_attributes", "uu_candidates", "value_bytes"),
    )

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.boundary_lines = MAX_BOUNDARY_LINES
        self.header_bytes = MAX_HEADERS
        self.header_lines = MAX_HEADER_LINES
        self.value_bytes = MAX_VALUES
        self.marks = MAX_MARKS
        self.sample_bytes = MAX_SAMPLES
        self.tnef_attributes = MAX_TNEF_ATTRIBUTES
        self.runs_given = 0
        self.uu_candidates = MAX_UU_CANDIDATES
        self.odd_lines = MAX_UU_ODD_LINES

    @property
    def spent(self) -> bool:
        """Whether nothing more may be opened."""
        return self.parts <= 0 or self.boundary_lines <= 0 or self.headers_spent

    def padded_runs(self) -> int:
        """Return the bound for one more base64 part. What one leaves over is not another's.

        A message inside base64 and its parts count in turns, as chunks come: a common store would make the
        result depend on them.
        """
        self.runs_given += 1
        return MAX_PADDED_RUNS // self.runs_given

    def take_header(self, block: bytes) -> bool:
        """Count a part's header; say whether it may be read."""
        self.header_bytes -= len(block)
        self.header_lines -= block.count(b"\n")
        return self.header_bytes >= 0 and self.header_lines >= 0

    def take_values(self, values: bytes) -> bool:
        """Count the values of Content-* fields; say whether they may be read."""
        self.value_bytes -= len(values)
        self.marks -= len(values) - len(values.translate(None, _MARKS))
        return self.value_bytes >= 0 and self.marks >= 0

    @property
    def headers_spent(self) -> bool:
        """Whether no more is read of parts' headers."""
        return min(self.header_bytes, self.header_lines, self.value_bytes, self.marks) < 0
