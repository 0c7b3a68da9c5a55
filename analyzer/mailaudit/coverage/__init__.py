# SPDX-License-Identifier: GPL-3.0-or-later
"""For which hours of which host logs were read, and where one is missing."""
