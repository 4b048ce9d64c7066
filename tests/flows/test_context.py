"""What was said before counts: follow-ups, two questions in one message, the place where a person lives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.web_people import Person, counted, web_app
from tests.house import House

MEANINGS = {
    "How do I get a tax card?": "tax_card",
    "Where is a dentist?": "dentist",
    "How do I get a tax card? Where is a dentist?": "tax_card",
    "how do i get a tax card and where is a dentist": (("tax_card", 0.4), ("dentist", 0.35)),
    "how do i get a tax card": "tax_card",
    "where is a dentist": "dentist",
    "i live in kuhmo, where do i find day care": "day_care",
    "when are you open": "desk_contact",
    "in sotkamo the day care": (("other_municipality", 0.6), ("day_care", 0.3)),
    "who helps me in sotkamo": (("other_municipality", 0.9), ("day_care", 0.05)),
}


@pytest.fixture
async def person(house: House) -> Person:
    house.reader.meanings.update(MEANINGS)
    house.reader.follow_ups = {"and for my wife?"}
    person = Person(house, web_app(house))
    await person.open("en")
    return person


def pages(answer: dict[str, Any]) -> list[str]:
    return [source["url"] for source in answer["sources"]]


async def test_a_follow_up_is_about_the_question_before_it(house: House, person: Person) -> None:
    (answer,) = await person.say("How do I get a tax card?")
    (more,) = await person.say("and for my wife?")
    assert house.content.label("tax_card", "en") in more["text"]
    assert pages(more) == pages(answer)
    (again,) = await person.press(more["choices"][0]["id"])
    assert again["text"] == answer["text"]


async def test_a_follow_up_to_nothing_is_not_understood(house: House, person: Person) -> None:
    (answer,) = await person.say("and for my wife?")
    assert answer["text"] == house.content.phrase("not_understood", "en")


@pytest.mark.parametrize(
    "text", ["How do I get a tax card? Where is a dentist?", "how do i get a tax card and where is a dentist"]
)
async def test_two_questions_in_one_message_get_two_answers(house: House, person: Person, text: str) -> None:
    first, second = await person.say(text)
    assert first["text"].startswith(house.content.answers["tax_card", "en"].body[:30])
    assert second["text"].startswith(house.content.answers["dentist", "en"].body[:30])


async def test_who_lives_elsewhere_is_shown_the_page_of_the_own_municipality_too(house: House, person: Person) -> None:
    (answer,) = await person.say("i live in kuhmo, where do i find day care")
    assert pages(answer)[0] == "https://www.kuhmo.fi"
    assert house.content.phrase("in_your_municipality", "en", municipality="Kuhmo") in answer["text"]
    (later,) = await person.say("when are you open")
    assert pages(later)[0] == "https://www.kuhmo.fi"
    (national,) = await person.say("How do I get a tax card?")
    assert "https://www.kuhmo.fi" not in pages(national)


async def test_a_named_place_does_not_stand_in_the_way_of_the_question(house: House, person: Person) -> None:
    (answer,) = await person.say("in sotkamo the day care")
    assert answer["text"].startswith(house.content.answers["day_care", "en"].body[:30])
    (answer,) = await person.say("who helps me in sotkamo")
    assert answer["text"].startswith(house.content.answers["other_municipality", "en"].body[:30])


async def test_the_municipality_and_the_topics_of_both_questions_are_counted(house: House, person: Person) -> None:
    await person.say("i live in kuhmo, where do i find day care")
    await person.say("How do I get a tax card? Where is a dentist?")
    await person.erase()
    (row,) = await counted(house)
    assert row["municipality"] == "kuhmo"
    assert {row["topic_1"], row["topic_2"], row["topic_3"]} == {"children", "work", "health"}
