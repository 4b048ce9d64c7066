"""Telegram: takes up its updates by long polling or a webhook, and delivers the outbox into its chats."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram_deliveries import Deliveries
from bot.channels.telegram_porter import Porter
from bot.channels.telegram_requests import PollingRequest, QuietRequest
from bot.channels.telegram_sending import Errands, Pause, Sender, backoff, wanted_pause
from bot.channels.telegram_updates import ALLOWED, COMMANDS
from bot.conversations import Conversations
from bot.database import Database
from bot.limits import Allowance
from bot.mailboxes import Outbox
from bot.reception import NoConversation, Reception
from bot.replies import FALLBACK, Replies
from bot.settings import Settings
from bot.wakeups import OUTBOX, Wakeups

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
POLL_SECONDS = 25
HEALTHY, STARTING = "ok", "starting"
RECENT = timedelta(minutes=10)  # an error of the webhook older than this is history
LOOK_UP = timedelta(seconds=15)  # between two questions about the webhook, however often we are asked
log = structlog.get_logger()


class Telegram:
    """`webhook` is its public address and the secret that Telegram shows us; None: long polling.

    One process at a time may `run` this: Telegram gives a bot's updates to one, and each message is to be sent once.
    """

    def __init__(
        self,
        bot: Bot,
        reception: Reception,
        database: Database,
        conversations: Conversations,
        outbox: Outbox,
        replies: Replies,
        wakeups: Wakeups,
        messages: Allowance,
        clock: Callable[[], datetime],
        webhook: tuple[str, str] | None = None,
        poll_seconds: int = POLL_SECONDS,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._reception = reception
        self._replies = replies
        self._wakeups = wakeups
        self._clock = clock
        self._webhook = webhook
        self._poll_seconds = poll_seconds
        self._pause = pause
        self._errands = Errands()
        sender = Sender(bot, replies.content.phrase, pause)
        self._deliveries = Deliveries(sender, database, conversations, outbox, wakeups, self._lost, clock)
        self._porter = Porter(
            reception,
            database,
            conversations,
            replies,
            sender,
            self._deliveries,
            self._errands,
            messages,
            clock,
            salt=bot.token.encode(),
        )
        self._is_open = False
        self._offset: int | None = None
        self._health = STARTING
        self._looked_up: tuple[datetime, str] | None = None

    async def run(self) -> None:
        """Until cancelled. What fails is tried again, a minute later at most; an update is confirmed once kept."""
        try:
            with self._wakeups.listening(OUTBOX) as bell:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._forever(self._receive))
                    group.create_task(self._forever(partial(self._deliveries.round, bell)))
                    group.create_task(self._insist(self._introduce))
        finally:
            self._is_open = False
            await self._deliveries.settle()
            await self._errands.settle()
            await self._bot.shutdown()

    def routes(self) -> APIRouter:
        """The webhook; no route at all with long polling."""
        router = APIRouter()
        if self._webhook:
            add: Any = router.add_api_route
            add(PATH, self.take_in, methods=["POST"], include_in_schema=False)
        return router

    async def take_in(self, request: Request) -> Response:
        """Any update that carries the secret is answered with 200 once it is kept; 503 has Telegram send it again."""
        given = request.headers.get(SECRET_HEADER, "")
        if not self._webhook or not hmac.compare_digest(given.encode(), self._webhook[1].encode()):
            return Response(status_code=403)
        if not self._is_open:
            return Response(status_code=503)
        try:
            update = Update.de_json(await request.json(), self._bot)
        except Exception as error:  # whatever it is: sent again it would be no better
            log.error("telegram: unreadable update", error=type(error).__name__)
            return Response(status_code=200)
        try:
            await self._porter.take(update, self._bot.bot)
        except Exception as error:
            log.error("telegram: update cannot be kept now", error=type(error).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    async def health(self) -> str:
        """ "ok", "starting", or what is wrong and what to do."""
        if self._webhook is None or self._health != HEALTHY:
            return self._health
        if self._looked_up is None or self._clock() - self._looked_up[0] >= LOOK_UP:
            self._looked_up = (self._clock(), await self._look_up(self._webhook[0]))
        return self._looked_up[1]

    # --- receiving ---------------------------------------------------------

    async def _receive(self) -> None:
        try:
            if not self._is_open:
                await self._open()
            if self._webhook:
                await asyncio.Event().wait()  # the updates come in by the route
            await self._poll()
        except Exception as error:
            self._health = trouble(error)
            raise

    async def _open(self) -> None:
        await self._bot.initialize()
        if self._webhook:
            address, secret = self._webhook
            # One at a time: with more connections a person's messages could overtake each other.
            await self._bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED, max_connections=1)
        else:
            await self._bot.delete_webhook()
        self._is_open = True
        self._health = HEALTHY

    async def _poll(self) -> None:
        updates = await self._bot.get_updates(offset=self._offset, timeout=self._poll_seconds, allowed_updates=ALLOWED)
        for update in updates:
            await self._porter.take(update, self._bot.bot)
            self._offset = update.update_id + 1  # only now: a higher offset makes Telegram forget the update
        self._health = HEALTHY

    async def _introduce(self) -> None:
        """The menu of commands: in our languages that Telegram knows by two letters, English for all others."""
        codes = [each.code for each in self._replies.content.catalogue.languages if len(each.code) == 2]
        for code in (None, *codes):
            commands = [
                BotCommand(name, self._replies.content.phrase(f"command_{name}", code or FALLBACK)) for name in COMMANDS
            ]
            await self._bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), code)

    async def _lost(self, conversation_id: str) -> None:
        with suppress(NoConversation):
            await self._reception.erase(conversation_id)

    # --- trying again ------------------------------------------------------

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._insist(step)

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Until it succeeds."""
        failures = 0
        while True:
            try:
                return await step()
            except Exception as error:
                log.warning("telegram: trying again", error=type(error).__name__)
                await self._pause(
                    wanted_pause(error) if isinstance(error, RetryAfter) else backoff(failures).total_seconds()
                )
                failures += 1

    async def _look_up(self, address: str) -> str:
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            return trouble(error)
        if info.url != address:
            return "the webhook has been changed by another program: start Kaspa again"
        if info.last_error_date and (info.pending_update_count or self._clock() - info.last_error_date < RECENT):
            last = f"{info.last_error_message} ({info.last_error_date:%H:%M} UTC)"
            return (
                f"{info.pending_update_count} updates wait, Telegram's last error: {last}. "
                f"See that {address} can be reached from the internet"
            )
        return HEALTHY


