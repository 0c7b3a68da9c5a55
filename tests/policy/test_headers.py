# SPDX-License-Identifier: GPL-3.0-or-later
"""Header fields as rules read them: decoded once, and of very many of one name those that readers show."""

from mailpolicy.message import MOST_DECODED, Headers

WORD = b"=?UTF-8?B?Q8O0bmcgdsSDbg==?="


def test_a_field_is_decoded_once_however_many_rules_ask() -> None:
    headers = Headers([("Subject", WORD), ("subject", b"x\r\n y")])
    assert headers.text("Subject") == ("Công văn", "x y")
    assert headers.text("Subject") is headers.text("Subject")
    assert headers.text("To") == ()


def test_of_very_many_fields_of_one_name_the_first_and_the_last_are_decoded() -> None:
    headers = Headers([("Subject", b"%d" % number) for number in range(1600)])
    half = MOST_DECODED // 2
    assert headers.text("Subject") == tuple(map(str, [*range(half), *range(1600 - half, 1600)]))
    assert len(headers.raw("Subject")) == 1600
