# SPDX-License-Identifier: GPL-3.0-or-later
"""Short ways to write down a metric and its samples."""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

Samples = Mapping[Any, float]
"""Values by a tuple of the labels' values."""


def gauge(name: str, help_: str, value: float) -> Metric:
    """Return a gauge without labels."""
    return GaugeMetricFamily(name, help_, value=value)


def gauges(name: str, help_: str, labels: Iterable[str], samples: Samples) -> Metric:
    """Return a gauge with a sample for each set of labels."""
    family = GaugeMetricFamily(name, help_, labels=list(labels))
    for values, value in samples.items():
        family.add_metric(values, value)
    return family


def counter(name: str, help_: str, value: float) -> Metric:
    """Return a counter without labels."""
    return CounterMetricFamily(name, help_, value=value)


def counters(name: str, help_: str, labels: Iterable[str], samples: Samples) -> Metric:
    """Return a counter with a sample for each set of labels."""
    family = CounterMetricFamily(name, help_, labels=list(labels))
    for values, value in samples.items():
        family.add_metric(values, value)
    return family
