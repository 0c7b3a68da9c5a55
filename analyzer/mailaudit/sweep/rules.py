# SPDX-License-Identifier: GPL-3.0-or-later
"""The regulation as a site applies it: what its sweeps go by."""

import hashlib
import json
from dataclasses import replace

from mailpolicy.regulation import Regulation
from mailpolicy.site import Site
from mailpolicy.verdict import Mode


def in_force(site: Site) -> Regulation:
    """Return the site's regulation with its own parameters, without the duties that it has switched off."""
    codes = [duty.code for duty in site.regulation.duties if site.mode(duty.code) is not Mode.OFF]
    return replace(site.regulation, duties=tuple(duty for code in codes if (duty := site.duty(code))))


def digest(regulation: Regulation) -> str:
    """Return what tells these rules from others: of the name, and every duty's articles and parameters."""
    rules = [
        (duty.code, duty.articles, duty.parameters.model_dump(mode="json")) for duty in regulation.duties
    ]
    text = json.dumps([regulation.name, rules], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
