# SPDX-License-Identifier: GPL-3.0-or-later
from collections import Counter
from typing import Any

import pytest

from audit.readlog import TAG, parse
from mailaudit.logs.fields import FIELDS
from mailaudit.logs.kinds import LineKind, Producer
from mailaudit.logs.parse import NUMBERED, PRODUCERS

TAGS = {"postfix": f"{TAG}postfix/smtpd[71]: ", "dovecot": f"{TAG}dovecot: ", "gate": f"{TAG}mailgate[72]: "}
SAMPLES = [
    (producer.name, kind.name, sample, expected)
    for producer, kind in NUMBERED.values()
    for sample, expected in kind.samples.items()
]


@pytest.fixture(scope="module")
def events() -> dict[str, dict[str, Any]]:
    lines = [TAGS[producer] + sample for producer, _, sample, _ in SAMPLES]
    return dict(zip(lines, parse(lines), strict=True))


@pytest.mark.parametrize(("producer", "kind", "sample", "expected"), SAMPLES)
def test_a_sample_is_of_its_kind_and_gives_its_fields(
    events: dict[str, dict[str, Any]], producer: str, kind: str, sample: str, expected: dict[str, object]
) -> None:
    event = events[TAGS[producer] + sample]
    assert (event["producer"], event["kind"]) == (producer, kind)
    assert {name: event.get(name) for name in expected} == expected


@pytest.mark.parametrize("producer", PRODUCERS, ids=lambda producer: producer.name)
def test_a_table_names_each_kind_once_and_shows_a_sample_of_each(producer: Producer) -> None:
    assert [name for name, times in Counter(kind.name for kind in producer.kinds).items() if times > 1] == []
    assert [kind.name for kind in producer.kinds if not kind.samples] == []


def test_every_field_has_a_column() -> None:
    kinds = [kind for _, kind in NUMBERED.values() if isinstance(kind, LineKind)]
    assert {name for kind in kinds for name in kind.slots} <= set(FIELDS)
