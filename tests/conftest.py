# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests share: Postfix and Dovecot, PostgreSQL and slapd, and property tests without a stopwatch."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from bed import Bed
from bed.needs import (
    CHROMIUM,
    JAVA,
    JOURNAL,
    MAIL_SYSTEM,
    NSD,
    POSTGRESQL,
    PROMETHEUS,
    SLAPD,
    missing,
    missing_packages,
)

if TYPE_CHECKING:
    from bed.postgresql import Postgresql
    from bed.slapd import Slapd

# A busy machine is no failure: properties are about what holds, not how fast it is found.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

OFFICE = "soctrang.gov.vn"
USERS = {f"vanthu@{OFFICE}": "Mua-xuan-1", f"canbo1@{OFFICE}": "Mua-he-2", f"canbo2@{OFFICE}": "Mua-thu-3"}


def _stand(lacks: list[str], what: str) -> None:
    """Skip for the named reason what cannot run here; under CI everything must, so fail."""
    if lacks:
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"{what} needs {'; '.join(lacks)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("e2e"):
        _stand(missing(), "the test bed")


@pytest.fixture(scope="session")
def mail_programs() -> None:
    """Debian's Postfix and Dovecot are installed; who runs the test does not matter."""
    _stand(missing_packages(MAIL_SYSTEM), "this test")


@pytest.fixture(scope="session")
def postgresql_programs() -> None:
    """PostgreSQL is installed, for who starts and ends one of his own."""
    _stand(missing_packages(POSTGRESQL), "this test")


@pytest.fixture(scope="session")
def postgresql(postgresql_programs: None) -> Iterator["Postgresql"]:
    """A private PostgreSQL; each test that writes to it has tables of its own."""
    from bed.postgresql import Postgresql

    with Postgresql() as running:
        yield running


@pytest.fixture(scope="session")
def jre() -> None:
    """Java is installed, for Spark."""
    _stand(missing_packages(JAVA), "this test")


@pytest.fixture(scope="session")
def journal_programs() -> None:
    """What makes a journal and what reads it are installed."""
    _stand(missing_packages(JOURNAL), "this test")


@pytest.fixture(scope="session")
def nsd() -> None:
    """NSD is installed; who needs a name server starts one with zones of its own."""
    _stand(missing_packages(NSD), "this test")


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser without a window; how it is called."""
    _stand(missing_packages(CHROMIUM), "this test")
    return "/usr/bin/chromium"


@pytest.fixture(scope="session")
def prometheus() -> None:
    """Prometheus and promtool are installed; who needs a server starts one with targets of its own."""
    _stand(missing_packages(PROMETHEUS), "this test")


@pytest.fixture(scope="session")
def slapd() -> Iterator["Slapd"]:
    """A private OpenLDAP server; each test that adds to it has a base of its own."""
    _stand(missing_packages(SLAPD), "this test")
    from bed.slapd import Slapd

    with Slapd() as running:
        yield running


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    """A mail system without a gate, shared by the tests of one module."""
    with Bed(OFFICE, USERS) as running:
        yield running
