# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine must have before a bed can be started on it."""

import os
from pathlib import Path

DEBIAN_PACKAGES = {
    "postfix": "/usr/sbin/postfix",
    "dovecot-core": "/usr/sbin/dovecot",
    "dovecot-imapd": "/usr/lib/dovecot/imap-login",
    "dovecot-pop3d": "/usr/lib/dovecot/pop3-login",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "dovecot-submissiond": "/usr/lib/dovecot/submission-login",
    "dovecot-managesieved": "/usr/lib/dovecot/managesieve-login",
    "dovecot-sieve": "/usr/bin/sievec",
}


def missing() -> list[str]:
    """One phrase for each thing this process lacks to run a bed; empty if it lacks nothing."""
    lacks = []
    if os.geteuid() != 0:
        lacks.append("root (Postfix's master starts as no one else)")
    packages = [name for name, file in DEBIAN_PACKAGES.items() if not Path(file).exists()]
    if packages:
        lacks.append(f"Debian packages: apt-get install --no-install-recommends {' '.join(packages)}")
    return lacks
