# SPDX-License-Identifier: GPL-3.0-or-later
"""What Dovecot writes alike in many lines, as patterns."""

WHO = r'(?:"(?:[^"\\]|\\.)*"[^()"]*|[^()"]*)'
"""The parentheses after a service: a user, whose quoted local part may hold parentheses of its own."""
