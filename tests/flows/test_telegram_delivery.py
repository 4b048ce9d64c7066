"""What goes out by Telegram: in order, once, and one chat's trouble is not another's."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
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
from bot.wakeups import OUTBOX
from tests.contract.bot_api import chat, user
from tests.contract.bot_api_server import BOT, TOKEN, BotApi
from tests.fakes import Pauses
from tests.flows.telegram_chats import Channel, Person, phrase, with_an_adviser
from tests.house import House

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


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
    case = await with_an_adviser(channel, person)
    api.refuse_later("sendMessage", 1, 429, "Too Many Requests", retry_after=5)
    await channel.house.relay.say(case, "adviser", "\n\n".join(letter * 3000 for letter in "abc"))
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
