"""The content that Kaspa is shipped with."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from content.catalogue import Content
from content.hours import HELSINKI, describe_opening, opening
from content.load import faults, load

ROOT = Path(__file__).parents[2] / "content"
WRITTEN = ("fi", "en", "ru", "uk", "ar", "sv", "fa", "prs", "so", "ckb", "et")
KINDS = ("emergency", "self_harm", "violence", "trafficking", "child_danger", "no_shelter")


@pytest.fixture(scope="module")
def content() -> Content:
    return load(ROOT)


def test_it_has_no_errors() -> None:
    assert [str(each) for each in faults(ROOT) if each.severity == "error"] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_every_intent_is_answered_in_every_language(content: Content, language: str) -> None:
    answers = [content.answer(intent, language) for intent in content.catalogue.intents]
    assert [answer and answer.language for answer in answers] == [language] * len(answers)


@pytest.mark.parametrize("language", WRITTEN)
def test_no_text_shows_a_reference_that_is_not_filled_in(content: Content, language: str) -> None:
    answers = [content.answer(intent, language) for intent in content.catalogue.intents]
    texts = [answer.text for answer in answers if answer]
    texts += [content.crisis_card(kind, language).text for kind in content.catalogue.crises]
    assert [text for text in texts if "{" in text or "}" in text] == []


@pytest.mark.parametrize("language", [*WRITTEN, "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_crisis_card_has_a_public_number_in_every_language(content: Content, kind: str, language: str) -> None:
    card = content.crisis_card(kind, language).text
    assert any(number in card for number in content.public_contacts())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "on Monday 7 December at 9:00"),
        ("fi", "maanantaina 7. joulukuuta kello 9.00"),
        ("ru", "в понедельник, 7 декабря,? в 9:00"),
        ("uk", "у понеділок, 7 грудня,? о 9:00"),
        ("ar", "(يوم |في )?الاثنين 7 ديسمبر،? (في )?(تمام )?الساعة 9:00"),
    ],
)
def test_the_next_opening_is_a_correct_piece_of_a_sentence(content: Content, language: str, said: str) -> None:
    friday = datetime(2026, 12, 4, 15, 30, tzinfo=HELSINKI)
    opens = opening(content.schedules["chat"], friday).opens
    assert opens is not None
    key, values = describe_opening(opens, friday, language)
    assert re.fullmatch(said, content.phrase(key, language, **values))
