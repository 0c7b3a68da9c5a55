# SPDX-License-Identifier: GPL-3.0-or-later
"""The reporting calendar: what a regulation wants by when, on the screen and for people's own calendars."""
