"""Who is calling and how often: kept in memory, as hashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from bot.limits import Allowance, Callers

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
BEHIND_A_PROXY = Callers(b"salt", (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8")))


def test_the_allowance_comes_back_with_time() -> None:
    allowance = Allowance(2, timedelta(minutes=1))
    times = [NOON, NOON, NOON, NOON + timedelta(seconds=61)]
    assert [allowance.allows("somebody", at) for at in times] == [True, True, False, True]


def test_one_key_does_not_use_up_anothers_allowance() -> None:
    allowance = Allowance(1, timedelta(minutes=1))
    assert [allowance.allows(key, NOON) for key in ("one", "another")] == [True, True]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),  # nobody we trust says so
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7, 10.1.1.1", "198.51.100.7"),  # the first was made up by the caller
        ("2001:db8:1:2:3:4:5:6", "", "2001:0db8:0001:0002"),
    ],
)
def test_the_callers_address_is_the_last_that_no_trusted_proxy_wrote(peer: str, forwarded: str, address: str) -> None:
    assert BEHIND_A_PROXY.address(peer, forwarded) == address
