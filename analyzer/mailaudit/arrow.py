# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets PyArrow up for the analyzer, before the first array is made."""

import sys

import pyarrow as pa


def set_up() -> None:
    """Let PyArrow take memory as everything else does, and not load pandas.

    An allocator of its own keeps a tenth more. To see whether a list is of pandas, the first array would load
    it, which takes 0.2 seconds; nothing here uses it.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    sys.meta_path.insert(0, _NoPandas)
    pa.array([0])
    sys.meta_path.remove(_NoPandas)


class _NoPandas:
    """Finds no pandas, where the import system would; what is loaded already stays."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"{name}: not now")
