# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys for signing, read from PEM files that only the gate may read."""

import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mailgate.identity.publickey import SMALLEST
from mailpolicy.files.problems import Problems

TOO_OPEN = stat.S_IRWXO | stat.S_IWGRP
A_FILE = "a file with a private key that the gate may read"
A_MODE = "mode 0400, or 0440 for its group"
A_KEY = f"an RSA key of {SMALLEST} bits or more, or an Ed25519 key, in PEM without a passphrase"


def read(path: str, key: str, problems: Problems) -> bytes:
    """Return what this file holds, and note under `key` whatever keeps it from being signed with."""
    pem = b""
    try:
        mode = stat.S_IMODE(Path(path).stat().st_mode)
        pem = Path(path).read_bytes()
        parse(pem)
    except OSError as error:
        problems.add(key, f'"{path}" can\'t be read ({error.strerror})', A_FILE)
        return pem
    except ValueError:
        problems.add(key, f'"{path}" holds no key that can sign', A_KEY)
        return pem
    if mode & TOO_OPEN:
        wrong = f'"{path}" has mode {mode:04o}: others may read it, or its group may change it'
        problems.add(key, wrong, A_MODE)
    return pem


def parse(pem: bytes) -> RSAPrivateKey | Ed25519PrivateKey:
    """Read a key. Raises ValueError for what can't sign."""
    try:
        key = load_pem_private_key(pem, None)
    except (TypeError, UnsupportedAlgorithm) as error:  # TypeError: it needs a passphrase
        raise ValueError(str(error)) from error
    if isinstance(key, RSAPrivateKey) and key.key_size < SMALLEST:
        raise ValueError(f"{key.key_size} bits")
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError(type(key).__name__)
    return key
