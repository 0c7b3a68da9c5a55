# SPDX-License-Identifier: GPL-3.0-or-later
"""The examining process: says as JSON what signatures the kept message on standard input holds.

`python -m mailgate.signatures.examine mail|documents [ROOT.pem ...]`. Whatever a stranger wrote costs at most
CPU_SECONDS and MEMORY bytes, and nothing in the gate. Without roots only presence is seen.
"""

import json
import mmap
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from mailgate.signatures import presence
from mailgate.signatures.entities import Entity, read
from mailpolicy.signature import Signed, Soundness
from mailpolicy.smime import DETACHED, OPAQUE, OPAQUE_NAME

if TYPE_CHECKING:
    from mailgate.signatures.validity import Examined, Verifier

CPU_SECONDS = 20
MEMORY = 1024**3  # bytes of address space
NICENESS = 10  # mail that is only passing through goes first
MAX_FOUND = 50
MAX_TEXT = 200  # characters of a name
MAX_ADDRESSES = 20

Found = dict[str, object]


def main(arguments: Sequence[str]) -> None:
    """Examine standard input, a file."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    what, *roots = arguments
    with mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = Examination(_verifier(roots), read(data)).look(documents=what == "documents")
        json.dump(list(islice(found, MAX_FOUND)), sys.stdout)


def _verifier(roots: Sequence[str]) -> "Verifier | None":
    if not roots:
        return None
    from mailgate.signatures.validity import Verifier  # noqa: PLC0415 - an extra, and slow to import

    return Verifier(roots)


class Examination:
    """One message's signatures. Without a verifier those that are there are PRESENT."""

    def __init__(self, verifier: "Verifier | None", message: Entity) -> None:
        self._verifier = verifier
        self._message = message

    def look(self, *, documents: bool) -> Iterator[Found]:
        """Yield the signatures over the mail, then those over its documents if they are asked for."""
        leaves = [one for one in self._message.walk() if not one.children]
        for pair in filter(_is_smime_pair, self._message.walk()):
            content, signature = pair.children
            leaves.remove(signature)
            examined = self._over_cms(signature.decoded(), content.exact)
            yield _told(Signed.MAIL, examined, whole=pair is self._message)
        for one in filter(self._is_opaque_mail, list(leaves)):
            leaves.remove(one)
            if cms := presence.cms_of(one.decoded()):
                yield _told(Signed.MAIL, self._over_cms(cms, None), whole=one is self._message)
        if documents:
            yield from self._documents(leaves)

    def _is_opaque_mail(self, one: Entity) -> bool:
        """Whether it is a mail in CMS (RFC 8551, 3.5.2), not a document under another name."""
        return one.name.lower() == OPAQUE_NAME or (one is self._message and one.type in OPAQUE)

    def _documents(self, leaves: list[Entity]) -> Iterator[Found]:
        for leaf in leaves:
            if leaf.type.startswith("text/") and not leaf.name:
                continue
            data = leaf.decoded()
            if leaf.name.lower().endswith(presence.CMS_NAMES) or leaf.type in DETACHED:
                if cms := presence.cms_of(data):
                    yield self._beside(cms, leaf, leaves)
            elif presence.is_pdf(data):
                if presence.pdf_signed(data):
                    examined = self._verifier.over_pdf(data) if self._verifier else None
                    yield _told(Signed.DOCUMENT, examined, leaf.name)
            elif presence.ooxml_signed(data):
                yield _told(Signed.DOCUMENT, None, leaf.name)  # XML signatures are not verified

    def _beside(self, cms: bytes, leaf: Entity, leaves: list[Entity]) -> Found:
        """A signature file: over what it holds itself, or over the attachment that it fits best."""
        if self._verifier is None:
            return _told(Signed.DOCUMENT, None, leaf.name)
        opaque = self._verifier.over_cms(cms, None)
        others = [one for one in leaves if one is not leaf and one.name]
        others.sort(key=lambda one: not leaf.name.startswith(one.name))  # letter.docx.p7s is letter.docx's
        results = [opaque, *(self._verifier.over_cms(cms, one.decoded()) for one in others[:MAX_FOUND])]
        whole = [one for one in results if one.soundness not in (Soundness.UNREADABLE, Soundness.TAMPERED)]
        broken = [one for one in results if one.soundness is Soundness.TAMPERED]
        return _told(Signed.DOCUMENT, (whole or broken or results)[0], leaf.name)

    def _over_cms(self, cms: bytes, content: bytes | None) -> "Examined | None":
        return self._verifier.over_cms(cms, content) if self._verifier else None


def _is_smime_pair(entity: Entity) -> bool:
    """Whether it is multipart/signed with a content and an S/MIME signature (RFC 8551, 3.5.3)."""
    is_pair = entity.type == "multipart/signed" and len(entity.children) == 2  # RFC 1847, 2.1
    return is_pair and entity.children[1].type in DETACHED


def _told(signed: Signed, examined: "Examined | None", name: str = "", *, whole: bool = True) -> Found:
    return {
        "signed": signed.value,
        "soundness": (examined.soundness if examined else Soundness.PRESENT).value,
        "signer": examined.signer[:MAX_TEXT] if examined else "",
        "name": name[:MAX_TEXT],
        "whole": whole,
        "addresses": [text[:MAX_TEXT] for text in examined.addresses[:MAX_ADDRESSES]] if examined else [],
    }


if __name__ == "__main__":
    main(sys.argv[1:])
