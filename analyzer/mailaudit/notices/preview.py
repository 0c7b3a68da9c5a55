# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's letters as its people would get them, about invented mailboxes."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mailaudit.notices import samples
from mailaudit.notices.writer import Writer, template_of
from mailpolicy.officetime import office_day


def previews(writer: Writer) -> Iterator[tuple[str, str]]:
    """Give every letter's name, as in `locked-owner.inactivity`, and its text, the subject in front."""
    today = office_day(datetime.now(UTC))
    for matter, recipient in samples.full(writer.site, today):
        text = writer.text(matter, recipient)
        name = template_of(matter.occasion, recipient.role)
        yield f"{name}.{matter.code}" if matter.code else name, f"Tiêu đề: {text.subject}\n\n{text.body}"
