# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed: the three packages with their data, and nothing under pymilter's names."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
SOURCES = {"mailpolicy": "policy", "mailgate": "milter", "mailaudit": "analyzer"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))
    return set(ZipFile(wheel).namelist())


def test_the_wheel_ships_the_three_packages_and_no_other(shipped: set[str]) -> None:
    top = {name.partition("/")[0] for name in shipped}
    assert {name for name in top if not name.endswith(".dist-info")} == SOURCES.keys()


@pytest.mark.parametrize("package", SOURCES)
def test_the_wheel_ships_every_file_of_a_package(shipped: set[str], package: str) -> None:
    root = ROOT / SOURCES[package]
    files = (
        path for path in (root / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    assert {str(path.relative_to(root)) for path in files} <= shipped


def test_the_three_programs_are_installed(shipped: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in shipped)
