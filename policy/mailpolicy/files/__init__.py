# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the files that people write: what may stand in them, and how every mistake is said at once."""
