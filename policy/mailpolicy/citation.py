# SPDX-License-Identifier: GPL-3.0-or-later
"""How articles, regulations and days are named in Vietnamese official writing."""

import re
from datetime import date

from mailpolicy.regulation import Regulation


def article_vi(article: str) -> str:
    """Return "4.2c" as Vietnamese law cites it: điểm c khoản 2 Điều 4. Several are separated by commas."""
    return ", ".join(map(_one_article_vi, article.split(", ")))


def regulation_vi(regulation: Regulation) -> str:
    """Return a regulation's full name, with the decision that it was issued with, or as the draft it is."""
    if regulation.date is None:
        return f"{regulation.title} của {regulation.issuer}, {_lower_first(regulation.number)}"
    kind = "Quyết định số" if "QĐ" in regulation.number else "văn bản số"
    decision = f"{kind} {regulation.number} {date_vi(regulation.date)} của {regulation.issuer}"
    return f"{regulation.title} (ban hành kèm theo {decision})"


def date_vi(day: date) -> str:
    """Return a day as in `ngày 05 tháng 02 năm 2026`: days below 10 and the months 1 and 2 have a zero.

    Decree 30/2020/NĐ-CP, Phụ lục I.
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _one_article_vi(article: str) -> str:
    found = re.fullmatch(r"(\d+)(?:\.(\d+))?([a-zđ]?)", article)
    if not found:
        return article
    number, clause, point = found.groups()
    return (f"điểm {point} " if point else "") + (f"khoản {clause} " if clause else "") + f"Điều {number}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
