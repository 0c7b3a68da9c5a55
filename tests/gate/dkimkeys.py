# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys to sign with, as PEM, and the records that publish them."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

TOO_SMALL = b"""\
-----BEGIN RSA PRIVATE KEY-----
MIIBygIBAAJhAKY5xhnfzyjfUt7M1ElAy76yDf1w4QQcraNErYixuG1bBkp2O+Pb
OYEtTpj23cmH7SH+Xu/zHf3MbgEYU1S46zboyiIq3uwM3kvrLORtAN9OTqTLkDoZ
DMxB5YQMdt/C2QIDAQABAmEAnWbTyah+1+sw47z9wCfVRswAJ19+E5C8c4AS+v+e
7h5lhJkU+RycBVBLvtj1B2LniJ5dfbLH+n7rYLDx5QrftVG6JfHi/iOzCXbGstCP
cErTj0ru/eH+IEHZQ6l4QaQBAjEA04hHmy4szYecre7iRgdZVwItOI0luwOZaVbf
/ZmIcNbnZXs1vzFSrzLxIwSQooMZAjEAyStLBPAVpD2ACSnHCMiAsDdWJpPo7Y3D
yX+/hGTsSaClvCXYsuNSP7XA+zwshPXBAjBOODSSU27JyX3Ma2tMjechX3KtWLQ9
BUWzSCantiBX6X/DbN4hBvIWSvYUBtoc3fECMA/65myv/agcUo1nyi3Cb6aP3sIV
wc0NE95vzXDg63w1zLSTdRFQyXnSIFBUyVyOgQIwXWHuA+w9leVJT93N9A3ZnlQc
9nhhVH9QbwzVuN68AhmsGzKAsuEs4lyUVk2OALk5
-----END RSA PRIVATE KEY-----
"""
"""768 bits: smaller than the library makes them."""
TOO_SMALL_PUBLIC = (
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAKY5xhnfzyjfUt7M1ElAy76yDf1w4QQcraNErYixuG1b"
    "Bkp2O+PbOYEtTpj23cmH7SH+Xu/zHf3MbgEYU1S46zboyiIq3uwM3kvrLORtAN9OTqTLkDoZDMxB"
    "5YQMdt/C2QIDAQAB"
)


@cache
def rsa_key(name: str = "", bits: int = 2048) -> bytes:
    """An RSA key as PEM, the same for each name."""
    return _pem(generate_private_key(65537, bits))


@cache
def ed25519_key() -> bytes:
    """An Ed25519 key as PEM."""
    return _pem(Ed25519PrivateKey.generate())


def _pem(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def record(pem: bytes, more: str = "") -> str:
    """The TXT record that publishes a key's public half."""
    key = load_pem_private_key(pem, None)
    if isinstance(key, RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; {more}p={base64.b64encode(public).decode()}"
    assert isinstance(key, Ed25519PrivateKey)
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; {more}p={base64.b64encode(raw).decode()}"
