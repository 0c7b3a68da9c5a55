# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Postfix and Dovecot for tests, the demo and later work: `with Bed(domain, users) as bed: ...`."""

from bed.bed import STRANGER, Bed
from bed.mailbox import LoginRefused
from bed.mailclient import Client, Reply, Sent, compose
from bed.needs import missing
from bed.outside import Departed, Outside
from bed.ports import free_port
from bed.process import BedError, wait_for
from bed.sieveclient import ScriptRefused

__all__ = [
    "STRANGER",
    "Bed",
    "BedError",
    "Client",
    "Departed",
    "LoginRefused",
    "Outside",
    "Reply",
    "ScriptRefused",
    "Sent",
    "compose",
    "free_port",
    "missing",
    "wait_for",
]
