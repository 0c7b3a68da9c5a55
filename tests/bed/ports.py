# SPDX-License-Identifier: GPL-3.0-or-later
"""Free TCP ports on 127.0.0.1."""

import random
import socket
from collections import deque

# Below Linux's range for outgoing connections (32768 and up): no client takes a port before its server does.
_LOWEST, _HIGHEST = 20_000, 32_000
_given: deque[int] = deque(maxlen=1000)  # of late: who got one may not listen yet


def free_ports(count: int) -> list[int]:
    """`count` ports that nothing listens on now; OSError if there are not that many."""
    found: list[int] = []
    candidates = range(_LOWEST, _HIGHEST)
    for port in random.sample(candidates, len(candidates)):
        if len(found) == count:
            return found
        if port not in _given and _is_free(port):
            found.append(port)
            _given.append(port)
    raise OSError(f"no {count} free ports between {_LOWEST} and {_HIGHEST} on 127.0.0.1")


def free_port() -> int:
    """One port that nothing listens on now."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
