# SPDX-License-Identifier: GPL-3.0-or-later
"""What strangers wrote, made fit for a log line or a terminal."""


def printable(text: str) -> str:
    """Return the text with "?" for each character that can't be printed: controls, lone surrogates."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)
