# SPDX-License-Identifier: GPL-3.0-or-later
"""A duty that is only observed is recorded and counted, and the mail goes as it would without a gate."""

import urllib.request

import pytest

from bed import Bed, compose
from bed.gate import Gate

pytestmark = pytest.mark.e2e

OFFICE = "soctrang.gov.vn"
ME, OWNER, DESK = (f"{name}@{OFFICE}" for name in ("canbo1", "canbo2", "xulythurac"))
CITIZEN, PRIVATE = "congdan@example.org", "hopthu.rieng@gmail.com"
USERS = dict.fromkeys((ME, OWNER, DESK), "Mat-Khau-7894")
SITE = 'regulation = "soctrang-59-2024"\ntrusted_networks = ["127.0.0.1/32"]\n'


def test_what_is_observed_is_delivered_untouched_and_recorded() -> None:
    sieve = {OWNER: f'redirect "{PRIVATE}";'}
    with Gate(SITE) as gate, Bed(OFFICE, USERS, milter=gate.milter, sieve=sieve) as bed:
        forged = bed.send_as_user(compose(OWNER, ME, "Mạo danh"), ME, ME, sender=OWNER)
        report = bed.send_as_user(compose(ME, [DESK, CITIZEN], "Báo"), ME, [DESK, CITIZEN])
        redirected = bed.send_as_stranger(compose(CITIZEN, OWNER, "Đơn"), CITIZEN, OWNER)
        bed.settle()
        assert forged.accepted and report.accepted and redirected.accepted
        assert [mail["X-Postwarden"] for mail in bed.stored(ME)] == [None]
        assert len(bed.outside.departed(CITIZEN)) == 1
        assert len(bed.outside.departed(PRIVATE)) == 1
        found = {
            (finding["code"], finding["mode"])
            for verdict in gate.verdicts()
            for finding in verdict["findings"]
        }
        assert found == {(code, "observe") for code in ("sender-domain", "spam-report", "auto-forward")}
        assert {verdict["action"] for verdict in gate.verdicts()} == {"accept"}
        counted = 'mailgate_findings_total{action="reject",duty="sender-domain",mode="observe"} 1.0'
        assert counted in _metrics(gate)


def test_without_the_gate_mail_waits_and_is_not_lost() -> None:
    gate = Gate(SITE).start()
    with Bed(OFFICE, USERS, milter=gate.milter) as bed:
        gate.stop()
        refused = bed.send_as_stranger(compose(CITIZEN, ME, "Một"), CITIZEN, ME)
        assert not refused.accepted
        assert 400 <= refused.answer.code < 500


def _metrics(gate: Gate) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{gate.metrics_port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())
