# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the letters of an office: whom, in which words, as which message."""

from datetime import UTC, date, datetime
from email.headerregistry import Address
from hashlib import sha256
from pathlib import Path

from mailaudit.notices import samples, templates
from mailaudit.notices.facts import facts
from mailaudit.notices.letter import Attachment, compose, message_id
from mailaudit.notices.matter import Matter, Occasion, Role
from mailaudit.notices.notice import Notice
from mailaudit.notices.recipients import AUDIENCE, People, Recipient
from mailaudit.notices.settings import NoticeSettings
from mailaudit.notices.templates import BadTemplateError, Templates, Text
from mailpolicy.address import domain_of
from mailpolicy.directory import Mailbox
from mailpolicy.files.problems import BadFile, Problem
from mailpolicy.officetime import office_day
from mailpolicy.site import Site


class NoApproverError(Exception):
    """The site file names nobody who could be sent a plan."""


class Writer:
    """An office's letters: `site` and `settings` are of the site file `file`."""

    def __init__(self, site: Site, settings: NoticeSettings, file: Path) -> None:
        """Raises BadFile with every mistake in the office's own templates, tried out on sample letters."""
        self.site, self.settings = site, settings
        if domain_of(settings.sender) not in site.domains:
            expected = f"an address in {' or '.join(site.domains)}"
            raise BadFile([Problem(str(file), "audit.notices.from", f'"{settings.sender}"', expected)])
        self._templates = Templates(file.parent / settings.templates if settings.templates else None)
        self._try_out()

    def notices(self, matter: Matter, people: People, time: datetime) -> list[Notice]:
        """Return the letters about a matter to all who are told; `time` is aware. Raises BadTemplateError."""
        roles = matter.tell or AUDIENCE[matter.occasion]
        return [
            self._notice(matter, one, self.text(matter, one), time)
            for one in people.recipients(matter.mailbox, roles)
        ]

    def plan_mail(self, plan: str, as_of: date, time: datetime) -> Notice:
        """Return the letter that brings the approver a plan, once for each text. Raises NoApproverError."""
        if self.settings.approver is None:
            raise NoApproverError("no approver: audit.notices.approver in the site file names one")
        key = f"plan|{as_of}|{sha256(plan.encode()).hexdigest()[:16]}"
        matter = Matter(key, Occasion.PLAN, Mailbox(""), as_of)
        approver = Recipient(self.settings.approver, Role.APPROVER)
        attached = Attachment(f"ke-hoach-{as_of}.txt", plan)
        return self._notice(matter, approver, self.text(matter, approver), time, attached)

    def text(self, matter: Matter, recipient: Recipient) -> Text:
        """Return a letter's words. Raises BadTemplateError."""
        said = facts(matter, self.site, self.settings, stand_in=recipient.stand_in)
        return self._templates.render(template_of(matter.occasion, recipient.role), said.variables())

    def _notice(
        self, matter: Matter, recipient: Recipient, text: Text, time: datetime, *attached: Attachment
    ) -> Notice:
        sender = self.settings.sender
        identifier = message_id(matter.key, recipient.address, sender)
        author = Address(self.settings.signed_by, addr_spec=sender)
        content = compose(
            text, author, recipient.address, identifier=identifier, time=time, attached=attached
        )
        return Notice(
            event=matter.key,
            recipient=recipient.address,
            role=recipient.role,
            occasion=matter.occasion,
            mailbox=matter.mailbox.address,
            sender=sender,
            subject=text.subject,
            message_id=identifier,
            content=content,
        )

    def _try_out(self) -> None:
        errors: list[BadTemplateError] = []
        for matter, recipient in samples.all_of(self.site, office_day(datetime.now(UTC))):
            try:
                self.text(matter, recipient)
            except BadTemplateError as error:
                errors.append(error)
        if errors:
            raise BadFile(templates.problems(errors))


def template_of(occasion: Occasion, role: Role) -> str:
    """Return the name of the template for an occasion and a role, as in `locked-owner`."""
    return f"{occasion}-{role}"
