# SPDX-License-Identifier: GPL-3.0-or-later
"""Vietnamese text as rules must read it: its syllables, its old encodings, and what HTML shows of it."""
