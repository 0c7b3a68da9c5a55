# SPDX-License-Identifier: GPL-3.0-or-later
"""Enforces the regulation at the door: a milter that Postfix calls on every message."""
