# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of LDAP entries, as they are compared."""

Name = tuple[tuple[str, str], ...]
"""Attribute and value of each part of a DN, in lower case, the entry's own first; () is no name."""


def name_of(text: str) -> Name:
    """Return a DN as it is compared; () if the text is none."""
    from ldap3.core.exceptions import LDAPInvalidDnError  # type: ignore[import-untyped]  # noqa: PLC0415
    from ldap3.utils.dn import parse_dn  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        parts = parse_dn(text, strip=True)
    except LDAPInvalidDnError:
        return ()
    return tuple((kind.lower(), value.lower()) for kind, value, _ in parts)
