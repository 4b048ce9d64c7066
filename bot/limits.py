"""How often somebody may do something: counts in memory only, by a key that says nothing of who it was."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from datetime import datetime, timedelta
from ipaddress import ip_address

from fastapi import Request

from bot.settings import Network

MOST_KEYS = 50_000


class Allowance:
    """At most `most` times in `span` for one key, a sliding window."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._times: dict[str, deque[datetime]] = {}

    def allows(self, key: str, now: datetime) -> bool:
        """Count one more, unless it is one too many."""
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - self._span:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        if len(self._times) > MOST_KEYS:
            self._forget(now)
        return True

    def _forget(self, now: datetime) -> None:
        old = [key for key, times in self._times.items() if not times or times[-1] <= now - self._span]
        for key in old or list(self._times)[: MOST_KEYS // 10]:
            del self._times[key]


class Callers:
    """Who is calling, as a hash salted anew at every start: an address is never written anywhere.

    Behind a proxy that is trusted the address is the last in X-Forwarded-For that no trusted proxy wrote.
    """

    def __init__(self, salt: bytes, trusted: tuple[Network, ...]) -> None:
        self._salt = salt
        self._trusted = trusted

    def __call__(self, request: Request) -> str:
        address = self.address(
            request.client.host if request.client else "", request.headers.get("x-forwarded-for", "")
        )
        return hmac.new(self._salt, address.encode(), hashlib.sha256).hexdigest()

    def address(self, peer: str, forwarded: str) -> str:
        """The caller's address, an IPv6 one by its /64, which is what one household has."""
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        while hops and self._is_trusted(peer):
            peer = hops.pop()
        return _shortened(peer)

    def _is_trusted(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self._trusted)
        except ValueError:
            return False


def _shortened(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else ":".join(parsed.exploded.split(":")[:4])
