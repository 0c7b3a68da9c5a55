# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate explain`: what the short code in a refusal or in the mail's header means, and what to do."""

import re
from dataclasses import dataclass
from typing import Any

from mailgate.reply import WORDINGS, refusal
from mailpolicy.citation import article_vi
from mailpolicy.malformed import CODE as MALFORMED
from mailpolicy.regulation import Duty, Regulation, UnknownRegulation, load
from mailpolicy.rules import RULES

_TAG = re.compile(r"\[?PW-(?:([A-Z]+)-)?([a-z-]+)\]?", re.ASCII)
TEMPORARY = "tempfail"
_GENERAL = {  # what no regulation speaks of: (English, Vietnamese)
    MALFORMED: (
        "The message's MIME structure is broken: mail programs may each read it in another way. Write it "
        "again in a common mail program and attach the files anew.",
        "Cấu trúc MIME của thư bị hỏng: mỗi phần mềm thư có thể đọc một cách. Hãy soạn lại bằng phần mềm thư "
        "thông dụng và đính kèm lại các tệp.",
    ),
    TEMPORARY: (
        "The gate could not judge the message just now. The sender's server tries again by itself; if it "
        "lasts, the gate's log has an alarm line that names the cause.",
        "Hệ thống chưa kiểm tra được thư. Máy chủ gửi sẽ tự động gửi lại; nếu kéo dài, quản trị xem dòng báo "
        "động trong nhật ký.",
    ),
}


class UnknownCodeError(Exception):
    """A code that means nothing; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means: `duty` and `regulation` are None for what no regulation speaks of."""

    code: str
    help_en: str
    help_vi: str
    regulation: Regulation | None = None
    duty: Duty | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        told: dict[str, Any] = {"code": self.code, "help_en": self.help_en, "help_vi": self.help_vi}
        if self.regulation and self.duty:
            told |= {
                "regulation": self.regulation.name,
                "citation_vi": self.regulation.citation_vi,
                "citation_en": self.regulation.citation_en,
                "article": self.duty.article,
                "sentence": self.duty.sentence,
                "gloss": self.duty.gloss,
                "action": next(rule.action.value for rule in RULES if rule.code == self.duty.code),
                "reply": str(refusal(self.duty, self.regulation)),
            }
        return told

    def as_lines(self) -> list[str]:
        """Return it for a person."""
        if not (self.regulation and self.duty):
            return [self.code, "", self.help_en, "", self.help_vi]
        action = next(rule.action.value for rule in RULES if rule.code == self.duty.code)
        return [
            f"{self.code}: {self.duty.code}, article {self.duty.article}, {self.regulation.citation_en}",
            "",
            self.duty.gloss,
            f"When enforced: {action}.",
            f"What the sender can do: {self.help_en}",
            "",
            f"{article_vi(self.duty.article)}, {self.regulation.citation_vi}:",
            self.duty.sentence,
            f"Người gửi có thể làm gì: {self.help_vi}",
            "",
            *str(refusal(self.duty, self.regulation)).splitlines(),
        ]


def explain(code: str) -> Explanation:
    """Explain a code as it stands in a refusal: PW-ST-attachment-cap, PW-malformed, PW-tempfail.

    Raises UnknownCodeError.
    """
    found = _TAG.fullmatch(code.strip())
    if not found:
        raise UnknownCodeError(f'"{code}" is no code; expected one as in PW-ST-attachment-cap')
    short, name = found.groups()
    if short is None and name in _GENERAL:
        return Explanation(f"PW-{name}", *_GENERAL[name])
    if short is None:
        raise UnknownCodeError(f'"{code}" names no regulation; expected PW-REGULATION-{name}')
    try:
        regulation = load(short)
    except UnknownRegulation as error:
        raise UnknownCodeError(f'"{code}": {error}') from error
    duty = next((duty for duty in regulation.duties if duty.code == name), None)
    if duty is None or name not in WORDINGS:
        known = ", ".join(duty.code for duty in regulation.duties if duty.code in WORDINGS)
        raise UnknownCodeError(f'"{code}": {regulation.name} refuses nothing by "{name}"; expected {known}')
    wording = WORDINGS[name]
    return Explanation(f"PW-{regulation.short}-{name}", wording.help_en, wording.help_vi, regulation, duty)
