# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each mailbox sends and receives: rollups made while logs are read, and tables made from them."""
