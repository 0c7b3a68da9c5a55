# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/site-file.md against the models that read the file, both ways: keys, defaults, the whole example."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from mailaudit.settings import AuditSettings
from mailaudit.sweep.settings import SweepSettings
from mailgate.config import GateSettings
from mailgate.identity.settings import IdentitySettings
from mailgate.signatures.settings import SignatureSettings
from mailpolicy.sitefile import ChoiceTable, MalformedTable, PublicMailTable, SiteTable
from mailpolicy.siteloading import load_site

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "site-file.md").read_text("utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "At the top": SiteTable,
    "[public_mail]": PublicMailTable,
    "[malformed]": MalformedTable,
    "[duties.CODE]": ChoiceTable,
    "[gate]": GateSettings,
    "[gate.identity]": IdentitySettings,
    "[gate.signatures]": SignatureSettings,
    "[audit]": AuditSettings,
    "[audit.sweep]": SweepSettings,
}


def _documented(heading: str) -> dict[str, str]:
    """Return key -> default of the table under a heading, as the page writes them."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", section, flags=re.MULTILINE))


def _example() -> str:
    return PAGE.partition("```toml\n")[2].partition("```")[0]


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_names_exactly_the_keys_that_are_read(heading: str) -> None:
    read = {field.alias or name for name, field in SECTIONS[heading].model_fields.items()}
    assert _documented(heading).keys() == read


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_gives_the_defaults_that_hold(heading: str) -> None:
    for name, field in SECTIONS[heading].model_fields.items():
        said = _documented(heading)[field.alias or name]
        if field.is_required():
            assert said == "needed"
        elif field.default is None:
            assert said == "none" or said.startswith("the regulation's")
        else:
            default: Any = list(field.default) if isinstance(field.default, tuple) else field.default
            default = default.model_dump(exclude_unset=True) if isinstance(default, BaseModel) else default
            assert tomllib.loads(f"value = {said.strip('`')}")["value"] == default


def test_the_whole_example_is_valid_and_has_every_key(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(_example(), "utf-8")
    loaded = load_site(tmp_path / "site.toml", {"gate": GateSettings, "audit": AuditSettings})
    assert loaded.site.domains == ("soctrang.gov.vn",)
    document = tomllib.loads(_example())
    assert set(_documented("At the top")) <= document.keys()
    assert document["public_mail"].keys() == _documented("[public_mail]").keys()
    assert document["malformed"].keys() == _documented("[malformed]").keys()
    assert document["duties"]["attachment-cap"].keys() == _documented("[duties.CODE]").keys()
    assert document["gate"].keys() == _documented("[gate]").keys()
    assert document["gate"]["identity"].keys() == _documented("[gate.identity]").keys()
    assert document["gate"]["signatures"].keys() == _documented("[gate.signatures]").keys()
    assert document["audit"].keys() == _documented("[audit]").keys()
    assert document["audit"]["sweep"].keys() == _documented("[audit.sweep]").keys()


def test_the_example_office_is_valid() -> None:
    loaded = load_site(ROOT / "docs" / "examples" / "office.toml", {"gate": GateSettings})
    assert loaded.site.regulation.short == "ST"
