# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's side of the second look: keeps the messages that get one and has the copies examined."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from mailgate.signatures.kept import Kept
from mailgate.signatures.settings import SignatureSettings
from mailgate.signatures.wanted import Look
from mailgate.terms import Terms
from mailpolicy.address import normalise
from mailpolicy.message import Envelope, Headers
from mailpolicy.signature import Signature, Signatures, Signed, Soundness

AT_ONCE = 2  # examinations of one worker; each takes 0.4 s of a core, most of it to begin
WAIT_SECONDS = 30.0  # for a turn, and again for an answer
MB = 1024 * 1024


class Copy:
    """One message on its way: take its body, then `inspect`, then close."""

    def __init__(
        self,
        inspector: "Inspector",
        settings: SignatureSettings,
        look: Look,
        fields: Sequence[tuple[str, bytes]],
    ) -> None:
        self._inspector = inspector
        self._roots = settings.roots
        self._look = look
        self._kept = Kept(fields, settings.largest_mb * MB)
        self.write = self._kept.write
        self.close = self._kept.close

    def inspect(self, headers: Headers) -> Signatures:
        """Say what signatures the message holds. Raises nothing."""
        if self._kept.failed:
            return Signatures(looked=True, uninspected=self._kept.failed)
        authors = [normalise(box.address) for box in headers.mailboxes("From")]
        return self._inspector.examine(self._kept, self._look, self._roots, authors)


class Inspector:
    """Has the messages that get a second look examined, AT_ONCE at a time. It keeps nothing of them."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def keep(
        self, terms: Terms, envelope: Callable[[], Envelope], fields: Sequence[tuple[str, bytes]]
    ) -> Copy | None:
        """Begin to copy the message whose header is complete, or return None, as for nearly all."""
        wanted = terms.wanted
        if not wanted.desk and not wanted.incoming:
            return None
        look = wanted.look(terms.policy, envelope(), Headers(fields))
        return Copy(self, terms.signatures, look, fields) if look else None

    def examine(self, kept: Kept, look: Look, roots: Sequence[str], authors: Sequence[str]) -> Signatures:
        """Have a copy examined in a process of its own. `authors` are the addresses in From:, normalised."""
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            return Signatures(looked=True, uninspected="too many at once")
        try:
            said = _examined(kept, look, roots)
            return Signatures(tuple(_signature(one, authors) for one in said), looked=True)
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
            return Signatures(looked=True, uninspected=f"the examination failed ({type(error).__name__})")
        finally:
            self._turns.release()


def _examined(kept: Kept, look: Look, roots: Sequence[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mailgate.signatures.examine", look.value, *roots],
        stdin=kept.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        timeout=WAIT_SECONDS,
        check=True,
    )
    return list(json.loads(done.stdout))


def _signature(found: dict[str, Any], authors: Sequence[str]) -> Signature:
    """Read one answer. A mail's signature is its author's only if the certificate names him (RFC 8550, 3)."""
    signed, soundness = Signed(found["signed"]), Soundness(found["soundness"])
    named = [normalise(address) for address in found["addresses"]]
    his = bool(authors) and all(author in named for author in authors)
    if signed is Signed.MAIL and soundness is Soundness.VALID and not his:
        soundness = Soundness.WRONG_SIGNER
    address = authors[0] if his else next(iter(named), "")
    return Signature(signed, soundness, found["signer"], found["name"], found["whole"], address)
