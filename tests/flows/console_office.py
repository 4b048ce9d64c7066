"""The console over a house, those who work in it with their browsers, and the people who ask."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select

from bot.accounts import AUDIT, METADATA, Accounts, Role, Staff
from bot.app import vocabulary_of
from bot.console.pages import Console
from bot.keys import new_id
from bot.limits import Allowance, Callers
from bot.messages import Address, Incoming
from bot.settings import Settings
from tests.house import House

PASSWORD = "correct horse battery"
OWN = "http://kaspa.test"


@dataclass
class Office:
    """The console over a house, and those who work in it. The clock stands on Tuesday 1 September 2026, noon."""

    house: House
    accounts: Accounts
    base_url: str = OWN
    staff: dict[str, Staff] = field(default_factory=dict)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        house = self.house
        self.app = FastAPI()
        console = Console(
            settings=Settings(base_url=self.base_url),
            database=house.database,
            accounts=self.accounts,
            relay=house.relay,
            desk=house.desk,
            ledger=house.ledger,
            vocabulary=vocabulary_of(house.content),
            content=house.content,
            wakeups=house.wakeups,
            attempts=Allowance(10, timedelta(minutes=15)),
            caller=Callers(b"salt", ()),
            clock=house.clock,
        )
        self.app.include_router(console.routes())

    async def hire(self, name: str, role: Role, password: str | None = None) -> Staff:
        async with self.house.database.transaction() as conn:
            self.staff[name] = await self.accounts.add(conn, f"{name}@kaspa.test", role, password, self.house.clock())
        return self.staff[name]

    def browser(self, address: str = "203.0.113.7", **headers: str) -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return Browser(httpx.AsyncClient(transport=transport, base_url=self.base_url, headers=headers))

    async def at_work(self, name: str, **headers: str) -> Browser:
        """Somebody who is signed in already."""
        async with self.house.database.transaction() as conn:
            token = await self.accounts.sign_in(conn, self.staff[name], self.house.clock(), hours=12)
        browser = self.browser(**headers)
        browser.client.cookies.set("kaspa_staff", token)
        return browser

    async def audit(self) -> list[tuple[str, str, str]]:
        """(who, did what, to what), oldest first."""
        names = {staff.id: name for name, staff in self.staff.items()}
        async with self.house.database.reading() as conn:
            rows = await conn.execute(select(AUDIT).order_by(AUDIT.c.id))
            return [(names[row.staff_id], row.action, row.subject) for row in rows]

    async def counted(self, dimension: str = "channel") -> dict[str, int]:
        async with self.house.database.reading() as conn:
            return await self.house.ledger.totals(conn, date(2026, 1, 1), date(2027, 1, 1), dimension)


@dataclass
class Browser:
    """Sends forms as a browser does: with the page's hidden fields, and the word where the post comes from."""

    client: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def text(self, path: str) -> str:
        """The words of a page, tags left out."""
        return words_of(await self.get(path))

    async def post(self, path: str, fields: dict[str, str | list[str]], origin: str = OWN) -> httpx.Response:
        return await self.client.post(path, data=fields, headers={"Origin": origin})

    async def press(self, page: str, action: str, **fields: str | list[str]) -> httpx.Response:
        """Open a page and send its form with this action."""
        return await self.post(action, hidden_fields((await self.get(page)).text, action) | fields)

    async def sign_in(self, email: str, password: str, **fields: str) -> httpx.Response:
        return await self.post("/staff/sign-in", {"email": email, "password": password, **fields})


@dataclass
class Person:
    """Somebody who asks, at the web chat."""

    house: House
    id: str
    language: str = "ru"

    async def says(self, text: str) -> None:
        await self._sends(Incoming(new_id(), text))

    async def presses(self, choice: str) -> None:
        await self._sends(Incoming(new_id(), None, choice))

    async def hears(self) -> list[tuple[str, str]]:
        """(sender, text) of everything in the conversation."""
        async with self.house.database.reading() as conn:
            kept = await self.house.conversations.messages(conn, self.id)
        return [(one.message.sender, one.message.text) for one in kept]

    async def erases(self) -> None:
        await self.house.reception.erase(self.id)

    async def case(self) -> str:
        async with self.house.database.reading() as conn:
            found = await self.house.conversations.load(conn, self.id)
        assert found
        return found.case_id or ""

    async def _sends(self, incoming: Incoming) -> None:
        await self.house.reception.receive(Address("webchat", self.id), incoming)
        await self.house.turns.settle()


async def person(house: House, language: str = "ru", text: str = "permits", about: str = "permit_extend") -> Person:
    """Somebody who has asked something and now asks for a person."""
    id = new_id()
    await house.reception.open(Address("webchat", id), language)
    someone = Person(house, id, language)
    house.reader.meanings[text] = about
    await someone.says(text)
    await someone.presses("action:person")
    return someone


def words_of(answer: httpx.Response) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<select.*?</select>", "", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def hidden_fields(html: str, action: str) -> dict[str, str | list[str]]:
    (form,) = re.findall(rf'(?s)<form[^>]* action="{re.escape(action)}".*?</form>', html)[:1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


@asynccontextmanager
async def stream(
    office: Office, browser: Browser, path: str
) -> AsyncIterator[Callable[[], Awaitable[tuple[str, str]]]]:
    """An open stream of events; calling it waits for the next one, (event, data)."""
    chunks: asyncio.Queue[str] = asyncio.Queue()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    headers = [(b"host", b"kaspa.test"), (b"cookie", cookie.encode()), (b"accept", b"text/event-stream")]
    address, _, query = path.partition("?")
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    place = {"path": address, "raw_path": address.encode(), "query_string": query.encode(), "root_path": ""}

    async def send(message: dict[str, object]) -> None:
        body = message.get("body")
        if isinstance(body, bytes):
            chunks.put_nowait(body.decode().replace("\r\n", "\n"))

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    async def next_event() -> tuple[str, str]:
        while True:
            chunk = await asyncio.wait_for(chunks.get(), 5)
            if event := re.search(r"^event: (.*)$", chunk, re.MULTILINE):
                return event[1], "\n".join(re.findall(r"^data: (.*)$", chunk, re.MULTILINE))

    client = {"headers": headers, "client": ("203.0.113.7", 5000), "server": ("kaspa.test", 80)}
    task = asyncio.create_task(office.app({**scope, **place, **client}, receive, send))  # type: ignore[arg-type]
    try:
        yield next_event
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def staffed(house: House) -> Office:
    """Two advisors, a lead, an editor and an admin; aino can sign in with PASSWORD."""
    async with house.database.transaction() as conn:
        await conn.run_sync(METADATA.create_all)
    office = Office(house, Accounts(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))
    await office.hire("aino", Role.ADVISOR, PASSWORD)
    for name, role in (("pekka", Role.ADVISOR), ("liisa", Role.LEAD), ("eetu", Role.EDITOR), ("anna", Role.ADMIN)):
        await office.hire(name, role)
    return office
