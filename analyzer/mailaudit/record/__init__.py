# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of what was done with mailboxes and what was said about them; it is only added to."""
