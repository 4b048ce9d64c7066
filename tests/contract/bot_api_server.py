"""A small Bot API server on loopback: keeps updates and chats, and tells every call that the real one would refuse."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from tests.contract.bot_api import UPDATES, call_faults, chat, example

TOKEN = "123456:the-token-of-the-tests"
BOT = {"id": 123456, "is_bot": True, "first_name": "Kaspa", "username": "kaspa_bot"}
LONGEST = 4096
PATIENCE = 10.0  # seconds until a test that waits for something gives up
_TAGS = frozenset({"a", "b", "blockquote", "code", "em", "i", "pre", "s", "strong", "u"})


@dataclass(frozen=True)
class Call:
    """One call; the values of the fields parsed where they are JSON."""

    method: str
    fields: Mapping[str, Any]


class Refusal(Exception):
    """What the server answers instead of a result."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}
        if retry_after:
            self.body["parameters"] = {"retry_after": retry_after}


@dataclass
class BotApi:
    """`faults` are the calls that break the Bot API's rules; refusals that a test asked for are none.

    `chats` hold what stands in each chat now, by message id; `history` what was ever sent there.
    """

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=lambda: {"url": ""})
    webhook_trouble: dict[str, Any] = field(default_factory=dict)
    chats: defaultdict[int, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    history: defaultdict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    undeletable: set[int] = field(default_factory=set)
    _scripts: defaultdict[str, deque[Refusal | bytes | None]] = field(default_factory=lambda: defaultdict(deque))
    _holds: dict[str, asyncio.Event] = field(default_factory=dict)
    _last_id: int = 1000
    _closing: bool = False
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    # --- what tests do -----------------------------------------------------

    async def feed(self, **content: Any) -> dict[str, Any]:
        """A new update, for example message={…}; its number grows by one."""
        update = {"update_id": self._next(), **content}
        await self.feed_again(update)
        return update

    async def feed_kind(self, kind: str, **changes: Any) -> dict[str, Any]:
        """A new update of any kind that there is, made of the required fields and the changes."""
        return await self.feed(**{kind: example(UPDATES[kind]) | changes})

    async def feed_again(self, update: dict[str, Any]) -> None:
        """The same update, as when nobody had confirmed it."""
        self.updates.append(update)
        await self._tell()

    def refuse(self, method: str, status: int, description: str, retry_after: int | None = None) -> None:
        """Answer the next call of this method so; asked again, the next but one as well."""
        self._script(method, Refusal(status, description, retry_after))

    def refuse_later(self, method: str, after: int, status: int, description: str, retry_after: int) -> None:
        """The same, when so many more calls have gone well."""
        for _ in range(after):
            self._script(method, None)
        self.refuse(method, status, description, retry_after)

    def hold(self, method: str) -> asyncio.Event:
        """Keep every call of this method waiting for its answer until the event is set."""
        return self._holds.setdefault(method, asyncio.Event())

    def garble(self, method: str, body: bytes) -> None:
        """Answer the next call of this method with status 200 and something that is not an answer."""
        self._script(method, body)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until what calls have changed makes it true. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(holds)

    async def refused(self, method: str) -> None:
        """Wait until every refusal that was asked for has been given."""
        await self.until(lambda: not self._scripts[method])

    async def confirmed(self) -> None:
        """Wait until every update has been confirmed by a higher offset."""
        await self.until(lambda: not self.updates)

    async def posts(self, chat_id: int, count: int) -> list[dict[str, Any]]:
        """Everything that was ever sent to a chat, as soon as it is so much."""
        await self.until(lambda: len(self.history[chat_id]) >= count)
        return self.history[chat_id]

    async def close(self) -> None:
        """Nobody is kept waiting for updates any more."""
        self._closing = True
        await self._tell()

    def called(self, method: str) -> list[Mapping[str, Any]]:
        """The fields of every call of the method."""
        return [call.fields for call in self.calls if call.method == method]

    # --- what the bot does -------------------------------------------------

    async def answer(self, request: Request) -> Response:
        """Any method."""
        method = request.path_params["method"]
        raw = dict(await request.form())
        fields = {name: await _parsed(name, value) for name, value in raw.items()}
        faults = list(call_faults(method, raw))
        self.faults += faults
        self.calls.append(Call(method, fields))
        if method in self._holds:
            await self._tell()
            await self._holds[method].wait()
        try:
            if request.path_params["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            if faults:
                raise Refusal(400, "Bad Request")
            if isinstance(scripted := self._scripted(method), bytes):
                return Response(scripted)
            body = {"ok": True, "result": await self._result(method, fields)}
            return JSONResponse(body)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        finally:
            await self._tell()

    async def _result(self, method: str, fields: Mapping[str, Any]) -> Any:
        match method:
            case "getMe":
                return BOT
            case "getUpdates":
                return await self._updates(fields.get("offset"), fields.get("timeout", 0))
            case "setWebhook":
                self.webhook = dict(fields)
            case "deleteWebhook":
                self.webhook = {"url": ""}
            case "getWebhookInfo":
                pending = {"pending_update_count": len(self.updates)}
                return example("WebhookInfo") | {"url": self.webhook["url"]} | pending | self.webhook_trouble
            case "sendMessage":
                self._check_text(fields)
                return self._post(fields["chat_id"], text=fields["text"], reply_markup=fields.get("reply_markup"))
            case "sendDocument":
                return self._post(fields["chat_id"], document=fields["document"])
            case "deleteMessages":
                self._delete(fields["chat_id"], fields["message_ids"])
            case "deleteMessage":
                self._delete(fields["chat_id"], [fields["message_id"]])
        return True

    async def _updates(self, offset: int | None, seconds: float) -> list[dict[str, Any]]:
        if self.webhook["url"]:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        if offset is not None:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            await self._tell()
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: bool(self.updates) or self._closing)
        except TimeoutError:
            pass
        return self.updates[:100]

    def _post(self, chat_id: int, **content: Any) -> dict[str, Any]:
        id = self._next()
        shown = {name: value for name, value in content.items() if value is not None}
        self.chats[chat_id][id] = shown
        self.history[chat_id].append(shown)
        sent = {name: value for name, value in shown.items() if name != "document"}
        return {"message_id": id, "date": 1_788_253_200, "chat": chat(chat_id), "from": BOT, **sent}

    def _delete(self, chat_id: int, ids: list[int]) -> None:
        if not 1 <= len(ids) <= 100:
            self._refuse_as_fault("Bad Request: 1 to 100 messages")
        if self.undeletable & set(ids):
            raise Refusal(400, "Bad Request: message can't be deleted")
        for id in ids:
            self.chats[chat_id].pop(id, None)

    def _check_text(self, fields: Mapping[str, Any]) -> None:
        text = fields["text"]
        if fields.get("parse_mode") == "HTML":
            reading = _Reading()
            reading.feed(text)
            reading.close()
            if reading.wrong or reading.open:
                self._refuse_as_fault("Bad Request: can't parse entities")
            text = reading.text
        if not text.strip():
            self._refuse_as_fault("Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            self._refuse_as_fault("Bad Request: message is too long")
        for row in (fields.get("reply_markup") or {}).get("inline_keyboard", []):
            if any(len(button["callback_data"].encode()) > 64 for button in row):
                self._refuse_as_fault("Bad Request: BUTTON_DATA_INVALID")

    def _refuse_as_fault(self, description: str) -> None:
        self.faults.append(description)
        raise Refusal(400, description)

    def _script(self, method: str, answer: Refusal | bytes | None) -> None:
        self._scripts[method].append(answer)

    def _scripted(self, method: str) -> bytes | None:
        script = self._scripts[method]
        answer = script.popleft() if script else None
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    """The server, listening on a port of its own; gone at the end."""
    api, app = BotApi(), FastAPI()
    app.add_api_route("/bot{token}/{method}", api.answer, methods=["GET", "POST"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        api.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = _Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield api
        finally:
            await api.close()
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()  # signals are for the one who runs the tests


class _Reading(HTMLParser):
    """Reads Telegram's HTML: the text without its tags, and whether all of it is allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.wrong = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.wrong |= tag not in _TAGS

    def handle_endtag(self, tag: str) -> None:
        self.wrong |= not self.open or self.open.pop() != tag

    def handle_data(self, data: str) -> None:
        self.text += data


async def _parsed(name: str, value: UploadFile | str) -> Any:
    if not isinstance(value, str):
        return {"name": value.filename, "content": await value.read()}
    if name == "text":
        return value  # not JSON, even where it looks so: 112
    try:
        return json.loads(value)
    except ValueError:
        return value
