# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine must have before a bed, or another server of the tests, can be started on it."""

import os
from pathlib import Path

MAIL_SYSTEM = {
    "postfix": "usr/sbin/postfix",
    "dovecot-core": "usr/sbin/dovecot",
    "dovecot-imapd": "usr/lib/dovecot/imap-login",
    "dovecot-pop3d": "usr/lib/dovecot/pop3-login",
    "dovecot-lmtpd": "usr/lib/dovecot/lmtp",
    "dovecot-submissiond": "usr/lib/dovecot/submission-login",
    "dovecot-managesieved": "usr/lib/dovecot/managesieve-login",
    "dovecot-sieve": "usr/bin/sievec",
}
POSTGRESQL = {"postgresql": "usr/lib/postgresql/*/bin/postgres"}
SLAPD = {"slapd": "usr/sbin/slapd", "openssl": "usr/bin/openssl"}
JAVA = {"default-jre-headless": "usr/bin/java"}
NSD = {"nsd": "usr/sbin/nsd"}
JOURNAL = {"systemd-journal-remote": "usr/lib/systemd/systemd-journal-remote"}  # brings journalctl too
PROMETHEUS = {"prometheus": "usr/bin/prometheus"}
CHROMIUM = {"chromium": "usr/bin/chromium"}


def missing_packages(wanted: dict[str, str]) -> list[str]:
    """The command that brings those of these Debian packages that are not installed; empty if all are."""
    packages = [name for name, file in wanted.items() if not any(Path("/").glob(file))]
    return (
        [f"Debian packages: apt-get install --no-install-recommends {' '.join(packages)}"] if packages else []
    )


def missing() -> list[str]:
    """One phrase for each thing this process lacks to run a bed; empty if it lacks nothing."""
    rights = [] if os.geteuid() == 0 else ["root (Postfix's master starts as nobody else)"]
    return rights + missing_packages(MAIL_SYSTEM)
