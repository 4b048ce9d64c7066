"""The queue: who waits, who is with whom; claiming; and the stream that keeps every open page up to date."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass

from fastapi import Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.accounts import Accounts
from bot.console.door import Door, Visit
from bot.console.wording import Words
from bot.database import Database
from bot.wakeups import QUEUE, Wakeups
from handoff.case import Case, State
from handoff.desk import Desk

HEARTBEAT = 15.0  # seconds between looks at the database when no bell rings


@dataclass(frozen=True)
class Entry:
    """An open case as the queue shows it, in the reader's words. `owner` is None while it waits."""

    id: str
    language: str
    topic: str
    wait: str
    acute: bool
    owner: str | None
    mine: bool


@dataclass(frozen=True)
class News:
    """What a page must know of the queue. `acute` counts those among the `waiting`; `say` is a sentence of both."""

    waiting: int
    acute: int
    say: str
    alarm: str
    note: str
    version: str


@dataclass(frozen=True)
class QueuePages:
    door: Door
    database: Database
    accounts: Accounts
    desk: Desk
    wakeups: Wakeups

    async def show(self, visit: Visit) -> Response:
        cases, names = await self._read()
        entries = [entry_of(case, names, visit) for case in cases]
        return self.door.page(
            visit,
            "queue.html",
            waiting=[entry for entry in entries if entry.owner is None],
            mine=[entry for entry in entries if entry.mine],
            others=[entry for entry in entries if entry.owner is not None and not entry.mine],
            news=news_of(cases, visit.words),
        )

    async def stream(self, visit: Visit) -> Response:
        """Server-sent events: `queue` with News at first and at every change, `signed-out` when the session is over."""
        return EventSourceResponse(self.events(visit), ping=int(HEARTBEAT))

    async def events(self, visit: Visit) -> AsyncIterator[ServerSentEvent]:
        told = None
        with self.wakeups.listening(QUEUE) as bell:
            while await self.door.still_signed_in(visit):
                news = await self.news(visit.words)
                if news != told:
                    told = news
                    yield event_of(news)
                await bell.heard(HEARTBEAT)
        yield ServerSentEvent("{}", event="signed-out")

    async def news(self, words: Words) -> News:
        async with self.database.reading() as conn:
            return news_of(await self.desk.queue(conn), words)

    async def _read(self) -> tuple[list[Case], dict[str, str]]:
        async with self.database.reading() as conn:
            return await self.desk.queue(conn), await self.accounts.names(conn)


def entry_of(case: Case, names: dict[str, str], visit: Visit) -> Entry:
    return Entry(
        id=case.id,
        language=visit.words.language_first(case.language),
        topic=_topic(case, visit.words),
        wait=visit.words.wait(visit.now - case.opened_at),
        acute=case.acute,
        owner=short_name(names.get(case.owner, "?")) if case.owner else None,
        mine=case.owner == visit.staff.id,
    )


def _topic(case: Case, words: Words) -> str:
    if case.topic:
        return words.topic(case.topic)
    return words("danger" if case.acute else "no_topic")


def short_name(email: str) -> str:
    """What colleagues call each other by: the part before the @."""
    return email.partition("@")[0]


def news_of(cases: Iterable[Case], words: Words) -> News:
    """`version` changes whenever the list would look different, waiting times aside."""
    cases = list(cases)
    waiting = [case for case in cases if case.state is State.WAITING]
    acute = sum(case.acute for case in waiting)
    say = words.count("waiting", len(waiting)) if waiting else words("nobody_waits")
    return News(
        waiting=len(waiting),
        acute=acute,
        say=f"{say} {words.count('acute', acute)}" if acute else say,
        alarm=words.count("acute_alarm", acute),
        note=words("notification"),
        version=json.dumps([[case.id, case.state, case.owner, case.acute] for case in cases]),
    )


def event_of(news: News) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(asdict(news), ensure_ascii=False), event="queue")
