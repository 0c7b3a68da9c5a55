# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit follow`: reads logs while they are written."""
