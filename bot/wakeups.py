"""Wakes those who wait for something to be read; the database holds the truth, a lost wake-up costs only time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

QUEUE = "queue"
OUTBOX = "outbox"


def conversation(id: str) -> str:
    """The name of a conversation's own bell."""
    return f"conversation:{id}"


class Bell:
    """One waiter's own bell: it stays rung until it is waited for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def heard(self, seconds: float) -> bool:
        """Wait until rung, at most `seconds`; True when it rang."""
        try:
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with the ring.
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Wakeups:
    """Bells by name, within this process."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)

    def ring(self, *names: str) -> None:
        for name in names:
            for bell in self._bells.get(name, ()):
                bell.ring()

    @contextmanager
    def listening(self, *names: str) -> Iterator[Bell]:
        bell = Bell()
        for name in names:
            self._bells[name].add(bell)
        try:
            yield bell
        finally:
            for name in names:
                self._bells[name].discard(bell)
                if not self._bells[name]:
                    del self._bells[name]
