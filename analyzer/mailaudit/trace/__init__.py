# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows one message over queues, hosts, filters and mailboxes, in the facts."""
