# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from an office's directory: who may act as whom, who is stopped, whose name looks alike."""
