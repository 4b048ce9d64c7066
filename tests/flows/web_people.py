"""People on the web chat: what they say goes in by the JSON interface, what they hear comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from analytics.store import LEDGER
from bot.app import plain_errors
from bot.channels.webchat import Webchat
from bot.limits import Allowance, Callers
from tests.house import House

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def web_app(house: House, *, messages: int = 1000, openings: int = 1000) -> FastAPI:
    """The interface over a house, with its limits."""
    app = plain_errors(FastAPI())
    chat = Webchat(
        reception=house.reception,
        database=house.database,
        conversations=house.conversations,
        replies=house.replies,
        wakeups=house.wakeups,
        messages=Allowance(messages, MINUTE),
        openings=Allowance(openings, HOUR),
        caller=Callers(b"salt", ()),
        clock=house.clock,
    )
    app.include_router(chat.routes())
    return app


@dataclass
class Person:
    """`say` and `press` return what was heard in answer, oldest first."""

    house: House
    app: FastAPI
    id: str = ""
    token: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://kaspa.test", headers=headers)

    async def open(self, language: str | None = None) -> httpx.Response:
        async with self.client() as client:
            answer = await client.post("/api/conversations", json={"language": language} if language else {})
        if answer.status_code == 201:
            opened = answer.json()
            self.id, self.token, self.heard = opened["id"], opened["token"], opened["messages"]
        return answer

    async def send(self, body: dict[str, Any]) -> httpx.Response:
        async with self.client() as client:
            answer = await client.post(f"/api/conversations/{self.id}/messages", json={"key": str(uuid4()), **body})
        await self.house.turns.settle()
        return answer

    async def say(self, text: str) -> list[dict[str, Any]]:
        answer = await self.send({"text": text})
        assert answer.status_code == 202, answer.text
        return await self.listen()

    async def press(self, choice: str) -> list[dict[str, Any]]:
        answer = await self.send({"choice": choice})
        assert answer.status_code == 202, answer.text
        return await self.listen()

    async def listen(self) -> list[dict[str, Any]]:
        """What was said to the person since the last time."""
        after = self.heard[-1]["seq"] if self.heard else 0
        new = (await self.get(f"/messages?after={after}")).json()["messages"]
        self.heard += new
        return [message for message in new if message["from"] != "you"]

    async def get(self, path: str) -> httpx.Response:
        async with self.client() as client:
            return await client.get(f"/api/conversations/{self.id}{path}")

    async def state(self) -> str:
        return str((await self.get("/messages")).json()["state"])

    async def erase(self) -> httpx.Response:
        async with self.client() as client:
            return await client.delete(f"/api/conversations/{self.id}")


async def counted(house: House) -> list[dict[str, Any]]:
    """The rows of the ledger, ids left out."""
    async with house.database.reading() as conn:
        rows = await conn.execute(LEDGER.select().order_by(LEDGER.c.day))
        return [{name: value for name, value in row._mapping.items() if name != "id"} for row in rows]
