# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks the logs of a test bed: sends hostile strings over every road and keeps what really happened."""
