# SPDX-License-Identifier: GPL-3.0-or-later
"""What broke a duty: forwards and deletions that only the mail logs show, and what the gate found."""
