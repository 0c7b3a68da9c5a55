# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports on the use of mail that regulations demand, as documents that an office can sign."""
