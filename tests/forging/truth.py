# SPDX-License-Identifier: GPL-3.0-or-later
"""What really happened while the logs were attacked, as the servers' answers and the disk tell it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Truth:
    """Logins and mail that really were: by service and user, by mailbox, by address."""

    logins: Counter[str] = field(default_factory=Counter)  # "imap canbo1@...": through Dovecot
    submissions: Counter[str] = field(default_factory=Counter)  # by user: messages Postfix took with a login
    stored: Counter[str] = field(default_factory=Counter)  # by mailbox: messages in any folder
    forwarded: Counter[str] = field(default_factory=Counter)  # by address: what Sieve handed on
    departed: Counter[str] = field(default_factory=Counter)  # by address: what left the office

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        values = {name: dict(sorted(counted.items())) for name, counted in vars(self).items()}
        file.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> "Truth":
        """Read what `save` has written."""
        values: Mapping[str, Mapping[str, int]] = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{name: Counter(counted) for name, counted in values.items()})
