# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks of state secrets in text. They are named, never quoted; only people can say what is behind them."""
