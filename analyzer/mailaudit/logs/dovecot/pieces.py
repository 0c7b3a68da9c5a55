# SPDX-License-Identifier: GPL-3.0-or-later
"""What Dovecot writes alike in many lines, as patterns."""

AT_THE_DOOR = ("imap-login", "pop3-login", "submission-login", "managesieve-login")
DELIVERING = ("lmtp", "lda", "deliver", "imap", "imap-urlauth", "sieve-filter", "imapsieve", "doveadm")

WHO = r'(?:"(?:[^"\\]|\\.)*"[^()"]*|[^()"]*)'
"""The parentheses after a service: a user, whose quoted local part may hold parentheses of its own."""

MESSAGE_ID = "msgid=(?P<message_id>(?:[^:]|:[^ ])*): "
"""What comes before what became of a message. Dovecot takes the blanks out of an identifier and cuts it at
80 characters, so the first colon with a blank ends it."""
