# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing, opening and reclaiming mailboxes on the servers that an office runs."""
