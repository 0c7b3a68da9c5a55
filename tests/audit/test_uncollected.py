# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's collector of cycles is held back for as long as asked, and no longer."""

import gc

import pytest

from mailaudit.uncollected import uncollected


def test_it_is_off_inside_and_on_again_after() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_on_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="wrong"), uncollected():
        raise ValueError("wrong")
    assert gc.isenabled()


def test_where_it_was_off_before_it_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
