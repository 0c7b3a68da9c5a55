# SPDX-License-Identifier: GPL-3.0-or-later
"""Who vouches for a message: proof of where a stranger's mail is from, and the office's own signature."""
