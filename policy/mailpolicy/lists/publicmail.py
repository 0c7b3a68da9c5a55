# SPDX-License-Identifier: GPL-3.0-or-later
"""Which domains are public mail providers': our own list (data/public-mail.txt), and a site's changes."""

import re
from collections.abc import Iterable

from mailpolicy.address import ascii_domain
from mailpolicy.lists.datafile import DataFile, entries

# State, Party, National Assembly and Fatherland Front: never public, whatever a list says.
OFFICIAL = frozenset({"gov.vn", "chinhphu.vn", "quochoi.vn", "dcs.vn", "dangcongsan.vn", "mattran.org.vn"})
# Names under which registries sell domains to everybody, as in com.vn and co.uk.
REGISTRY = re.compile(
    r"(ac|ai|biz|co|com|edu|go|gov|health|id|info|int|io|mil|name|ne|net|or|org|pro)\.[a-z]{2}"
)


# The provinces' names below vn are registries' too (VNNIC; publicsuffix.org): anybody buys a name under them.
PROVINCE = re.compile(
    r"("
    r"angiang|bacgiang|backan|baclieu|bacninh|baria-vungtau|bentre|binhdinh|binhduong|"
    r"binhphuoc|binhthuan|camau|cantho|caobang|daklak|daknong|danang|dienbien|dongnai|"
    r"dongthap|gialai|hagiang|haiduong|haiphong|hanam|hanoi|hatinh|haugiang|hoabinh|hue|"
    r"hungyen|khanhhoa|kiengiang|kontum|laichau|lamdong|langson|laocai|longan|namdinh|"
    r"nghean|ninhbinh|ninhthuan|phutho|phuyen|quangbinh|quangnam|quangngai|quangninh|"
    r"quangtri|soctrang|sonla|tayninh|thaibinh|thainguyen|thanhhoa|thanhphohochiminh|"
    r"thuathienhue|tiengiang|travinh|tuyenquang|vinhlong|vinhphuc|yenbai"
    r")\.vn"
)


shipped = DataFile("public-mail.txt", entries)
"""The domains of data/public-mail.txt."""


def is_too_broad(domain: str) -> bool:
    """Whether a normalised domain is a registry's (vn, com.vn, hanoi.vn, co.uk): strangers' lie below it."""
    return "." not in domain or any(names.fullmatch(domain) for names in (REGISTRY, PROVINCE))


def official_suffix(domain: str) -> str | None:
    """Return which of OFFICIAL a normalised domain is or lies below, or None."""
    return next((suffix for suffix in _suffixes(domain) if suffix in OFFICIAL), None)


class PublicMail:
    """The shipped list with a site's changes. What is added or removed takes its subdomains along."""

    __slots__ = ("_listed", "_removed")

    def __init__(self, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self._removed = frozenset(map(ascii_domain, remove))
        self._listed = (shipped() | frozenset(map(ascii_domain, add))) - self._removed

    def matches(self, domain: str) -> str | None:
        """Return the listed domain that this one is or lies below, or None.

        The nearest entry decides: below a listed domain one may be excepted, and the other way round. Case, a
        trailing dot and the spelling of an internationalised name play no part.
        """
        domain = ascii_domain(domain)
        if official_suffix(domain):
            return None
        for suffix in _suffixes(domain):
            if suffix in self._removed:
                return None
            if suffix in self._listed:
                return suffix
        return None


def _suffixes(domain: str) -> Iterable[str]:
    """Give the domain, then each domain above it."""
    while domain:
        yield domain
        domain = domain.partition(".")[2]
