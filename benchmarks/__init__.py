# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements by ratio: what is measured and what it is compared with, in turn, in one run."""
