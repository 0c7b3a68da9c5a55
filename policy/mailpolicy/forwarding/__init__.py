# SPDX-License-Identifier: GPL-3.0-or-later
"""How a mail looks that a machine forwarded: its systems' marks, its way in, and what only resembles one."""
