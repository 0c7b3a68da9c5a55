# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile mail without end for the gate: seeds, mutations, what must hold, and what was found."""
