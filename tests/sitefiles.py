# SPDX-License-Identifier: GPL-3.0-or-later
"""Site files written and read: the site that one describes, or the mistakes named in it."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from mailpolicy.files.problems import BadFile
from mailpolicy.site import Site
from mailpolicy.siteloading import load_site


class Gate(BaseModel):
    """A program's own table, as mailgate has one."""

    model_config = ConfigDict(extra="forbid", strict=True)
    listen: str = "inet:8891@127.0.0.1"
    workers: int = Field(default=2, ge=1, le=64)


def site_of(tmp_path: Path, text: str) -> Site:
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    return load_site(path).site


def mistakes_in(tmp_path: Path, text: str, **sections: type[BaseModel]) -> list[str]:
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadFile) as caught:
        load_site(path, sections)
    return [line.removeprefix(f"{path}: ") for line in str(caught.value).splitlines()]
