# SPDX-License-Identifier: GPL-3.0-or-later
"""What mailgate.scanner is made of: a streaming reader of MIME, from header values to the tree of parts."""
