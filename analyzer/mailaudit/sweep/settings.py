# SPDX-License-Identifier: GPL-3.0-or-later
"""The table [audit.sweep] of a site file: how much a sweep may do, on what grounds. See docs/sweeps.md."""

from typing import Annotated

from pydantic import Field

from mailaudit.serverkeys import Table


class SweepSettings(Table):
    """The table [audit.sweep]."""

    max_share: Annotated[float, Field(gt=0, le=1)] = 0.05
    """The largest share of the mailboxes in reach that is locked or reclaimed in a day, rounded up."""
    max_count: Annotated[int, Field(ge=1)] = 50
    """The largest number of them."""
    plan_days: Annotated[int, Field(ge=0, le=31)] = 1
    """The days after a plan's own day on which it may still be applied."""
    log_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """The age of the newest login line beyond which nothing is applied: who came in since is not known."""
