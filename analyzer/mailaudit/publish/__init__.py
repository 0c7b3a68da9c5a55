# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing: the directory goes from the audit to the gate as a snapshot, never the other way."""
