"""The web chat: its JSON interface and its stream of events (docs/webchat.md)."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field, model_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.conversations import Conversation, Conversations
from bot.database import Database
from bot.keys import new_id, new_token, token_hash
from bot.limits import Allowance
from bot.markup import plain_to_html, to_html
from bot.messages import Address, Incoming, Kept
from bot.reception import BadChoice, NoConversation, Reception, TooLong
from bot.replies import FALLBACK, Replies
from bot.wakeups import Wakeups
from bot.wakeups import conversation as bell_of
from content.locales import direction_of

CHANNEL = "webchat"
CHOICES = ("intent", "language", "topic", "action")
HEARTBEAT = 15.0  # seconds between looks at the database when no bell rings


class Problem(Exception):
    """An error as application/problem+json (RFC 9457), with a kind sentence for the person in `detail`."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail


class NewConversation(BaseModel):
    language: str | None = Field(None, max_length=8)


class NewMessage(BaseModel):
    """`key` is made by the client, one a message: sent twice, it has one effect."""

    key: UUID
    text: str | None = None
    choice: str | None = Field(None, max_length=80)

    @model_validator(mode="after")
    def _one_of_both(self) -> NewMessage:
        if (self.text is None) == (self.choice is None) or (self.text is not None and not self.text.strip()):
            raise ValueError("give either text or choice")
        if self.choice is not None and self.choice.partition(":")[0] not in CHOICES:
            raise ValueError(f"a choice begins with one of {', '.join(CHOICES)}")
        return self


