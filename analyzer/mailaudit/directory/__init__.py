# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's directory, read from CSV files, an SQL database or LDAP: the same objects from each."""
