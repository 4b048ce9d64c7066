"""The Bot API server of the tests keeps the Bot API's rules, as far as python-telegram-bot can tell."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from tests.contract.bot_api import MESSAGE_FIELDS, UPDATES, example, message
from tests.contract.bot_api_server import TOKEN, BotApi, bot_api

CHAT = 7


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{api.url}/bot") as bot:
        yield bot


async def test_a_message_stands_in_its_chat(api: BotApi, bot: Bot) -> None:
    sent = await bot.send_message(CHAT, "<b>112</b>", parse_mode="HTML")
    assert api.chats[CHAT][sent.message_id]["text"] == "<b>112</b>"
    assert api.faults == []


async def test_a_method_that_does_not_exist_is_a_fault(api: BotApi, bot: Bot) -> None:
    with pytest.raises(TelegramError):
        await bot.do_api_request("sendTelegram")
    assert api.faults == ["sendTelegram: there is no such method"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"chat_id": CHAT}, "sendMessage: the field text is missing"),
        ({"chat_id": CHAT, "text": "hello", "colour": "red"}, "sendMessage: there is no field colour"),
        (
            {"chat_id": CHAT, "text": "hello", "protect_content": "perhaps"},
            "sendMessage: the field protect_content is no Boolean",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Please use 'Bot.sendMessage'")
async def test_a_call_with_a_wrong_field_is_a_fault(api: BotApi, bot: Bot, fields: dict[str, str], fault: str) -> None:
    with pytest.raises(BadRequest):
        await bot.do_api_request("sendMessage", api_kwargs=fields)
    assert api.faults == [fault]


@pytest.mark.parametrize(
    "text", ["<p>a paragraph</p>", "<b>open", "a <b>b <i>c</b></i>", "  ", "&lt;" * 4097, "😀" * 2049]
)
async def test_a_text_that_telegram_refuses_is_a_fault(api: BotApi, bot: Bot, text: str) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(CHAT, text, parse_mode="HTML")
    assert len(api.faults) == 1


@pytest.mark.parametrize("text", ["&lt;" * 4096, "😀" * 2048, f'<a href="https://{"x" * 5000}">page</a>'])
async def test_markup_does_not_count_for_the_length(api: BotApi, bot: Bot, text: str) -> None:
    await bot.send_message(CHAT, text, parse_mode="HTML")
    assert api.faults == []


async def test_a_button_says_at_most_64_bytes(api: BotApi, bot: Bot) -> None:
    button = InlineKeyboardButton("press", callback_data="ä" * 33)
    with pytest.raises(BadRequest):
        await bot.send_message(CHAT, "hello", reply_markup=InlineKeyboardMarkup([[button]]))
    assert api.faults == ["Bad Request: BUTTON_DATA_INVALID"]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: BotApi, bot: Bot) -> None:
    fed = await api.feed(message=message(CHAT, text="hello"))
    (first,) = await bot.get_updates()
    (again,) = await bot.get_updates(offset=fed["update_id"])
    assert first.update_id == again.update_id
    assert await bot.get_updates(offset=fed["update_id"] + 1) == ()


async def test_updates_are_for_the_webhook_while_there_is_one(api: BotApi, bot: Bot) -> None:
    await bot.set_webhook("https://kaspa.example/telegram/webhook")
    with pytest.raises(Conflict):
        await bot.get_updates()


@pytest.mark.parametrize("kind", UPDATES)
def test_the_library_reads_our_example_of_every_kind_of_update(kind: str) -> None:
    update = Update.de_json({"update_id": 1, kind: example(UPDATES[kind])})
    assert update.to_dict().keys() == {"update_id", kind}


@pytest.mark.filterwarnings("ignore:.*message_auto_delete_time")
@pytest.mark.parametrize("field", MESSAGE_FIELDS)
def test_the_library_reads_our_example_of_every_kind_of_message(field: str) -> None:
    read = Message.de_json(message(CHAT) | {field: example(MESSAGE_FIELDS[field]["types"][0])})
    assert field in read.to_dict()


async def test_it_removes_messages_but_not_those_that_are_too_old(api: BotApi, bot: Bot) -> None:
    young, old = [(await bot.send_message(CHAT, text)).message_id for text in ("young", "old")]
    api.undeletable.add(old)
    with pytest.raises(BadRequest):
        await bot.delete_messages(CHAT, [young, old])
    await bot.delete_message(CHAT, young)
    assert list(api.chats[CHAT]) == [old]


async def test_a_file_keeps_its_name_and_content(api: BotApi, bot: Bot) -> None:
    sent = await bot.send_document(CHAT, b"text", filename="kaspa.txt")
    assert api.chats[CHAT][sent.message_id]["document"] == {"name": "kaspa.txt", "content": b"text"}


@pytest.mark.filterwarnings("ignore:.*retry_after")
@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadRequest), (403, Forbidden), (429, RetryAfter), (500, NetworkError), (502, NetworkError)],
)
async def test_a_refusal_that_a_test_asks_for_comes_once(
    api: BotApi, bot: Bot, status: int, error: type[TelegramError]
) -> None:
    api.refuse("sendMessage", status, "no", retry_after=3 if status == 429 else None)
    with pytest.raises(error):
        await bot.send_message(CHAT, "hello")
    assert await bot.send_message(CHAT, "hello")
    assert api.faults == []


async def test_a_wrong_token_is_refused(api: BotApi) -> None:
    with pytest.raises(InvalidToken):
        await Bot("123456:another", base_url=f"{api.url}/bot").initialize()
