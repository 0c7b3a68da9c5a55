# SPDX-License-Identifier: GPL-3.0-or-later
"""The dated lists in data/ that strangers' domains are looked up in, and how such files are read."""
