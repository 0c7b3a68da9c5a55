# SPDX-License-Identifier: GPL-3.0-or-later
"""The time in a line of the gate's log: what is none makes it unreadable, whatever the engine makes of it."""

import pytest

from audit.office import Office
from audit.readlog import parse

VERDICT = '{{"timestamp": {}, "event": "verdict", "action": "accept", "findings": []}}'


@pytest.mark.parametrize(
    "said",
    [
        "Infinity",
        "-Infinity",
        "NaN",
        '"infinity"',
        '"-infinity"',
        '"epoch"',
        '"today"',
        '"20261-11-21T16:52:46Z"',
        "null",
        "1",
    ],
)
def test_what_is_no_time_makes_a_line_unreadable(said: str, office: Office) -> None:
    office.ingest(office.write("gate.log", [VERDICT.format(said) + "\n"]))
    assert office.kinds() == {"unreadable": 1}


@pytest.mark.parametrize("said", ["2026-11-21T16:52:46.123456Z", "2026-11-21T23:52:46.123456+07:00"])
def test_a_time_is_read_in_any_zone(said: str) -> None:
    [event] = parse([VERDICT.format(f'"{said}"')])
    assert (event["kind"], event["time"].isoformat()) == ("verdict", "2026-11-21T16:52:46.123456")
