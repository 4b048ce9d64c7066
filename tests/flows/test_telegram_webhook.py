"""Telegram's webhook, and what /health says of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.contract.bot_api import message
from tests.contract.bot_api_server import BotApi
from tests.fakes import UnsteadyDatabase
from tests.flows.telegram_chats import Channel, Person, at_work, channel_of, phrase
from tests.house import House, build_house

SECRET = "a-secret-for-the-webhook"
WEBHOOK: dict[str, Any] = {"base_url": "https://kaspa.example", "telegram_webhook_secret": SECRET}
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


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


# --- Health -----------------------------------------------------------------


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
