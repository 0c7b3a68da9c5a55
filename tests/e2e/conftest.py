# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Iterator

import pytest

from bed.gate import Gate
from e2e.forwarding import SITE


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    """The gate of an office that turns automatic forwards back; modules may have their own."""
    with Gate(SITE) as running:
        yield running
