"""What comes in by Telegram: nothing is lost, nothing is done twice, no log holds it."""

from __future__ import annotations

import logging
from dataclasses import fields
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.messages import Address, Incoming
from bot.reception import Reception
from tests.contract.bot_api import chat
from tests.contract.bot_api_server import BotApi
from tests.fakes import UnsteadyDatabase
from tests.flows.telegram_chats import Channel, Person, at_work, channel_of, phrase
from tests.house import House, build_house

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


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
