"""Telegram: what people can do there, and what they hear."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import build
from bot.messages import Address, Incoming
from bot.settings import Settings
from tests.contract.bot_api import MESSAGE_FIELDS, UPDATES, chat, example, message, user
from tests.contract.bot_api_server import BOT, BotApi
from tests.flows.telegram_chats import Channel, Person, at_work, channel_of, phrase, with_an_adviser
from tests.house import House

GROUP = -100
PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def buttons(post: dict[str, Any]) -> list[list[str]]:
    """What the buttons under a message say to us, row by row."""
    rows = post.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["callback_data"] for button in row] for row in rows]


# --- Questions and buttons --------------------------------------------------


async def test_a_question_gets_its_answer_with_official_pages(channel: Channel, person: Person) -> None:
    channel.house.reader.meanings["How do I extend my residence permit?"] = "permit_extend"
    await person.says("How do I extend my residence permit?")
    (heard,) = await person.hears()
    answer = channel.house.replies.answer("permit_extend", "en")
    assert f'<a href="{answer.sources[0].url}">' in heard
    assert f"\n\n{phrase(channel, 'sources')}\n<a" in heard


async def test_an_answer_that_nobody_has_approved_says_so_in_italics(channel: Channel, person: Person) -> None:
    await person.presses("intent:permit_extend")
    (heard,) = await person.hears()
    assert f"<i>{phrase(channel, 'draft')}</i>" in heard


async def test_buttons_stand_one_a_row(channel: Channel, person: Person) -> None:
    await person.says("/topics")
    (shown,) = await person.gets()
    assert buttons(shown) == [[f"topic:{topic}"] for topic in channel.house.content.catalogue.topics]


async def test_start_greets_and_offers_the_languages_two_a_row(channel: Channel, person: Person) -> None:
    await person.says("/start")
    greeting, question = await person.gets(2)
    assert greeting["text"].startswith(phrase(channel, "greeting", desk="International Info")[:20])
    rows = [("fi", "en"), ("ru", "uk"), ("ar", "sv"), ("fa", "prs"), ("so", "ckb"), ("et",)]
    assert buttons(question) == [[f"language:{code}" for code in row] for row in rows]


async def test_a_link_with_a_payload_starts_like_any_other(channel: Channel, person: Person) -> None:
    await person.says("/start from-the-library")
    await person.hears(2)
    assert await channel.written() == [phrase(channel, "command_start")]


async def test_the_chosen_language_is_spoken_from_then_on(channel: Channel, person: Person) -> None:
    await person.says("/language")
    await person.presses("language:uk")
    await person.says("/topics")
    _, changed, topics = await person.hears(3)
    assert (changed, topics) == (phrase(channel, "language_changed", "uk"), phrase(channel, "choose_topic", "uk"))


@pytest.mark.parametrize(
    ("telegrams", "ours"), [("fi", "fi"), ("ru-RU", "ru"), ("fil", None), ("xx", None), (None, None)]
)
async def test_the_first_language_is_that_of_the_persons_telegram_if_we_have_it(
    channel: Channel, api: BotApi, telegrams: str | None, ours: str | None
) -> None:
    person = Person(api, language=telegrams)
    await person.says("/topics")
    assert await person.hears() == [phrase(channel, "choose_topic", ours or "en")]


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("/language", "ask_language"),
        ("/topics", "choose_topic"),
        ("/Topics@kaspa_bot", "choose_topic"),
        ("/settings", "ask_language"),
    ],
)
async def test_a_command_does_what_its_name_says(channel: Channel, person: Person, command: str, key: str) -> None:
    await person.says(command)
    (heard,) = await person.hears()
    assert heard.startswith(phrase(channel, key))


async def test_human_hands_the_conversation_to_the_advisers(channel: Channel, person: Person) -> None:
    await person.says("/human")
    await person.hears()
    async with channel.house.database.reading() as conn:
        assert len(await channel.house.desk.queue(conn)) == 1


async def test_hours_tells_when_somebody_is_there(channel: Channel, person: Person) -> None:
    await person.says("/hours")
    (heard,) = await person.hears()
    assert f"<b>{phrase(channel, 'hours_desk')}</b>" in heard


async def test_privacy_tells_what_telegram_keeps(channel: Channel, person: Person) -> None:
    await person.says("/privacy")
    (heard,) = await person.hears()
    assert phrase(channel, "privacy_telegram") in heard


async def test_help_starts_too_since_people_know_it_from_other_bots(channel: Channel, person: Person) -> None:
    await person.says("/help")
    assert len(await person.hears(2)) == 2


async def test_a_command_that_we_do_not_have_is_read_as_words(channel: Channel, person: Person) -> None:
    await person.says("/kela_card for my child")
    await person.hears()
    assert await channel.written() == ["kela card for my child"]


async def test_the_menu_of_commands_is_there_in_every_language(channel: Channel, api: BotApi) -> None:
    await api.until(lambda: len(api.called("setMyCommands")) == 6)
    menus = {call.get("language_code"): call["commands"] for call in api.called("setMyCommands")}
    assert menus.keys() == {None, "fi", "en", "ru", "uk", "ar"}
    assert menus["ar"][7] == {"command": "delete", "description": phrase(channel, "command_delete", "ar")}


async def test_a_pressed_button_is_answered(channel: Channel, api: BotApi, person: Person) -> None:
    await person.presses("topic:money")
    await person.hears()
    assert [call["callback_query_id"] for call in api.called("answerCallbackQuery")] == ["query-topic:money"]


async def test_a_button_of_an_earlier_version_shows_the_topics(channel: Channel, person: Person) -> None:
    await person.presses("intent:something_we_dropped")
    assert await person.hears() == [phrase(channel, "choose_topic")]


def test_every_button_that_there_is_fits_into_64_bytes(house: House) -> None:
    catalogue = house.content.catalogue
    choices = [f"intent:{id}" for id in catalogue.intents] + [f"action:crisis_{kind}" for kind in catalogue.crises]
    assert max(len(choice.encode()) for choice in choices) <= 64


async def test_typing_is_shown_while_an_answer_is_sought(channel: Channel, api: BotApi, person: Person) -> None:
    await person.says("hello")
    await api.until(lambda: bool(api.called("sendChatAction")))
    assert api.called("sendChatAction")[0]["action"] == "typing"


# --- What is not text -------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["photo", "voice", "sticker", "location", "contact", "document", "poll", "rich_message"]
)
async def test_what_is_not_text_is_answered_with_the_wish_for_words(
    channel: Channel, person: Person, kind: str
) -> None:
    await person.sends(**{kind: example(MESSAGE_FIELDS[kind]["types"][0])})
    assert await person.hears() == [phrase(channel, "text_only")]


async def test_a_caption_is_answered_like_any_text(channel: Channel, person: Person) -> None:
    channel.house.reader.meanings["what does this letter say"] = "interpreter"
    await person.sends(photo=PHOTO, caption="what does this letter say")
    answer, notice = await person.hears(2)
    assert "<a href" in answer
    assert notice == phrase(channel, "text_only")


async def test_ten_pictures_sent_at_once_are_one_thing(channel: Channel, person: Person) -> None:
    for _ in range(10):
        await person.sends(photo=PHOTO, media_group_id="album")
    assert await person.hears() == [phrase(channel, "text_only")]
    assert await person.hears_no_more()


async def test_an_edited_message_is_asked_for_anew(channel: Channel, person: Person) -> None:
    await person.edits(text="what I meant")
    assert await person.hears() == [phrase(channel, "edited")]


async def test_a_live_location_that_moves_is_not_an_edited_text(channel: Channel, person: Person) -> None:
    await person.edits(location={"latitude": 64.2, "longitude": 27.7, "live_period": 60})
    assert await person.hears_no_more()


async def test_a_text_that_is_too_long_is_not_kept_and_told_the_limit(channel: Channel, person: Person) -> None:
    await person.says("x" * 2001)
    assert await person.hears() == [phrase(channel, "too_long", limit=2000)]
    assert await channel.conversation() is None


async def test_who_writes_too_fast_is_told_once(api: BotApi, house: House) -> None:
    person = Person(api)
    async with at_work(channel_of(api, house, messages_per_minute=3)) as channel:
        for _ in range(7):
            await person.says("/hours")
        assert (await person.hears(4)).count(phrase(channel, "too_fast")) == 1
        assert await person.hears_no_more()


# --- Advisers ---------------------------------------------------------------


async def test_what_an_adviser_writes_comes_as_written_and_from_a_person(channel: Channel, person: Person) -> None:
    case = await with_an_adviser(channel, person)
    await channel.house.relay.say(case, "adviser", "Come at 10 & bring **this** form <A1>")
    heard = await person.hears()
    assert heard == [f"<b>{phrase(channel, 'page_advisor')}</b>\nCome at 10 &amp; bring **this** form &lt;A1&gt;"]


async def test_a_long_text_comes_in_pieces_cut_between_paragraphs(channel: Channel, person: Person) -> None:
    case = await with_an_adviser(channel, person)
    paragraphs = [f"{number} " + "<&> 😀 " * 300 for number in range(5)]
    await channel.house.relay.say(case, "adviser", "\n\n".join(paragraphs))
    heard = await person.hears(5)
    assert [text.removeprefix("<b>Adviser (a person)</b>\n")[0] for text in heard] == list("01234")


async def test_typing_is_not_shown_while_an_adviser_has_the_conversation(
    channel: Channel, api: BotApi, person: Person
) -> None:
    await with_an_adviser(channel, person)
    await api.until(lambda: bool(api.called("sendChatAction")))
    await person.says("are you there?")
    assert await person.hears_no_more()
    assert [call["chat_id"] for call in api.called("sendChatAction")].count(person.id) == 1


# --- Save and delete --------------------------------------------------------


async def test_save_sends_the_conversation_as_a_file(channel: Channel, person: Person) -> None:
    await person.says("where is the desk?")
    await person.hears()
    await person.says("/save")
    (post,) = await person.gets()
    assert post["document"]["name"] == "kaspa.txt"
    assert "where is the desk?" in post["document"]["content"].decode()


async def test_there_is_nothing_to_save_before_the_first_word(channel: Channel, person: Person) -> None:
    await person.says("/save")
    assert await person.hears() == [phrase(channel, "nothing_to_save")]


async def test_delete_erases_the_conversation_and_what_the_bot_wrote(
    channel: Channel, api: BotApi, person: Person
) -> None:
    await person.says("/start")
    await person.hears(2)
    await channel.delivered()
    await person.says("/delete")
    assert await person.hears() == [phrase(channel, "erased_telegram")]
    assert [post["text"] for post in api.chats[person.id].values()] == [phrase(channel, "erased_telegram")]
    assert await channel.conversation() is None


async def test_delete_removes_what_telegram_still_lets_it_remove(channel: Channel, api: BotApi, person: Person) -> None:
    await person.says("/start")
    await person.hears(2)
    await channel.delivered()
    old = min(api.chats[person.id])
    api.undeletable.add(old)
    await person.says("/delete")
    await person.hears()
    assert list(api.chats[person.id])[:-1] == [old]


async def test_delete_removes_a_hundred_messages_at_a_time(channel: Channel, api: BotApi, person: Person) -> None:
    await person.says("/topics")
    await person.hears()
    await channel.delivered()
    found = await channel.conversation()
    assert found
    async with channel.house.database.transaction() as conn:
        receipt = tuple(str(number) for number in range(1, 251))
        await channel.house.conversations.keep_receipt(conn, found.id, 2, receipt)
    await person.says("/delete")
    await person.hears()
    assert [len(call["message_ids"]) for call in api.called("deleteMessages")] == [100, 100, 50]


async def test_delete_is_answered_even_when_there_is_nothing_left(channel: Channel, api: BotApi) -> None:
    person = Person(api, language="ru")
    await person.says("/delete")
    assert await person.hears() == [phrase(channel, "erased_telegram", "ru")]


# --- Groups, and kinds that are not ours ------------------------------------


def added_to(chat_id: int) -> dict[str, Any]:
    member = {"user": BOT, "status": "member"}
    old = {"user": BOT, "status": "left"}
    return {"chat": chat(chat_id), "from": user(7), "date": 1, "old_chat_member": old, "new_chat_member": member}


async def test_in_a_group_a_mention_is_answered_with_one_sentence_and_not_kept(channel: Channel, api: BotApi) -> None:
    text = "@Kaspa_Bot my permit has ended"
    entity = {"type": "mention", "offset": 0, "length": 10}
    for _ in range(3):
        await api.feed(message=message(GROUP, text=text, entities=[entity]))
    posts = await api.posts(GROUP, 1)
    assert [post["text"] for post in posts] == [phrase(channel, "private_only")]
    assert await channel.conversation(GROUP) is None


async def test_a_bot_that_is_added_to_a_group_says_that_it_answers_in_private(channel: Channel, api: BotApi) -> None:
    await api.feed(my_chat_member=added_to(GROUP))
    (post,) = await api.posts(GROUP, 1)
    assert post["text"] == phrase(channel, "private_only")


async def test_what_people_say_among_themselves_in_a_group_is_passed_over(
    channel: Channel, api: BotApi, person: Person
) -> None:
    await api.feed(message=message(GROUP, text="hello all"))
    await api.feed(
        message=message(GROUP, text="@another_bot hi", entities=[{"type": "mention", "offset": 0, "length": 12}])
    )
    assert await person.hears_no_more()
    assert api.history[GROUP] == []
    assert await channel.conversation(GROUP) is None


async def test_every_other_kind_of_update_is_confirmed_and_passed_over(channel: Channel, api: BotApi) -> None:
    chats = {kind: 1000 + number for number, kind in enumerate(UPDATES)}
    for kind, id in chats.items():
        inside = {"chat": chat(id), "from": user(id), "user": user(id), "text": "hello", "message": message(id)}
        await api.feed_kind(kind, **inside, data="action:topics")
    assert await Person(api).hears_no_more()
    await api.confirmed()
    assert {kind for kind in chats if api.history[chats[kind]]} == {"message", "edited_message", "callback_query"}


async def test_no_kind_of_message_is_a_fault_of_ours(channel: Channel, api: BotApi) -> None:
    with capture_logs() as logs:
        for number, (name, about) in enumerate(MESSAGE_FIELDS.items()):
            await Person(api, id=1000 + number).sends(**{name: example(about["types"][0])})
        assert await Person(api).hears_no_more()
        await api.confirmed()
    assert logs == []


def test_without_a_token_there_is_no_telegram(house: House) -> None:
    parts = (house.reception, house.database, house.conversations, house.outbox, house.replies, house.wakeups)
    assert build(Settings.model_validate({}), *parts, house.clock) is None


async def test_an_address_of_telegram_opens_its_own_conversation(house: House) -> None:
    await house.reception.receive(Address("telegram", "7"), Incoming("1", text="hello"), "fi")
    async with house.database.reading() as conn:
        found = await house.conversations.find(conn, Address("telegram", "7"))
    assert found
    assert found.state.language == "fi"
