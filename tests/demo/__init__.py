# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: Postwarden at work on a private Postfix and Dovecot, told in tables."""
