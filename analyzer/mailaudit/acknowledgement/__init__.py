# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether mail to the mailboxes of agencies and units was answered: a sign, from the facts."""
