"""Asks Rasa what a text means, within a time limit, and stops asking for a while when it does not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import httpx

from nlu.reading import Reading, parse_reading

FAILURES_TO_OPEN = 3
SECONDS_OPEN = 5.0


class Reader(Protocol):
    async def read(self, text: str) -> Reading | None:
        """The meaning of one text, or None when no server answered in time."""
        ...

    async def answers(self) -> bool:
        """Whether some server has a model loaded now."""
        ...


class RasaReader:
    """A circuit breaker over one or more Rasa servers (`POST /model/parse`), each asked in turn.

    After three failures in a row a server is left alone for five seconds, so that a dead one costs nobody time.
    `monotonic` gives seconds.
    """

    def __init__(self, urls: Sequence[str], token: str | None, seconds: float, monotonic: Callable[[], float]) -> None:
        self._servers = [_Server(url) for url in urls]
        self._token = token
        self._monotonic = monotonic
        # A pool of its own keeps connections warm; a parse takes milliseconds, a new connection costs as much again.
        self._client = httpx.AsyncClient(timeout=seconds, limits=httpx.Limits(max_keepalive_connections=20))
        self._next = 0

    async def read(self, text: str) -> Reading | None:
        for _ in self._servers:
            server = self._servers[self._next % len(self._servers)]
            self._next += 1
            if server.open_until > self._monotonic():
                continue
            reading = await self._ask(server, text)
            if reading:
                return reading
        return None

    async def answers(self) -> bool:
        """Asks every server directly, past the circuit breaker."""
        for server in self._servers:
            try:
                response = await self._client.get(f"{server.url}/status", params=self._params())
            except httpx.HTTPError:
                continue
            if response.status_code == httpx.codes.OK:
                server.succeeded()
                return True
        return False

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, server: _Server, text: str) -> Reading | None:
        try:
            response = await self._client.post(f"{server.url}/model/parse", params=self._params(), json={"text": text})
            response.raise_for_status()
            reading = parse_reading(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            server.failed(self._monotonic())
            return None
        server.succeeded()
        return reading

    def _params(self) -> dict[str, str]:
        return {"token": self._token} if self._token else {}


class _Server:
    def __init__(self, url: str) -> None:
        self.url = url
        self.failures = 0
        self.open_until = 0.0

    def failed(self, now: float) -> None:
        self.failures += 1
        if self.failures >= FAILURES_TO_OPEN:
            self.open_until = now + SECONDS_OPEN

    def succeeded(self) -> None:
        self.failures = 0
        self.open_until = 0.0
