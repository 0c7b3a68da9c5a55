# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that others collected, real and broken: nothing crashes, and sizes are right where they are known.

The collections are not part of the project. They are looked for beside the checkout.
"""

import re
from pathlib import Path

import pytest

from gate.chunking import chunked
from mailgate.scanner import Scan, scan_message

MAIL = Path(__file__).parents[3] / "shared" / "corpora" / "mail"
pytestmark = pytest.mark.skipif(not MAIL.is_dir(), reason=f"there is no collection of mail in {MAIL}")

EPILOGUE = "mime4j drops the text after the closing boundary"
PREAMBLE = "mime4j drops a multipart's text if no part follows it"
STRICT = "mime4j takes no line for a boundary that differs from it in white space or goes on"
HEADER = "the header ends at the first line that is no field, as with Postfix"
DIFFERENT = {
    "bad-newlines-multiple-parts": ([10], [11, 47], f"{EPILOGUE}; a line end has two bytes on the wire"),
    "bad-newlines-multiple-parts-base64": ([10], [10, 46], EPILOGUE),
    "basic-plain-with-bad-header-separator": ([33], [177], HEADER),
    "ending-boundaries": ([12], [64, 116, 465, 57], f"{STRICT}; {EPILOGUE}"),
    "intermediate-boundaries": ([12, 620], [12, 620, 8], EPILOGUE),
    "malformedHeader-nocrlfcrlf": ([11], [105], HEADER),
    "malformedHeader-noheader": ([0], [92], HEADER),
    "malformedHeaderStartsBody-nocrlfcrlf": ([40], [105], HEADER),
    "malformedHeaderStartsBody-noheader": ([46], [92], HEADER),
    "misplaced-boundary": ([100], [100, 10], EPILOGUE),
    "missing-boundary": ([], [7], PREAMBLE),
    "missing-inner-boundary": ([5], [5, 5, 16], f"{PREAMBLE}; {EPILOGUE}"),
    "missing-inner-start-boundary": ([5], [5, 5, 16], f"{PREAMBLE}; {EPILOGUE}"),
    "multipartdigestnestedemptyparts": ([0], [0, 17, 12], EPILOGUE),
    "multipartemptypart": ([0], [0, 12], EPILOGUE),
    "multipartnestedemptyparts": ([0], [0, 17, 12], EPILOGUE),
    "multipartnestedemptypartsnorfc822": ([0], [0, 17, 12], EPILOGUE),
    "multipartnopart": ([], [60, 12], f"{PREAMBLE}; {EPILOGUE}"),
    "very-long-boundary": ([816], [11, 714, 810, 8], f"{STRICT}; {EPILOGUE}"),
    "very-very-long-boundary": (
        [7116],
        [21228],
        "the boundary is beyond the bound: the whole body is one file",
    ),
    "weird-boundary": ([186], [11, 84, 180, 8], f"{STRICT}; {EPILOGUE}"),
}


def scan_file(path: Path) -> Scan:
    return scan_message(path.read_bytes())[1]


def test_no_message_breaks_the_scanner_and_any_chunking_of_it_gives_the_same_scan() -> None:
    files = [path for path in MAIL.rglob("*") if path.is_file()]
    assert len(files) > 500
    for path in files:
        raw = path.read_bytes()
        assert scan_message(chunked(raw, [1_009])) == scan_message(raw), path


def test_leaves_are_as_large_as_mime4j_says_or_the_difference_is_explained() -> None:
    different = {}
    for message in sorted((MAIL / "mime4j").glob("*.msg")):
        outline = message.with_name(f"{message.stem}_decoded.xml").read_text("latin-1")
        theirs = [
            message.with_name(name).stat().st_size for name in re.findall(r'-body name="(.*?)"', outline)
        ]
        ours = [part.decoded_size for part in scan_file(message).parts if not part.container]
        if theirs != ours:
            different[message.stem] = (theirs, ours)
    assert different == {name: (theirs, ours) for name, (theirs, ours, _) in DIFFERENT.items()}


@pytest.mark.parametrize("test", ["fetch-binary-mime", "fetch-binary-mime-base64", "fetch-binary-mime-qp"])
def test_parts_are_as_large_as_imaptest_expects_of_imap_servers(test: str) -> None:
    folder = MAIL / "imaptest" / "src" / "tests"
    found = scan_file(folder / f"{test}.mbox")
    sizes = {part.path: part.encoded_size if part.container else part.decoded_size for part in found.parts}
    expected = re.findall(r"binary\.size\[([\d.]*)\] (\d+)", (folder / test).read_text())
    assert expected
    for path, size in expected:
        assert (sizes[path] if path else found.size) == int(size), path