@dataclass(frozen=True)
class Webchat:
    """Builds the routes. `caller` gives the salted hash of who is calling, for the limit of new conversations only."""

    reception: Reception
    database: Database
    conversations: Conversations
    replies: Replies
    wakeups: Wakeups
    messages: Allowance
    openings: Allowance
    caller: Callable[[Request], str]
    clock: Callable[[], datetime]

    def routes(self) -> APIRouter:
        router = APIRouter(tags=["web chat"])
        add: Any = router.add_api_route
        base = "/api/conversations"
        add(base, self.open, methods=["POST"], status_code=201)
        add(f"{base}/{{id}}/messages", self.send, methods=["POST"], status_code=202)
        add(f"{base}/{{id}}/messages", self.read, methods=["GET"])
        add(f"{base}/{{id}}/stream", self.stream, methods=["GET"], response_class=EventSourceResponse)
        add(f"{base}/{{id}}/transcript", self.transcript, methods=["GET"], response_class=PlainTextResponse)
        add(f"{base}/{{id}}", self.erase, methods=["DELETE"], status_code=204)
        return router

    async def open(self, request: Request, body: NewConversation | None = None) -> dict[str, Any]:
        """A new conversation, with our first words. Nothing is kept of who opened it."""
        language = body.language if body else None
        if not self.openings.allows(self.caller(request), self.clock()):
            raise Problem(429, "Too many conversations", self._phrase("too_many_conversations", language))
        token = new_token()
        id = new_id()
        opened = await self.reception.open(Address(CHANNEL, id), language, token_hash(token))
        async with self.database.reading() as conn:
            kept = await self.conversations.messages(conn, opened.id)
        return {"id": opened.id, "token": token, "messages": [self.shown(one) for one in kept]}

    async def send(self, id: str, body: NewMessage, authorization: Annotated[str, Header()] = "") -> dict[str, int]:
        """Keep a message; 202 means that it will be answered, whatever happens."""
        found = await self._owned(id, authorization)
        language = found.state.language
        if not self.messages.allows(id, self.clock()):
            raise Problem(429, "Too fast", self._phrase("too_fast", language))
        incoming = Incoming(token_hash(f"{id}:{body.key}"), body.text, body.choice)
        try:
            return {"seq": await self.reception.receive(Address(CHANNEL, id), incoming)}
        except TooLong:
            limit = self.reception.message_characters
            raise Problem(413, "Too long", self._phrase("too_long", language, limit=limit)) from None
        except BadChoice:
            raise Problem(422, "No such choice", f"There is no choice {body.choice!r}.") from None
        except NoConversation:
            raise self._ended(language) from None

    async def read(
        self, id: str, after: Annotated[int, Query(ge=0)] = 0, authorization: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        """The messages after a number, and who answers now."""
        found = await self._owned(id, authorization)
        async with self.database.reading() as conn:
            kept = await self.conversations.messages(conn, id, after)
        return {"messages": [self.shown(one) for one in kept], "state": state_of(found)}

    async def stream(
        self,
        id: str,
        after: Annotated[int, Query(ge=0)] = 0,
        authorization: Annotated[str, Header()] = "",
        last_event_id: Annotated[int | None, Header()] = None,
    ) -> EventSourceResponse:
        """Server-sent events: `message` with id SEQ, `state`, and `closed` when the conversation has been erased."""
        await self._owned(id, authorization)
        return EventSourceResponse(self._events(id, max(after, last_event_id or 0)), ping=int(HEARTBEAT))

    async def transcript(self, id: str, authorization: Annotated[str, Header()] = "") -> PlainTextResponse:
        """The conversation as a text to keep (306/2019 section 6 a)."""
        await self._owned(id, authorization)
        text = await self.reception.transcript(id)
        return PlainTextResponse(text, headers={"Content-Disposition": 'attachment; filename="kaspa.txt"'})

    async def erase(self, id: str, authorization: Annotated[str, Header()] = "") -> Response:
        """Everything of the conversation goes now."""
        found = await self._owned(id, authorization)
        try:
            await self.reception.erase(id)
        except NoConversation:
            raise self._ended(found.state.language) from None
        return Response(status_code=204)

    def shown(self, kept: Kept) -> dict[str, Any]:
        """A message as the interface shows it."""
        message = kept.message
        typed = message.sender in ("you", "advisor")
        return {
            "seq": kept.seq,
            "from": message.sender,
            "text": message.text,
            "html": plain_to_html(message.text) if typed else to_html(message.text),
            "language": message.language,
            "dir": "auto" if typed else direction_of(message.language),
            "choices": [asdict(choice) for choice in message.choices],
            "sources": [asdict(source) for source in message.sources],
            "draft": message.draft,
            "at": kept.at,
        }

    async def _events(self, id: str, after: int) -> AsyncIterator[ServerSentEvent]:
        told = ""
        with self.wakeups.listening(bell_of(id)) as bell:
            while True:
                async with self.database.reading() as conn:
                    found = await self.conversations.load(conn, id)
                    kept = await self.conversations.messages(conn, id, after) if found else ()
                if found is None:
                    yield ServerSentEvent(_json({"state": "closed"}), event="closed")
                    return
                for one in kept:
                    after = one.seq
                    yield ServerSentEvent(_json(self.shown(one)), event="message", id=str(one.seq))
                if told != (state := state_of(found)):
                    told = state
                    yield ServerSentEvent(_json({"state": state}), event="state")
                await bell.heard(HEARTBEAT)

    async def _owned(self, id: str, authorization: str) -> Conversation:
        """The conversation, for the one who holds its token. A wrong token and no conversation look the same."""
        scheme, _, token = authorization.partition(" ")
        async with self.database.reading() as conn:
            found = await self.conversations.load(conn, id)
            right = await self.conversations.token_hash(conn, id)
        given = token_hash(token) if scheme.lower() == "bearer" else ""
        if found is None or right is None or not hmac.compare_digest(right, given):
            raise self._ended(None)
        return found

    def _ended(self, language: str | None) -> Problem:
        return Problem(404, "No such conversation", self._phrase("conversation_ended", language))

    def _phrase(self, key: str, language: str | None, **values: str | int) -> str:
        return self.replies.content.phrase(key, language or FALLBACK, **values)


def state_of(conversation: Conversation) -> str:
    """Who answers now: bot, waiting, with_advisor; closed after a case has been closed, until the person writes on."""
    step = conversation.state.step
    if step.with_advisor:
        return "with_advisor"
    if step.waiting:
        return "waiting"
    return "closed" if step.closed else "bot"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
