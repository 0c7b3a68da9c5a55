# SPDX-License-Identifier: GPL-3.0-or-later
"""What proof by DKIM might have averted: of saved mail it is not sought, for keys in DNS come and go."""

from mailpolicy.verdict import Finding, Verdict

CODE = "sender-domain"
CLAIMED_IN = ("MAIL FROM", "From")
NOTE = "proof by DKIM is not sought in saved mail; at the door a valid signature of the domain averts this"


def is_unproved(verdict: Verdict) -> bool:
    """Whether a stranger was found to claim the official domain. Of a login no proof is asked."""
    return any(_is_claim(one.finding) for one in verdict.judged)


def _is_claim(finding: Finding) -> bool:
    evidence = finding.evidence
    return finding.code == CODE and not evidence.get("login") and evidence.get("where") in CLAIMED_IN
