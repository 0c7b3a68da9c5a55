# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot of a directory that the audit publishes and the gate asks: its form, without any file.

A text in UTF-8 (docs/directory.md): one line of JSON, then one line for each mailbox, sorted by address, then
one for each unit, sorted by name. Cells are parted by tabs.
"""
