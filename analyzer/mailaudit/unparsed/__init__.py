# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that no table knows, as an operator sees them: what they look like, and one of each shape."""