def trouble(error: Exception) -> str:
    """What is wrong and what to do, for the one who runs Kaspa."""
    match error:
        case InvalidToken():
            return "Telegram refuses the token: check TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL"
        case Conflict():
            return "another program takes up this bot's updates: stop it, or get a second bot from BotFather"
        case RetryAfter():
            return f"Telegram wants a pause of {wanted_pause(error):.0f} seconds: wait"
        case BadRequest():
            return "Telegram refuses the webhook's address: check KASPA_BASE_URL"
        case TelegramError():
            return "Telegram cannot be reached: check the network and TELEGRAM_API_URL; trying again"
        case _:
            return f"updates cannot be kept ({type(error).__name__}): check the database; trying again"


def build(
    settings: Settings,
    reception: Reception,
    database: Database,
    conversations: Conversations,
    outbox: Outbox,
    replies: Replies,
    wakeups: Wakeups,
    clock: Callable[[], datetime],
    poll_seconds: int = POLL_SECONDS,
    pause: Pause = asyncio.sleep,
) -> Telegram | None:
    """Telegram as the settings want it; None without a token."""
    if settings.telegram_token is None:
        return None
    secret = settings.telegram_webhook_secret
    return Telegram(
        bot=Bot(
            settings.telegram_token.get_secret_value(),
            base_url=f"{settings.telegram_api_url}/bot",
            request=QuietRequest(),
            get_updates_request=PollingRequest(),
        ),
        reception=reception,
        database=database,
        conversations=conversations,
        outbox=outbox,
        replies=replies,
        wakeups=wakeups,
        messages=Allowance(settings.messages_per_minute, timedelta(minutes=1)),
        clock=clock,
        webhook=(settings.address + PATH, secret.get_secret_value()) if secret else None,
        poll_seconds=poll_seconds,
        pause=pause,
    )
