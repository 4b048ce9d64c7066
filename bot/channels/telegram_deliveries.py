"""The outbox, delivered: in each conversation one message after the other, between conversations side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.channels.telegram_sending import Again, GiveUp, Lost, Sender, finished, verdict
from bot.channels.telegram_text import keyboard
from bot.conversations import Conversations
from bot.database import Database
from bot.mailboxes import Outbox, Parcel
from bot.wakeups import OUTBOX, Bell, Wakeups

LOOK_AGAIN = 1.0  # seconds between looks when no bell rings: for what is to be tried again, and other processes
AT_ONCE = 20  # messages under way; Telegram takes about 30 a second from one bot
log = structlog.get_logger()


@dataclass
class Deliveries:
    """`lost` is told the conversation whose person cannot be reached any more."""

    sender: Sender
    database: Database
    conversations: Conversations
    outbox: Outbox
    wakeups: Wakeups
    lost: Callable[[str], Awaitable[None]]
    clock: Callable[[], datetime]
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)

    async def round(self, bell: Bell) -> None:
        """Start what is due, then wait until there may be more. `bell` listens to OUTBOX."""
        async with self.database.reading() as conn:
            due = await self.outbox.due(conn, self.clock())
        for parcel in due:
            busy = parcel.conversation_id in self._running or parcel.conversation_id in self._held
            if not busy and len(self._running) < AT_ONCE:
                self._running[parcel.conversation_id] = asyncio.create_task(self._take(parcel))
        await bell.heard(LOOK_AGAIN)

    @asynccontextmanager
    async def held(self, conversation_id: str) -> AsyncIterator[None]:
        """Nothing is delivered to this conversation meanwhile; what is under way is waited for."""
        self._held.add(conversation_id)
        try:
            if running := self._running.get(conversation_id):
                await asyncio.wait({running})
            yield
        finally:
            self._held.discard(conversation_id)
            self.wakeups.ring(OUTBOX)

    async def settle(self) -> None:
        """Let what is under way finish: a message that was sent and not noted would be sent again at the next start."""
        await finished(self._running.values())

    async def _take(self, parcel: Parcel) -> None:
        try:
            try:
                await self._deliver(parcel)
            except Exception as error:
                await self._failed(parcel, error)
            self.wakeups.ring(OUTBOX)
        except Exception as error:  # the database is away: the next look comes back to it
            log.error("telegram: delivery put off", error=type(error).__name__)
        finally:
            del self._running[parcel.conversation_id]

    async def _deliver(self, parcel: Parcel) -> None:
        async with self.database.reading() as conn:
            conversation = await self.conversations.load(conn, parcel.conversation_id)
        if conversation is None:
            return
        chat = int(conversation.address.key)
        cut, receipt = self.sender.pieces(parcel.message), parcel.receipt
        for piece in cut[len(receipt) : -1]:
            receipt = (*receipt, await self.sender.send(chat, piece))
            await self._note(parcel, receipt)
        if len(receipt) < len(cut):
            receipt = (*receipt, await self.sender.send(chat, cut[-1], keyboard(parcel.message.choices)))
        await self._note(parcel, receipt, done=True)

    async def _note(self, parcel: Parcel, receipt: tuple[str, ...], *, done: bool = False) -> None:
        async with self.database.transaction() as conn:
            await self.conversations.keep_receipt(conn, parcel.conversation_id, parcel.seq, receipt)
            if done:
                await self.outbox.done(conn, parcel.id)

    async def _failed(self, parcel: Parcel, error: Exception) -> None:
        found = verdict(error, parcel.attempts)
        log.warning("telegram: not delivered", error=type(error).__name__, verdict=type(found).__name__)
        match found:
            case Lost():
                await self.lost(parcel.conversation_id)
            case Again(after):
                async with self.database.transaction() as conn:
                    await self.outbox.retry(conn, parcel.id, self.clock() + after)
            case GiveUp():
                async with self.database.transaction() as conn:
                    await self.outbox.done(conn, parcel.id)
