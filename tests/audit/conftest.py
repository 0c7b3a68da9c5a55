# SPDX-License-Identifier: GPL-3.0-or-later
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.office import Office
from audit.readlog import analysis


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _one_engine() -> Iterator[None]:
    """End the tests' engine before Python ends, as DuckDB wants."""
    yield
    analysis.cache_clear()
    gc.collect()
