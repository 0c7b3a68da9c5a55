# SPDX-License-Identifier: GPL-3.0-or-later
"""The clocks of the duties that have terms, each named like its duty; mailpolicy.lifecycle lists them."""
