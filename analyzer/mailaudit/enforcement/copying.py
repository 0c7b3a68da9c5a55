# SPDX-License-Identifier: GPL-3.0-or-later
"""Having Dovecot, 2.3 or 2.4, copy a mailbox to an archive's Maildir and messages back from it."""

from collections.abc import Iterable
from pathlib import Path

from mailaudit.enforcement import comparison
from mailaudit.enforcement.backend import EnforcementError
from mailaudit.enforcement.doveadm import MAIL_SECONDS, Doveadm
from mailaudit.enforcement.manifest import KeptMessage, Layout

# An archive shares no file with a mailbox,
COPIED = ("-o", "maildir_copy_with_hardlinks=no")
# and is read without Dovecot. 2.3 and 2.4 each pass over the other's setting.
UNCOMPRESSED = ("-o", "plugin/zlib_save=", "-o", "mail_compress_write_method=")
# What Dovecot says if folders are parted by a slash in one place and by a dot in the other.
OTHER_SEPARATOR = "hierarchy separator"
OPTION_OF_2_4 = b"-p <dest option>"


def copy(doveadm: Doveadm, user: str, mail: Path) -> Layout:
    """Bring a Maildir to what the mailbox is now; return how folders lie in it. Raises EnforcementError."""
    try:
        return _backup(doveadm, user, mail, Layout.DOTTED)
    except EnforcementError as error:
        if OTHER_SEPARATOR not in str(error):
            raise
        return _backup(doveadm, user, mail, Layout.NESTED)


def bring_back(
    doveadm: Doveadm, user: str, mail: Path, layout: Layout, messages: Iterable[KeptMessage]
) -> None:
    """Add these messages to the mailbox, in their folders. Raises EnforcementError."""
    for guid, uids in comparison.by_folder((one.guid, one.uid) for one in messages):
        options, place = _place(doveadm, mail, layout)
        query = ("", "mailbox-guid", guid, "uid", uids)
        doveadm.run(
            *COPIED, "import", "-s", *options, "-u", user, place, *query, seconds=MAIL_SECONDS
        )  # fmt: skip


def _backup(doveadm: Doveadm, user: str, mail: Path, layout: Layout) -> Layout:
    options, place = _place(doveadm, mail, layout)
    doveadm.run(*COPIED, *UNCOMPRESSED, "backup", *options, "-u", user, place, seconds=MAIL_SECONDS)
    return layout


def _place(doveadm: Doveadm, mail: Path, layout: Layout) -> tuple[tuple[str, ...], str]:
    """The options and the location that mean this Maildir."""
    place = f"maildir:{mail}"
    if layout is Layout.DOTTED:
        return (), place
    if OPTION_OF_2_4 in doveadm.usage():
        return ("-p", "mailbox_list_layout=fs"), place
    return (), f"{place}:LAYOUT=fs"
