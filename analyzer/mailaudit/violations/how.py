# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which mail goes on by itself."""

from enum import StrEnum


class How(StrEnum):
    """What made mail go on."""

    ALIAS = "alias"  # virtual_alias_maps, or aliases(5) that were expanded before local delivery
    FORWARD_FILE = "forward-file"  # .forward or aliases(5), in local delivery
    SIEVE = "sieve"
    COPY = "copy"  # recipient_bcc_maps, always_bcc or a milter: a copy that its writer did not address
