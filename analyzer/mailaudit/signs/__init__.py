# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs that a mailbox is shared, taken over or misused, from the facts. None of them is proof."""
