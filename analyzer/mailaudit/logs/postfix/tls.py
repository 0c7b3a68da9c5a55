# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's lines about encrypted connections, of clients and to other hosts."""

from mailaudit.logs.kinds import LineKind
from mailaudit.logs.postfix.pieces import CLIENT, USUAL_CLIENT

TLS = (
    LineKind(
        "tls",
        ("Anonymous TLS ", "Untrusted TLS ", "Trusted TLS ", "Verified TLS "),
        f"[A-Z][a-z]+ TLS connection (?:established|reused) (?:from|to) {CLIENT}: .*",
        {
            "Anonymous TLS connection established from pc7[192.0.2.7]: TLSv1.3 with cipher "
            "TLS_AES_256_GCM_SHA384 (256/256 bits)": {"client_name": "pc7"},
            "Verified TLS connection established to mx.example.com[192.0.2.25]:25: TLSv1.3": {
                "address": "192.0.2.25",
            },
        },
        usual=tuple(
            f"{trust} TLS connection established {ends}: {{}}"
            for trust in ("Anonymous", "Untrusted", "Trusted", "Verified")
            for ends in (f"from {USUAL_CLIENT}", f"to {USUAL_CLIENT}:{{+::|0-9}}")
        ),
    ),
    LineKind(
        "tls-error",
        ("SSL_accept error from ", "SSL_connect error to "),
        f"SSL_[a-z]+ error (?:from|to) {CLIENT}: (?P<reason>.*)",
        {"SSL_accept error from unknown[192.0.2.7]: -1": {"address": "192.0.2.7", "reason": "-1"}},
    ),
    LineKind(
        "tls-setup",
        ("setting up TLS connection ", "TLS SNI ", "abort: TLS from ", "Refusing STARTTLS ", "Host offered "),
        "(?P<reason>setting up TLS|TLS SNI|abort: TLS|Refusing STARTTLS|Host offered STARTTLS).*",
        {
            "setting up TLS connection from pc7[192.0.2.7]": {"reason": "setting up TLS"},
            "NOQUEUE: abort: TLS from pc7[192.0.2.7]: handshake failed": {"reason": "abort: TLS"},
            "Host offered STARTTLS: [mx.example.com]": {},
        },
    ),
)
