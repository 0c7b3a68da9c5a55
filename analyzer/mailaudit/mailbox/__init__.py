# SPDX-License-Identifier: GPL-3.0-or-later
"""One mailbox: its whole life, and what people say and do about it."""
