"""Stand-ins for what lies outside: the Rasa server, the clock, a database that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from nlu.reading import Reading

Ranking = tuple[tuple[str, float], ...]
NOTHING: Ranking = (("out_of_scope", 0.05),)  # too doubtful to say even that


class FakeReader:
    """Answers from a table of text to ranking, or to the one intent that is certain, or raises what stands there.

    `follow_ups` have no topic of their own. `down`: no server answers; `stuck`: it takes a question and never answers.
    """

    def __init__(
        self,
        meanings: Mapping[str, str | Ranking | Exception] | None = None,
        *,
        follow_ups: Collection[str] = (),
        down: bool = False,
    ) -> None:
        self.meanings = dict(meanings or {})
        self.follow_ups = follow_ups
        self.down = down
        self.stuck = False

    async def read(self, text: str) -> Reading | None:
        if self.stuck:
            await asyncio.Event().wait()
        if self.down:
            return None
        found = self.meanings.get(text, NOTHING)
        if isinstance(found, Exception):
            raise found
        ranking = ((found, 0.99),) if isinstance(found, str) else found
        return Reading(ranking, {}, follow_up=float(text in self.follow_ups))

    async def answers(self) -> bool:
        return not self.down


class Clock:
    """Stands still until it is moved. The start is a Tuesday at noon in Finland."""

    def __init__(self, at: datetime = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        """For example minutes=5."""
        self.at += timedelta(**span)


class Pauses:
    """Instead of asyncio.sleep: passes at once, and remembers how long it was asked for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


class UnsteadyDatabase(Database):
    """`away`: no transaction can begin, as when the server restarts or the disk is full."""

    away = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        if self.away:
            raise OperationalError("BEGIN", None, Exception("away"))
        async with super().transaction() as connection:
            yield connection
