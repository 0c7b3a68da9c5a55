# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of values in files that people write, for pydantic models: text, domains, addresses, arrays."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from mailpolicy.address import ascii_domain, normalise
from mailpolicy.files.tables import wrong_value

ARRAY = Field(strict=False)  # lets a TOML array become a tuple; its items stay strict
A_DOMAIN = "a domain, as in soctrang.gov.vn"
AN_ADDRESS = "a mail address, as in vanthu@soctrang.gov.vn"
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")  # RFC 1123, 2.1


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise wrong_value("empty", "text")
    return text


def _line(value: str) -> str:
    text = _text(value)
    if "\n" in text:
        raise wrong_value("several lines", "one line")
    return text


def is_domain(domain: str) -> bool:
    """Whether this is a domain name of two labels or more, in lower-case ASCII."""
    labels = domain.split(".")
    return len(labels) > 1 and len(domain) <= 253 and all(LABEL.fullmatch(label) for label in labels)


def _domain(value: str) -> str:
    domain = ascii_domain(value)
    if not is_domain(domain):
        raise wrong_value(f'"{value}"', A_DOMAIN)
    return domain


def _address(value: str) -> str:
    address = normalise(value)
    local, _, domain = address.rpartition("@")
    if not local or set(local) & set(' \t\r\n"<>@,;:()') or not is_domain(ascii_domain(domain)):
        raise wrong_value(f'"{value}"', AN_ADDRESS)
    return f"{local}@{ascii_domain(domain)}"


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if twice := [value for value in values if values.count(value) > 1]:
        raise wrong_value(f'"{twice[0]}" is there twice', "each once")
    return values


def _not_empty(values: tuple[object, ...]) -> tuple[object, ...]:
    if not values:
        raise wrong_value("an empty array", "at least one item")
    return values


DISTINCT = AfterValidator(_distinct)
NOT_EMPTY = AfterValidator(_not_empty)
Text = Annotated[
    str, AfterValidator(_text), Field(json_schema_extra={"expected": "a string that is not empty"})
]
"""Not empty; NFC, no space around it."""
Line = Annotated[str, AfterValidator(_line), Field(json_schema_extra={"expected": "a string of one line"})]
"""Text of one line."""
Domain = Annotated[str, AfterValidator(_domain), Field(json_schema_extra={"expected": A_DOMAIN})]
"""A domain of two labels or more; given in lower case, an IDN in its ASCII form."""
Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"expected": AN_ADDRESS})]
"""A mail address; given as addresses are compared."""
