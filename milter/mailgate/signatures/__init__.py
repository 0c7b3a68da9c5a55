# SPDX-License-Identifier: GPL-3.0-or-later
"""A second look at the few messages whose signatures matter.

Such a message is copied to a temporary file as it streams. At its end a process of its own examines the copy.
"""
