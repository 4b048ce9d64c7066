"""Takes each update to where it belongs: to the reception, or, when no turn is to answer it, deals with it at once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from telegram import Update, User

from bot.channels.telegram_deliveries import Deliveries
from bot.channels.telegram_sending import Errands, Sender
from bot.channels.telegram_updates import TEXT_ONLY, Decline, Erase, Gone, Heard, Save, read
from bot.conversations import Conversation, Conversations
from bot.database import Database
from bot.limits import Allowance
from bot.messages import Address, Incoming, Outgoing
from bot.reception import BadChoice, NoConversation, Reception, TooLong
from bot.replies import FALLBACK, Replies

CHANNEL = "telegram"
FILE_NAME = "kaspa.txt"
TOPICS = "action:topics"
REMOVAL_SECONDS = 10.0  # others wait meanwhile
log = structlog.get_logger()


def _once_in(**span: float) -> Callable[[], Allowance]:
    return lambda: Allowance(1, timedelta(**span))


@dataclass
class Porter:
    """`messages` is each person's allowance; `salt` keeps chat ids out of the allowances' keys."""

    reception: Reception
    database: Database
    conversations: Conversations
    replies: Replies
    sender: Sender
    deliveries: Deliveries
    errands: Errands
    messages: Allowance
    clock: Callable[[], datetime]
    salt: bytes
    _warnings: Allowance = field(default_factory=_once_in(minutes=1))
    _albums: Allowance = field(default_factory=_once_in(minutes=1))
    _groups: Allowance = field(default_factory=_once_in(hours=1))

    async def take(self, update: Update, me: User) -> None:
        """When this returns, the update may be confirmed. Raises when nothing can be kept now: the database is away."""
        try:
            await self._handle(update, me)
        except Exception as error:
            log.warning("telegram: update failed", error=type(error).__name__)
            async with self.database.transaction():
                pass  # raises when the database is away, which is not the update's fault
            await self._take_again(update, me)

    async def _take_again(self, update: Update, me: User) -> None:
        try:
            await self._handle(update, me)
        except Exception as error:  # what fails twice fails always, and would keep all others waiting
            await self._note(str(update.update_id))
            log.error("telegram: update skipped", error=type(error).__name__)

    async def _handle(self, update: Update, me: User) -> None:
        if update.callback_query:
            self.errands.do(self.sender.answer(update.callback_query.id))
        key = str(update.update_id)
        match read(update, me):
            case Heard() as heard:
                await self._hear(key, heard)
            case Save(chat, language):
                await self._once(key, partial(self._save, chat, language))
            case Erase(chat, language):
                await self._once(key, partial(self._erase, chat, language))
            case Gone(chat):
                await self._once(key, partial(self._forget, chat))
            case Decline(chat, language) if self._groups.allows(self._salted(chat), self.clock()):
                await self._once(key, partial(self._say, chat, language, "private_only"))

    async def _hear(self, key: str, heard: Heard) -> None:
        who, now = self._salted(heard.chat), self.clock()
        if not self.messages.allows(who, now):
            if self._warnings.allows(who, now):
                await self._once(key, partial(self._say, heard.chat, heard.language, "too_fast"))
            return
        is_told = heard.album is not None and not self._albums.allows(self._salted(heard.album), now)
        for incoming in heard.incoming:
            if not (is_told and incoming.choice == TEXT_ONLY):
                await self._receive(heard, incoming)
        self.errands.do(self._type(heard.chat))

    async def _receive(self, heard: Heard, incoming: Incoming) -> None:
        address = Address(CHANNEL, str(heard.chat))
        try:
            await self.reception.receive(address, incoming, heard.language)
        except TooLong:
            say = partial(self._say, heard.chat, heard.language, "too_long", limit=self.reception.message_characters)
            await self._once(incoming.external_id, say)
        except BadChoice:  # a button of an earlier version
            await self.reception.receive(address, replace(incoming, choice=TOPICS), heard.language)

    async def _save(self, chat: int, hint: str | None) -> None:
        found = await self._conversation(chat)
        if found:
            self.errands.do(self.sender.save(chat, await self.reception.transcript(found.id), FILE_NAME))
        else:
            await self._say(chat, hint, "nothing_to_save")

    async def _erase(self, chat: int, hint: str | None) -> None:
        found = await self._conversation(chat)
        if found:
            async with self.deliveries.held(found.id):
                # First what the receipts are needed for: if we die here, the update comes again and all is done then.
                await self._remove(chat, found)
                await self._forget(chat)
        self._tell(chat, self.replies.erased(self._language(found, hint), CHANNEL))

    async def _remove(self, chat: int, conversation: Conversation) -> None:
        async with self.database.reading() as conn:
            ids = await self.conversations.receipts(conn, conversation.id)
        with suppress(TimeoutError):
            async with asyncio.timeout(REMOVAL_SECONDS):
                await self.sender.remove(chat, ids)

    async def _forget(self, chat: int) -> None:
        if found := await self._conversation(chat):
            with suppress(NoConversation):
                await self.reception.erase(found.id)

    async def _say(self, chat: int, hint: str | None, key: str, **values: int) -> None:
        found = await self._conversation(chat)
        self._tell(chat, self.replies.notice(key, self._language(found, hint), **values))

    def _tell(self, chat: int, message: Outgoing) -> None:
        self.errands.do(self.sender.say(chat, message))

    async def _type(self, chat: int) -> None:
        found = await self._conversation(chat)
        if found and not found.state.step.with_advisor:  # then the bot is silent, and the advisor is not yet writing
            await self.sender.typing(chat)

    async def _once(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """What the reception does not keep: the update's key is kept here, so that it has no second effect."""
        async with self.database.reading() as conn:
            known = await self.reception.inbox.known(conn, CHANNEL, key)
        if known is None:
            await work()
            await self._note(key)

    async def _note(self, key: str) -> None:
        async with self.database.transaction() as conn:
            if await self.reception.inbox.known(conn, CHANNEL, key) is None:
                await self.reception.inbox.note(conn, CHANNEL, key, self.clock())

    async def _conversation(self, chat: int) -> Conversation | None:
        async with self.database.reading() as conn:
            return await self.conversations.find(conn, Address(CHANNEL, str(chat)))

    def _language(self, conversation: Conversation | None, hint: str | None) -> str:
        """The conversation's, else the one of the person's Telegram; phrases we do not have in it come in English."""
        return (conversation.state.language if conversation else None) or hint or FALLBACK

    def _salted(self, name: int | str) -> str:
        return hmac.new(self.salt, str(name).encode(), hashlib.sha256).hexdigest()
