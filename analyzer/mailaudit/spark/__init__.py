# SPDX-License-Identifier: GPL-3.0-or-later
"""The analysis on a Spark cluster: docs/decisions/0011-spark-computes-the-same-expressions.md."""


class SparkError(Exception):
    """There is no cluster, or no Java to reach it with; the text says why."""
