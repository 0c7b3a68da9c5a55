# SPDX-License-Identifier: GPL-3.0-or-later
"""The regulation as data, and the judgement it leads to. Pure: no socket, no clock, no database."""
