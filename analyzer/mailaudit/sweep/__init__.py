# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps: what a regulation asks to be done with idle mailboxes, planned from the store and a directory."""
