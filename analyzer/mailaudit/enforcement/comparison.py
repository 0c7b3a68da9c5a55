# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox's messages against an archive's, by the digests of their texts, and their numbers for doveadm."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mailaudit.enforcement.mailcontent import Stored, digests
from mailaudit.enforcement.manifest import KeptMessage, Manifest

AT_ONCE = 1000  # ranges of messages in one call: a command line is not endless


def same(copied: Iterable[KeptMessage], there: Iterable[Stored]) -> bool:
    """Whether each folder of the copy has the mailbox's messages, no more and no fewer."""
    return Counter((one.guid, one.text) for one in copied) == Counter((one.guid, one.digest) for one in there)


def beyond(there: Iterable[Stored], held: Counter[str]) -> list[Stored]:
    """The messages that are there more often than they are held."""
    left = held.copy()
    beyond = []
    for message in there:
        if left[message.digest] == 0:
            beyond.append(message)
        else:
            left[message.digest] -= 1
    return beyond


def missing(held: Manifest, there: Iterable[Stored]) -> list[KeptMessage]:
    """The messages that are held more often than they are there."""
    left = digests(there)
    missing = []
    for message in held.mail:
        if left[message.text] == 0:
            missing.append(message)
        else:
            left[message.text] -= 1
    return missing


def by_folder(numbers: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Folders' guids with their messages, as in `1:5,8`, no more in one than a command line takes."""
    uids: dict[str, list[int]] = defaultdict(list)
    for guid, uid in numbers:
        uids[guid].append(uid)
    for guid, several in uids.items():
        ranges = _ranges(sorted(several))
        for start in range(0, len(ranges), AT_ONCE):
            yield guid, ",".join(ranges[start : start + AT_ONCE])


def _ranges(uids: Sequence[int]) -> list[str]:
    found: list[list[int]] = []
    for uid in uids:
        if found and uid == found[-1][1] + 1:
            found[-1][1] = uid
        else:
            found.append([uid, uid])
    return [f"{first}:{last}" for first, last in found]
