# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of messages that are not done with, which several analyzers may go on from at once."""

import sqlalchemy as sa

from mailaudit.store.line_digests import OvertakenError
from mailaudit.store.usage_rows import Folded, OpenKey
from mailaudit.store.usage_tables import OPEN_LINES


def check(connection: sa.Connection, folded: Folded) -> None:
    """Raise OvertakenError if the open lines that messages were folded with are others by now.

    Of the batch's hosts all must be the same: another analyzer may have read what one of their messages goes
    on with. Of other hosts those must be there still that the batch is done with. The transaction must be
    alone: then nobody can change any until it ends.
    """
    given = folded.given
    if not given.hosts:
        return
    columns = [OPEN_LINES.c[name] for name in OpenKey._fields]
    now = {OpenKey(*row) for row in connection.execute(sa.select(*columns))}
    closed = set(folded.closed)
    for line in now.symmetric_difference(given.open_lines):
        if line.host in given.hosts or (line.source, line.position, line.kind) in closed:
            raise OvertakenError(f"{line.host}: another analyzer has gone on from the same open messages")
