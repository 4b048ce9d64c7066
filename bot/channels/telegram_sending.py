"""Telling Telegram: messages, files, removals; and what each of its refusals means."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import BulkRequestLimit, ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram_text import Piece, keyboard, pieces
from bot.messages import Outgoing

Pause = Callable[[float], Awaitable[None]]  # asyncio.sleep, in seconds

LONGEST_BACKOFF = 60.0  # seconds
FAULTS_TO_GIVE_UP = 5  # of our own, not Telegram's: a message that cannot be sent must not hold up the next for ever
TRIES = 3  # of what is said directly and kept nowhere
GRACE = 5.0  # seconds for what is under way when we stop
BATCH = int(BulkRequestLimit.MAX_LIMIT)  # 100
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # Telegram would fetch the pages, and cover the answer with them
log = structlog.get_logger()


@dataclass(frozen=True)
class Again:
    """Try again later."""

    after: timedelta


@dataclass(frozen=True)
class GiveUp:
    """Telegram will never take this one message."""


@dataclass(frozen=True)
class Lost:
    """The person cannot be reached any more: blocked the bot, or closed the account."""


def verdict(error: Exception, attempts: int) -> Again | GiveUp | Lost:
    """What a failure means for the message that met it, after so many failed `attempts` before."""
    match error:
        case RetryAfter():
            return Again(timedelta(seconds=wanted_pause(error)))
        case Forbidden():
            return Lost()
        case BadRequest() if _is_no_chat(error):
            return Lost()
        case BadRequest() | ChatMigrated():
            return GiveUp()
        case TelegramError():
            return Again(backoff(attempts))
        case _:
            return Again(backoff(attempts)) if attempts < FAULTS_TO_GIVE_UP else GiveUp()


def backoff(attempts: int) -> timedelta:
    """1 second, doubled at each failure, at most a minute."""
    return timedelta(seconds=min(2.0 ** min(attempts, 10), LONGEST_BACKOFF))


def wanted_pause(error: RetryAfter) -> float:
    """Seconds; the library gives them as a number or, at the operator's wish, as a timedelta."""
    wanted = error.retry_after
    return wanted.total_seconds() if isinstance(wanted, timedelta) else float(wanted)


class Sender:
    """The calls we make in a chat. `phrase` gives a phrase by key and language."""

    def __init__(self, bot: Bot, phrase: Callable[[str, str], str], pause: Pause) -> None:
        self._bot = bot
        self._phrase = phrase
        self._pause = pause

    def pieces(self, message: Outgoing) -> tuple[Piece, ...]:
        """The same message is always cut at the same places."""
        return pieces(message, lambda key: self._phrase(key, message.language))

    async def send(self, chat: int, piece: Piece, buttons: InlineKeyboardMarkup | None = None) -> str:
        """Telegram's id of the message. What it does not accept is sent plainer, and at last without buttons.

        Raises TelegramError (see `verdict`).
        """
        attempts = ((piece.html, ParseMode.HTML, buttons), (piece.plain, None, buttons), (piece.plain, None, None))
        for number, (text, mode, markup) in enumerate(attempts, start=1):
            try:
                sent = await self._bot.send_message(
                    chat, text, parse_mode=mode, link_preview_options=NO_PREVIEW, reply_markup=markup
                )
                return str(sent.message_id)
            except BadRequest as error:
                if _is_no_chat(error) or number == len(attempts):
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def say(self, chat: int, message: Outgoing) -> None:
        """A sentence that is kept nowhere: tried a few times, then given up."""
        cut = self.pieces(message)
        for number, piece in enumerate(cut, start=1):
            buttons = keyboard(message.choices) if number == len(cut) else None
            await self._patiently(partial(self.send, chat, piece, buttons))

    async def save(self, chat: int, text: str, name: str) -> None:
        """A text as a file."""
        await self._patiently(partial(self._bot.send_document, chat, text.encode(), filename=name))

    async def remove(self, chat: int, ids: Sequence[str]) -> None:
        """As many of the messages as Telegram lets us; it refuses those older than 48 hours."""
        numbers = [int(id) for id in ids]
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            try:
                await self._bot.delete_messages(chat, batch)
            except TelegramError:
                for number in batch:
                    await self._patiently(partial(self._bot.delete_message, chat, number))

    async def typing(self, chat: int) -> None:
        await self._bot.send_chat_action(chat, ChatAction.TYPING)

    async def answer(self, query: str) -> None:
        """Without an answer the pressed button keeps turning."""
        await self._bot.answer_callback_query(query)

    async def _patiently(self, call: Callable[[], Awaitable[object]]) -> None:
        for attempt in range(TRIES):
            try:
                await call()
                return
            except TelegramError as error:
                match verdict(error, attempt):
                    case Again(after) if attempt + 1 < TRIES:
                        await self._pause(after.total_seconds())
                    case _:
                        log.info("telegram: given up", error=type(error).__name__)
                        return


class Errands:
    """Things that nobody waits for. A failure is logged by its name and forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, errand: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._quietly(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Give what is under way a moment to finish, then drop it."""
        await finished(self._tasks)

    async def _quietly(self, errand: Coroutine[object, object, None]) -> None:
        try:
            await errand
        except Exception as error:
            log.info("telegram: errand failed", error=type(error).__name__)


async def finished(tasks: Collection[asyncio.Task[None]]) -> None:
    """Wait for the tasks, at most GRACE seconds; those that are not done by then are cancelled."""
    if tasks:
        _, late = await asyncio.wait(set(tasks), timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _is_no_chat(error: BadRequest) -> bool:
    return "chat not found" in error.message.lower()
