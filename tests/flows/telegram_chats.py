"""A running Telegram channel between the Bot API server and the house, and the people who use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from bot.channels.telegram import Telegram, build
from bot.conversations import Conversation
from bot.messages import Address, Kept
from bot.settings import Settings
from bot.wakeups import OUTBOX
from tests.contract.bot_api import message, user
from tests.contract.bot_api_server import PATIENCE, TOKEN, BotApi
from tests.fakes import Pauses
from tests.house import House


@dataclass
class Person:
    """Somebody at a private chat. What was heard once is not heard again."""

    api: BotApi
    id: int = 7
    language: str | None = "en"
    heard: int = 0

    async def says(self, text: str, **fields: Any) -> dict[str, Any]:
        return await self.sends(text=text, **fields)

    async def sends(self, **content: Any) -> dict[str, Any]:
        return await self.api.feed(message=message(self.id, self.language, **content))

    async def edits(self, **content: Any) -> dict[str, Any]:
        return await self.api.feed(edited_message=message(self.id, self.language, edit_date=1, **content))

    async def presses(self, choice: str) -> dict[str, Any]:
        query = {"id": f"query-{choice}", "chat_instance": "x", "data": choice}
        shown = message(self.id, text="what the button was under")
        return await self.api.feed(callback_query=query | {"from": user(self.id, self.language), "message": shown})

    async def hears(self, count: int = 1) -> list[str]:
        return [post["text"] for post in await self.gets(count)]

    async def gets(self, count: int = 1) -> list[dict[str, Any]]:
        """The next messages, with their buttons or files."""
        posts = await self.api.posts(self.id, self.heard + count)
        new = posts[self.heard : self.heard + count]
        self.heard += count
        return new

    async def hears_no_more(self) -> bool:
        """Whether there is nothing else, now that somebody who came later has got an answer."""
        id = self.id + 1
        other = Person(self.api, id, heard=len(self.api.history[id]))
        await other.says("/hours")
        await other.hears()
        return len(self.api.history[self.id]) == self.heard


@dataclass
class Channel:
    """Telegram at work, and a look into the house behind it."""

    api: BotApi
    house: House
    telegram: Telegram
    pauses: Pauses
    running: asyncio.Task[None] = field(init=False)

    async def opened(self) -> None:
        """Wait until Telegram has answered what we begin with."""
        while await self.telegram.health() == "starting":
            await asyncio.sleep(0)
        self.house.clock.move(minutes=1)  # what has been looked up for it is old by now

    async def conversation(self, id: int = 7) -> Conversation | None:
        async with self.house.database.reading() as conn:
            return await self.house.conversations.find(conn, Address("telegram", str(id)))

    async def kept(self, id: int = 7) -> tuple[Kept, ...]:
        """The log of somebody's conversation."""
        found = await self.conversation(id)
        assert found, "there is no conversation"
        async with self.house.database.reading() as conn:
            return await self.house.conversations.messages(conn, found.id)

    async def written(self, id: int = 7) -> list[str]:
        """What the log says that the person said."""
        return [one.message.text for one in await self.kept(id) if one.message.sender == "you"]

    async def delivered(self) -> None:
        """Wait until nothing is to be delivered any more."""
        with self.house.wakeups.listening(OUTBOX) as bell:
            async with asyncio.timeout(PATIENCE):
                while await self.waiting():
                    await bell.heard(1)

    async def waiting(self) -> int:
        """How many conversations have something that is to be delivered, now or later."""
        async with self.house.database.reading() as conn:
            return len(await self.house.outbox.due(conn, self.house.clock() + timedelta(days=1)))

    def look_again(self) -> None:
        """The clock has moved: what has become due is not to wait for the next look."""
        self.house.wakeups.ring(OUTBOX)


def channel_of(api: BotApi, house: House, pauses: Pauses | None = None, **settings: Any) -> Channel:
    """Built as `kaspa run` builds it, not yet running."""
    pauses = pauses or Pauses()
    telegram = build(
        Settings.model_validate({"telegram_token": SecretStr(TOKEN), "telegram_api_url": api.url} | settings),
        house.reception,
        house.database,
        house.conversations,
        house.outbox,
        house.replies,
        house.wakeups,
        house.clock,
        poll_seconds=1,
        pause=pauses,
    )
    assert telegram
    return Channel(api, house, telegram, pauses)


@asynccontextmanager
async def at_work(channel: Channel) -> AsyncIterator[Channel]:
    channel.running = asyncio.create_task(channel.telegram.run())
    try:
        yield channel
    finally:
        channel.running.cancel()
        with suppress(asyncio.CancelledError):
            await channel.running


def phrase(channel: Channel, key: str, language: str = "en", **values: str | int) -> str:
    """What the house says for `key`."""
    return channel.house.content.phrase(key, language, **values)


async def with_an_adviser(channel: Channel, person: Person) -> str:
    """The id of the case, claimed."""
    await person.says("/human")
    await person.hears()
    async with channel.house.database.reading() as conn:
        (case,) = await channel.house.desk.queue(conn)
    await channel.house.relay.claim(case.id, "adviser")
    await person.hears()
    return case.id
