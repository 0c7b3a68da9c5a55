# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to owners, units and heads about what becomes of their mailboxes: written, queued, sent once.

`writer.Writer` writes the letters of a `matter.Matter`; `outbox.queue` puts them into the store, in the
transaction of what they tell of; `sender.send` sends what waits there.
"""
