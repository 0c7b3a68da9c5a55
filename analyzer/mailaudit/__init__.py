# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts for what happened, from the logs, and tidies up."""
