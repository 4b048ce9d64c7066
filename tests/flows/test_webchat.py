"""The whole path by the web chat's front door: what is said, what is heard, what is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.fakes import FakeReader
from tests.flows.web_people import Person, counted, web_app
from tests.house import House, build_house

MEANINGS = {
    "how do i get a tax card": "tax_card",
    "miten saan itselleni verokortin nopeasti": "tax_card",
    "как получить налоговую карту": "tax_card",
    "як отримати податкову картку": "tax_card",
    "كيف احصل على بطاقة ضريبية": "tax_card",
    "¿cómo consigo la tarjeta de impuestos para trabajar?": "tax_card",
    "is it open": (("desk_contact", 0.3), ("see_doctor", 0.25), ("book_appointment", 0.2), ("greet", 0.1)),
    "who won the football": "out_of_scope",
    "a person please": "talk_to_human",
    "thank you": "thanks",
    "does migri see this": "privacy",
    "are you a robot": "bot_identity",
}


@pytest.fixture
async def person(house: House) -> Person:
    house.reader.meanings.update(MEANINGS)
    person = Person(house, web_app(house))
    await person.open("en")
    return person


# --- Answers ---


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "how do i get a tax card"),
        ("fi", "miten saan itselleni verokortin nopeasti"),
        ("ru", "как получить налоговую карту"),
        ("uk", "як отримати податкову картку"),
        ("ar", "كيف احصل على بطاقة ضريبية"),
    ],
)
async def test_a_question_is_answered_in_its_language_with_an_official_source(
    house: House, person: Person, language: str, question: str
) -> None:
    await person.open()
    (answer,) = await person.say(question)
    assert (answer["language"], answer["draft"]) == (language, True)
    assert answer["sources"][0]["url"].startswith("https://www.vero.fi/")


async def test_a_language_that_is_only_understood_is_told_so_in_it_and_answered_in_english(
    house: House, person: Person
) -> None:
    await person.open()
    (answer,) = await person.say("¿cómo consigo la tarjeta de impuestos para trabajar?")
    assert answer["text"].startswith(house.content.phrase("language_partly", "es"))
    assert answer["language"] == "en"
    assert "action:language" in [choice["id"] for choice in answer["choices"]]


async def test_dari_is_a_choice_of_its_own_and_reads_the_persian_texts(house: House, person: Person) -> None:
    await person.press("language:prs")
    (answer,) = await person.press("intent:tax_card")
    assert (answer["language"], answer["dir"]) == ("prs", "rtl")
    assert answer["text"].startswith(house.content.answers["tax_card", "fa"].body[:40])


async def test_without_drafts_an_answer_that_nobody_approved_gives_way_to_its_page_and_a_person(house: House) -> None:
    strict = replace(house.replies, content=replace(house.content, serve_drafts=False))
    answer = strict.answer("tax_card", "ar")
    assert (answer.text, answer.draft) == (house.content.phrase("no_answer_yet", "ar"), False)
    assert answer.sources[0].url.startswith("https://www.vero.fi/")
    assert [choice.id for choice in answer.choices] == ["action:person"]


async def test_a_message_in_another_language_is_answered_in_it_and_the_chosen_language_stays(person: Person) -> None:
    (answer,) = await person.say("miten saan itselleni verokortin nopeasti")
    (thanks,) = await person.say("thank you")
    assert (answer["language"], thanks["language"]) == ("fi", "en")


async def test_arabic_runs_from_right_to_left(person: Person) -> None:
    (answer,) = await person.say("كيف احصل على بطاقة ضريبية")
    assert answer["dir"] == "rtl"


async def test_in_doubt_the_likeliest_questions_are_offered_and_a_way_out(person: Person) -> None:
    (answer,) = await person.say("is it open")
    assert [choice["id"] for choice in answer["choices"]] == [
        "intent:desk_contact",
        "intent:see_doctor",
        "intent:book_appointment",
        "action:none",
    ]


async def test_a_pressed_question_is_answered(person: Person) -> None:
    (answer,) = await person.press("intent:tax_card")
    assert answer["sources"]


async def test_what_is_not_ours_is_said_kindly_with_a_person_offered(person: Person) -> None:
    (answer,) = await person.say("who won the football")
    assert "action:person" in [choice["id"] for choice in answer["choices"]]


async def test_not_understood_twice_offers_a_person_first(person: Person) -> None:
    (first,) = await person.say("blorp the frump is wibbling")
    (second,) = await person.say("the frump is blorp and wibbling")
    assert first["choices"][0]["id"] == "action:topics"
    assert second["choices"][0]["id"] == "action:person"


async def test_without_a_model_the_topics_and_a_person_are_offered(house: House, person: Person) -> None:
    house.reader.down = True
    (answer,) = await person.say("how do i get a tax card")
    ids = [choice["id"] for choice in answer["choices"]]
    assert ids == [*(f"topic:{topic}" for topic in house.content.catalogue.topics), "action:person"]


async def test_an_unknown_language_is_asked_for_and_then_the_question_is_answered(house: House) -> None:
    house.reader.meanings["verokortti"] = "tax_card"
    person = Person(house, web_app(house))
    await person.open()
    (asked,) = await person.say("verokortti")
    greeting, answer = await person.press("language:uk")
    assert asked["choices"][0]["id"].startswith("language:")
    assert (greeting["language"], answer["language"], bool(answer["sources"])) == ("uk", "uk", True)


async def test_does_migri_see_this_has_an_honest_answer_with_the_live_retention(person: Person) -> None:
    (answer,) = await person.say("does migri see this")
    assert "Migri" in answer["text"]
    assert "30 minutes" in answer["text"]


# --- Crisis ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("I want to kill myself", "112"),
        ("mieheni hakkaa minua", "080 005 005"),
        ("хочу умереть", "112"),
        ("чоловік мене б'є", "080 005 005"),
        ("زوجي يضربني", "080 005 005"),
    ],
)
async def test_a_crisis_gets_its_card_before_anything_else_even_without_a_model(
    house: House, person: Person, text: str, number: str
) -> None:
    house.reader.down = True
    (card,) = await person.say(text)
    assert number in card["text"]


async def test_what_is_surely_asked_besides_is_answered_under_the_card(house: House, person: Person) -> None:
    house.reader.meanings["my husband beats me, how do i get a tax card"] = "tax_card"
    card, answer = await person.say("my husband beats me, how do i get a tax card")
    assert "112" in card["text"]
    assert answer["sources"][0]["url"].startswith("https://www.vero.fi/")
    await person.erase()
    (row,) = await counted(house)
    assert (row["acute"], row["outcome"], row["topic_1"]) == (True, "answered", "work")


async def test_what_is_likely_asked_besides_is_a_button_on_the_card(house: House, person: Person) -> None:
    house.reader.meanings["my husband beats me, is it open"] = MEANINGS["is it open"]
    (card,) = await person.say("my husband beats me, is it open")
    choices = [choice["id"] for choice in card["choices"]]
    assert choices == ["action:person", "intent:desk_contact", "intent:see_doctor", "intent:book_appointment"]


async def test_who_asks_for_a_person_in_a_crisis_gets_the_card_and_an_acute_case(house: House, person: Person) -> None:
    house.reader.meanings["my husband beats me, let me talk to a person"] = "talk_to_human"
    card, waiting = await person.say("my husband beats me, let me talk to a person")
    assert "112" in card["text"]
    assert "ask for an adviser" not in card["text"]  # that is done
    assert "top of the queue" in card["text"]
    assert card["choices"] == []
    assert waiting["from"] == "notice"
    async with house.database.reading() as conn:
        (case,) = await house.desk.queue(conn)
    assert case.acute


async def test_a_crisis_is_counted_as_acute_and_nothing_of_it_is_kept(house: House, person: Person) -> None:
    await person.say("my husband beats me")
    await person.erase()
    (row,) = await counted(house)
    assert (row["acute"], row["outcome"], row["topic_1"]) == (True, "guided", None)


# --- Keeping and not keeping ---


async def test_the_same_key_ten_times_has_one_effect_and_one_answer(person: Person) -> None:
    key = str(uuid4())
    answers = [await person.send({"key": key, "text": "how do i get a tax card"}) for _ in range(10)]
    assert len({answer.text for answer in answers}) == 1
    assert len(await person.listen()) == 1


async def test_an_identity_code_is_removed_before_it_is_kept_and_the_person_is_told(person: Person) -> None:
    notice, _ = await person.say("my code is 131052-308T and i need help with it")
    kept = (await person.get("/messages")).text
    assert notice["from"] == "notice"
    assert "131052" not in kept


async def test_a_text_over_the_limit_is_refused_kindly_and_not_kept(person: Person) -> None:
    answer = await person.send({"text": "a" * 2001})
    assert answer.status_code == 413
    assert "2000" in answer.json()["detail"]
    assert len((await person.get("/messages")).json()["messages"]) == 1


async def test_an_empty_text_and_an_unknown_choice_are_refused(person: Person) -> None:
    empty, unknown = await person.send({"text": "  "}), await person.send({"choice": "intent:make_coffee"})
    assert (empty.status_code, unknown.status_code) == (422, 422)


async def test_writing_too_fast_is_refused_in_kind_words(house: House) -> None:
    person = Person(house, web_app(house, messages=2))
    await person.open("ru")
    answers = [await person.send({"choice": "action:topics"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[-1].headers["content-type"] == "application/problem+json"


async def test_too_many_conversations_from_one_address_are_refused(house: House) -> None:
    app = web_app(house, openings=2)
    answers = [await Person(house, app).open("en") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


async def test_a_wrong_token_and_no_conversation_look_the_same(person: Person) -> None:
    stranger = Person(person.house, person.app, person.id, "a wrong token")
    nowhere = Person(person.house, person.app, "nowhere", person.token)
    assert (await stranger.get("/messages")).json() == (await nowhere.get("/messages")).json()
    assert (await stranger.get("/messages")).status_code == 404


async def test_the_transcript_holds_both_sides_and_says_that_it_was_automatic(person: Person) -> None:
    await person.say("how do i get a tax card")
    text = (await person.get("/transcript")).text
    assert "how do i get a tax card" in text
    assert "automatic" in text
    assert "vero.fi" in text


async def test_after_erasing_nothing_is_there_but_one_ledger_row(house: House, person: Person) -> None:
    await person.say("how do i get a tax card")
    assert (await person.erase()).status_code == 204
    assert (await person.get("/messages")).status_code == 404
    (row,) = await counted(house)
    assert (row["channel"], row["language"], row["topic_1"], row["outcome"]) == ("webchat", "en", "work", "answered")


async def test_a_conversation_in_which_nobody_wrote_is_not_counted(house: House, person: Person) -> None:
    await person.erase()
    assert await counted(house) == []


async def test_a_turn_that_fails_is_apologised_for_and_the_next_one_goes_on(house: House, person: Person) -> None:
    house.reader.meanings["break"] = RuntimeError("a fault of ours")
    (sorry,) = await person.say("break")
    (answer,) = await person.say("how do i get a tax card")
    assert (sorry["from"], answer["from"]) == ("notice", "bot")


async def test_what_was_accepted_before_a_crash_is_answered_after_the_restart(
    house: House, person: Person, tmp_path: Path
) -> None:
    house.reader.stuck = True
    async with person.client() as client:
        body = {"key": str(uuid4()), "text": "how do i get a tax card"}
        assert (await client.post(f"/api/conversations/{person.id}/messages", json=body)).status_code == 202
    house.turns.abandon()
    restarted = await build_house(tmp_path, FakeReader(MEANINGS))
    await restarted.turns.recover()
    await restarted.turns.settle()
    same = Person(restarted, web_app(restarted), person.id, person.token, person.heard)
    (answer,) = await same.listen()
    await restarted.close()
    assert answer["sources"]
