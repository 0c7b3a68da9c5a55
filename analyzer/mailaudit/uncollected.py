# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds back Python's collector of reference cycles while a command makes objects by the hundred thousand."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no collection run: of objects that are all kept it would look at each again and again, in vain.

    What no name holds any longer is freed all the same, unless it is part of a cycle.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
