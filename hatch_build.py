# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles what is written in Cython when Postwarden is built or installed: hatchling calls it.

What comes of `analyzer/mailaudit/logs/compiled/quick.pyx` lies beside it, and in the wheel.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension

SOURCE_ROOT = "analyzer"


class Compile(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own examples leave it out
    """Adds the compiled modules to a wheel, or to the tree that an editable installation points to."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files of the wheel are gathered; `version` is "standard" or "editable"."""
        root = Path(self.root)
        with TemporaryDirectory() as scratch:
            extensions = [_extension(root, path) for path in sorted((root / SOURCE_ROOT).rglob("*.pyx"))]
            told = {"language_level": 3, "show_performance_hints": False}
            modules = cythonize(extensions, build_dir=scratch, compiler_directives=told, quiet=True)
            build = Distribution({"ext_modules": modules}).get_command_obj("build_ext")
            build.inplace, build.build_temp = False, scratch
            build.build_lib = str(root / SOURCE_ROOT)
            build.ensure_finalized()
            build.run()
        build_data["pure_python"], build_data["infer_tag"] = False, True
        build_data["artifacts"].append(f"{SOURCE_ROOT}/**/*.so")


def _extension(root: Path, path: Path) -> Extension:
    name = ".".join(path.relative_to(root / SOURCE_ROOT).with_suffix("").parts)
    return Extension(name, [str(path.relative_to(root))])
