# SPDX-License-Identifier: GPL-3.0-or-later
"""How often units look into their mailboxes, and whether they answer what comes: signs, from the facts."""
