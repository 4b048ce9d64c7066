"""Telegram when things go wrong: nothing is lost, nothing is done twice, and nothing stands still."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.channels.telegram_deliveries import Deliveries
from bot.channels.telegram_sending import Again, GiveUp, Lost, Sender, verdict
from bot.messages import Address, Incoming
from bot.reception import Reception
from bot.wakeups import OUTBOX
from tests.contract.bot_api import chat, message, user
from tests.contract.bot_api_server import BOT, TOKEN, BotApi
from tests.fakes import Pauses, UnsteadyDatabase
from tests.flows.telegram_chats import Channel, Person, at_work, channel_of
from tests.house import House, build_house

SECRET = "a-secret-for-the-webhook"
WEBHOOK: dict[str, Any] = {"base_url": "https://kaspa.example", "telegram_webhook_secret": SECRET}
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture
async def channel(api: BotApi, house: House) -> AsyncIterator[Channel]:
    async with at_work(channel_of(api, house)) as channel:
        yield channel


@pytest.fixture
def person(api: BotApi) -> Person:
    return Person(api)


def phrase(channel: Channel, key: str) -> str:
    return channel.house.content.phrase(key, "en")


# --- Taking up --------------------------------------------------------------


async def test_an_update_that_comes_again_has_no_second_effect(channel: Channel, api: BotApi, person: Person) -> None:
    update = await person.says("/topics")
    await person.hears()
    await api.confirmed()
    await api.feed_again(update)
    assert await person.hears_no_more()
    assert len(await channel.written()) == 1


async def test_after_a_crash_before_the_confirmation_a_question_is_answered_once(
    api: BotApi, person: Person, tmp_path: Path
) -> None:
    first = await build_house(tmp_path)
    async with at_work(channel_of(api, first)) as channel:
        update = await person.says("/topics")
        await person.hears()
        await channel.delivered()
    await first.close()
    second = await build_house(tmp_path)
    await api.feed_again(update)
    async with at_work(channel_of(api, second)):
        assert await person.hears_no_more()
    await second.close()


async def test_what_was_kept_and_not_answered_before_a_crash_is_answered_after_it(
    api: BotApi, person: Person, tmp_path: Path
) -> None:
    first = await build_house(tmp_path)
    await first.reception.receive(Address("telegram", "7"), Incoming("1", choice="action:topics"), "en")
    await first.close()  # its answer is in the outbox, and nobody was there to deliver it
    second = await build_house(tmp_path)
    async with at_work(channel_of(api, second)) as channel:
        assert await person.hears() == [phrase(channel, "choose_topic")]
    await second.close()


async def test_a_second_delete_of_the_same_update_does_not_erase_what_came_after(
    channel: Channel, api: BotApi, person: Person
) -> None:
    delete = await person.says("/delete")
    await person.hears()
    await person.says("/topics")
    await person.hears()
    await api.feed_again(delete)
    assert await person.hears_no_more()
    assert await channel.conversation()


async def test_an_update_is_confirmed_only_after_it_is_kept(api: BotApi, person: Person, tmp_path: Path) -> None:
    house = await build_house(tmp_path, open_database=UnsteadyDatabase)
    assert isinstance(house.database, UnsteadyDatabase)
    async with at_work(channel_of(api, house)) as channel:
        await api.until(lambda: bool(api.called("getUpdates")))
        house.database.away = True
        update = await person.says("/topics")
        asked = len(api.called("getUpdates"))
        await api.until(lambda: len(api.called("getUpdates")) > asked + 3)
        assert api.updates == [update]
        assert "check the database" in await channel.telegram.health()
        house.database.away = False
        assert await person.hears() == [phrase(channel, "choose_topic")]
        await api.confirmed()
    await house.close()


class Stumbling(Reception):
    """Fails at one word, every time."""

    async def receive(self, address: Address, incoming: Incoming, language_hint: str | None = None) -> int:
        if incoming.text == "stumble":
            raise RuntimeError("stumble")
        return await super().receive(address, incoming, language_hint)


def stumbling(house: House) -> House:
    parts = {each.name: getattr(house.reception, each.name) for each in fields(house.reception)}
    return House(**{each.name: getattr(house, each.name) for each in fields(house)} | {"reception": Stumbling(**parts)})


async def test_an_update_that_fails_twice_is_skipped_and_the_next_one_answered(
    api: BotApi, house: House, person: Person
) -> None:
    with capture_logs() as logs:
        async with at_work(channel_of(api, stumbling(house))) as channel:
            await person.says("stumble")
            await person.says("/topics")
            assert await person.hears() == [phrase(channel, "choose_topic")]
            await api.confirmed()
    assert [(line["event"], line["error"]) for line in logs] == [
        ("telegram: update failed", "RuntimeError"),
        ("telegram: update skipped", "RuntimeError"),
    ]


async def test_an_update_that_the_library_cannot_read_is_passed_over(
    channel: Channel, api: BotApi, person: Person
) -> None:
    await api.feed(message={"text": "there is no chat and no date"})
    await person.says("/topics")
    assert await person.hears() == [phrase(channel, "choose_topic")]
    await api.confirmed()


async def test_telegram_may_be_away_when_we_start_and_come_back(api: BotApi, house: House, person: Person) -> None:
    api.refuse("getMe", 502, "Bad Gateway")
    api.refuse("deleteWebhook", 500, "Internal Server Error")
    api.garble("getUpdates", b"<html>the page of a proxy</html>")
    api.refuse("setMyCommands", 429, "Too Many Requests", retry_after=33)
    async with at_work(channel_of(api, house)) as channel:
        await person.says("/topics")
        assert await person.hears() == [phrase(channel, "choose_topic")]
        await api.until(lambda: len(api.called("setMyCommands")) == 7)
    assert 33 in channel.pauses.seconds


# --- Delivering -------------------------------------------------------------


async def test_told_to_wait_we_wait_and_keep_the_order(channel: Channel, api: BotApi, person: Person) -> None:
    api.refuse("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
    await person.says("/start")
    await api.refused("sendMessage")
    assert await person.hears_no_more()
    channel.house.clock.move(seconds=6)
    channel.look_again()
    assert await person.hears_no_more()
    channel.house.clock.move(seconds=1)
    channel.look_again()
    greeting, question = await person.hears(2)
    assert greeting.startswith("Hello!")
    assert phrase(channel, "ask_language") in question


@pytest.mark.parametrize("status", [500, 502])
async def test_after_a_server_error_the_message_is_sent_again(
    channel: Channel, api: BotApi, person: Person, status: int
) -> None:
    api.refuse("sendMessage", status, "no")
    await person.says("/topics")
    await api.refused("sendMessage")
    assert await person.hears_no_more()
    channel.house.clock.move(seconds=1)
    channel.look_again()
    assert await person.hears() == [phrase(channel, "choose_topic")]


async def test_one_persons_trouble_is_not_anothers(channel: Channel, api: BotApi, person: Person) -> None:
    api.refuse("sendMessage", 429, "Too Many Requests", retry_after=60)
    await person.says("/topics")
    await api.refused("sendMessage")
    other = Person(api, id=9)
    await other.says("/topics")
    assert len(await other.hears()) == 1


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")],
)
async def test_who_cannot_be_reached_any_more_is_forgotten(
    channel: Channel, api: BotApi, person: Person, status: int, description: str
) -> None:
    api.refuse("sendMessage", status, description)
    await person.says("/start")
    await api.refused("sendMessage")
    assert await person.hears_no_more()
    assert await channel.conversation() is None
    await channel.delivered()


async def test_who_blocks_the_bot_is_forgotten(channel: Channel, api: BotApi, person: Person) -> None:
    await person.says("/topics")
    await person.hears()
    new, old = {"user": BOT, "status": "kicked", "until_date": 0}, {"user": BOT, "status": "member"}
    blocked = {"chat": chat(7), "from": user(7), "date": 1, "old_chat_member": old, "new_chat_member": new}
    await api.feed(my_chat_member=blocked)
    assert await person.hears_no_more()
    assert await channel.conversation() is None


async def test_html_that_telegram_cannot_read_is_sent_as_plain_text(
    channel: Channel, api: BotApi, person: Person
) -> None:
    api.refuse("sendMessage", 400, "Bad Request: can't parse entities: unsupported start tag")
    await person.presses("intent:permit_extend")
    (post,) = await person.gets()
    assert "<" not in post["text"]
    assert channel.house.replies.answer("permit_extend", "en").sources[0].url in post["text"]
    assert post["reply_markup"]


async def test_a_message_that_telegram_will_never_take_does_not_hold_up_the_next(
    channel: Channel, api: BotApi, person: Person
) -> None:
    for _ in range(3):  # with markup, without, and without buttons
        api.refuse("sendMessage", 400, "Bad Request: MESSAGE_OF_DEATH")
    await person.says("/topics")
    await api.refused("sendMessage")
    await person.says("/privacy")
    assert phrase(channel, "privacy_telegram") in (await person.hears())[0]


async def test_a_long_message_goes_on_where_it_was_interrupted(channel: Channel, api: BotApi, person: Person) -> None:
    await person.says("/human")
    await person.hears()
    async with channel.house.database.reading() as conn:
        (case,) = await channel.house.desk.queue(conn)
    await channel.house.relay.claim(case.id, "adviser")
    await person.hears()
    api.refuse_later("sendMessage", 1, 429, "Too Many Requests", retry_after=5)
    await channel.house.relay.say(case.id, "adviser", "\n\n".join(letter * 3000 for letter in "abc"))
    first = await person.hears()
    await api.refused("sendMessage")
    assert await person.hears_no_more()
    channel.house.clock.move(seconds=5)
    channel.look_again()
    assert [text[-1] for text in [*first, *await person.hears(2)]] == ["a", "b", "c"]
    assert await person.hears_no_more()


async def test_before_a_conversation_is_erased_what_is_under_way_to_it_arrives(api: BotApi, house: House) -> None:
    await house.reception.receive(Address("telegram", "7"), Incoming("1", choice="action:topics"), "en")
    await house.turns.settle()
    answered = api.hold("sendMessage")
    async with Bot(TOKEN, base_url=f"{api.url}/bot") as bot, house.database.reading() as conn:
        found = await house.conversations.find(conn, Address("telegram", "7"))
        assert found
        deliveries = deliveries_of(bot, house)
        with house.wakeups.listening(OUTBOX) as bell:
            bell.ring()
            await deliveries.round(bell)
        await api.until(lambda: bool(api.called("sendMessage")))
        asyncio.get_running_loop().call_soon(answered.set)
        async with deliveries.held(found.id), house.database.reading() as after:
            assert len(await house.conversations.receipts(after, found.id)) == 1


def deliveries_of(bot: Bot, house: House) -> Deliveries:
    async def lost(conversation_id: str) -> None:
        raise AssertionError("nobody is lost")

    sender = Sender(bot, house.content.phrase, Pauses())
    return Deliveries(sender, house.database, house.conversations, house.outbox, house.wakeups, lost, house.clock)


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (RetryAfter(9), 0, Again(timedelta(seconds=9))),
        (NetworkError("x"), 0, Again(timedelta(seconds=1))),
        (TimedOut(), 3, Again(timedelta(seconds=8))),
        (Conflict("x"), 5000, Again(timedelta(seconds=60))),
        (InvalidToken(), 0, Again(timedelta(seconds=1))),
        (Forbidden("Forbidden: user is deactivated"), 0, Lost()),
        (BadRequest("Bad Request: chat not found"), 0, Lost()),
        (BadRequest("Bad Request: something else"), 0, GiveUp()),
        (ChatMigrated(5), 0, GiveUp()),
        (KeyError("ours"), 4, Again(timedelta(seconds=16))),
        (KeyError("ours"), 5, GiveUp()),
    ],
)
def test_every_failure_means_one_of_three_things(
    error: Exception, attempts: int, expected: Again | GiveUp | Lost
) -> None:
    assert verdict(error, attempts) == expected


# --- The webhook ------------------------------------------------------------


@pytest.fixture
async def hooked(api: BotApi, house: House) -> AsyncIterator[Channel]:
    async with at_work(channel_of(api, house, **WEBHOOK)) as channel:
        await channel.opened()
        yield channel


def door(channel: Channel) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(channel.telegram.routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://kaspa.example")


async def post(channel: Channel, body: object, secret: str = SECRET) -> int:
    """The status that Telegram gets."""
    async with door(channel) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return (await client.post("/telegram/webhook", json=body, headers=headers)).status_code


async def test_the_webhook_is_set_with_a_secret_and_one_connection(hooked: Channel, api: BotApi) -> None:
    assert api.webhook["url"] == "https://kaspa.example/telegram/webhook"
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["max_connections"] == 1
    assert api.webhook["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_an_update_with_the_secret_is_answered(hooked: Channel, person: Person) -> None:
    assert await post(hooked, {"update_id": 1, "message": message(7, "en", text="/topics")}) == 200
    assert await person.hears() == [phrase(hooked, "choose_topic")]


@pytest.mark.parametrize("secret", ["", "another", SECRET + "x"])
async def test_an_update_without_the_secret_is_refused(hooked: Channel, secret: str) -> None:
    assert await post(hooked, {"update_id": 1, "message": message(7, "en", text="/topics")}, secret) == 403
    assert await hooked.conversation() is None


@pytest.mark.parametrize("body", [None, [], "x", {}, {"update_id": 1, "message": {}}, {"update_id": 1, "news": {}}])
async def test_what_is_no_update_is_taken_so_that_it_does_not_come_for_ever(hooked: Channel, body: object) -> None:
    assert await post(hooked, body) == 200


async def test_an_update_that_cannot_be_kept_now_is_to_come_again(api: BotApi, tmp_path: Path) -> None:
    house = await build_house(tmp_path, open_database=UnsteadyDatabase)
    assert isinstance(house.database, UnsteadyDatabase)
    async with at_work(channel_of(api, house, **WEBHOOK)) as channel:
        await channel.opened()
        house.database.away = True
        assert await post(channel, {"update_id": 1, "message": message(7, "en", text="/topics")}) == 503
    await house.close()


async def test_with_long_polling_there_is_no_webhook(channel: Channel, api: BotApi) -> None:
    await api.until(lambda: bool(api.called("getUpdates")))
    assert len(api.called("deleteWebhook")) == 1
    assert await post(channel, {}) == 404


# --- Health and logs --------------------------------------------------------


async def test_health_is_starting_until_telegram_has_answered(api: BotApi, house: House) -> None:
    assert await channel_of(api, house).telegram.health() == "starting"


async def test_health_is_ok_while_updates_come_in(channel: Channel, person: Person) -> None:
    await person.says("/topics")
    await person.hears()
    assert await channel.telegram.health() == "ok"


@pytest.mark.parametrize(
    ("method", "status", "advice"),
    [
        ("getMe", 401, "check TELEGRAM_BOT_TOKEN"),
        ("getUpdates", 409, "another program"),
        ("getUpdates", 502, "check the network"),
    ],
)
async def test_health_says_what_to_do(api: BotApi, house: House, method: str, status: int, advice: str) -> None:
    for _ in range(1000):
        api.refuse(method, status, "no")
    async with at_work(channel_of(api, house)) as channel:
        await api.until(lambda: len(api.called(method)) > 1)
        assert advice in await channel.telegram.health()


async def test_health_tells_the_webhooks_last_error(hooked: Channel, api: BotApi, person: Person) -> None:
    now = int(hooked.house.clock().replace(tzinfo=UTC).timestamp())
    api.webhook_trouble = {"last_error_date": now - 60, "last_error_message": "Connection refused"}
    assert "Connection refused" in await hooked.telegram.health()


async def test_an_old_error_of_the_webhook_is_history(hooked: Channel, api: BotApi) -> None:
    now = int(hooked.house.clock().timestamp())
    api.webhook_trouble = {"last_error_date": now - 6000, "last_error_message": "Connection refused"}
    assert await hooked.telegram.health() == "ok"


async def test_health_notices_that_another_program_took_the_webhook(hooked: Channel, api: BotApi) -> None:
    api.webhook["url"] = "https://other.example"
    assert "changed by another program" in await hooked.telegram.health()


async def test_no_log_holds_what_was_said_or_who_said_it(
    channel: Channel, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    person = Person(api, id=4812345)
    with capture_logs() as logs:
        api.garble("getUpdates", b'{"ok": true, "result": [{"text": "I am afraid of him"')
        api.garble("sendMessage", b'{"ok": true, "result": {"text": "You say that you are afraid of him"')
        api.refuse("sendChatAction", 500, "no")
        await api.feed(message={"text": "I am afraid of him", "chat": chat(person.id)})
        await person.says("I am afraid of him")
        await api.refused("sendMessage")
        assert await person.hears_no_more()
    written = f"{logs} {caplog.text}"
    assert len(logs) >= 3
    assert "afraid" not in written
    assert str(person.id) not in written
