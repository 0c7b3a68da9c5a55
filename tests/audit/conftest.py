# SPDX-License-Identifier: GPL-3.0-or-later
import gc
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.office import Office
from audit.readlog import analysis, open_messages

if TYPE_CHECKING:
    from bed.postgresql import Postgresql

_numbers = count(1)


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    """Its store is SQLite, unless a test or module asks for others: see `each_store`."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return Office.at(tmp_path, request.getfixturevalue("store_url"))
    return Office.at(tmp_path)


@pytest.fixture
def store_url(postgresql: "Postgresql") -> str:
    """A place for a store in PostgreSQL, still empty: a schema of its own."""
    return _new_place(postgresql)


@pytest.fixture
def another_store_url(postgresql: "Postgresql") -> str:
    """Another place."""
    return _new_place(postgresql)


def _new_place(postgresql: "Postgresql") -> str:
    schema = f"store{next(_numbers)}"
    postgresql.run(f"CREATE SCHEMA {schema}")
    return f"{postgresql.url_with_password}?options=-csearch_path%3D{schema}"


@pytest.fixture(scope="session")
def spark(jre: None) -> Iterator[str]:
    """The URL of a private Spark cluster with one worker."""
    from bed.spark import QUICK, SparkCluster

    with pytest.MonkeyPatch.context() as patch:
        for variable, value in QUICK.items():
            patch.setenv(variable, value)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with SparkCluster() as running:
            yield running.url


@pytest.fixture(scope="session", autouse=True)
def _engines() -> Iterator[None]:
    """End the tests' engines before Python ends, as DuckDB wants."""
    yield
    analysis.cache_clear()
    open_messages.cache_clear()
    gc.collect()
