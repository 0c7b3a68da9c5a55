# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit's metrics for Prometheus, computed when they are asked for. docs/metrics.md explains each one."""
