"""What the rooms found, put together: follow-ups, the place, danger."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding import Understanding
from nlu.crisis import CrisisDetector, Lexicon
from nlu.language import LanguageIdentifier
from nlu.lexicons import load_municipalities
from nlu.reading import Reading, Thresholds
from tests.fakes import FakeReader

LIMITS = Thresholds(answer=0.5, clarify=0.2, crisis=0.4, crisis_offered=0.1, crisis_denied=0.01)


class Readings(FakeReader):
    """Answers with whole readings, and remembers what it was asked."""

    def __init__(self, readings: dict[str, Reading]) -> None:
        super().__init__()
        self.readings = readings
        self.asked: list[str] = []

    async def read(self, text: str) -> Reading | None:
        self.asked.append(text)
        if self.down:
            return None
        return self.readings.get(text, Reading((("greet", 0.3),), {}, LIMITS))


def understanding(readings: dict[str, Reading]) -> tuple[Understanding, Readings]:
    reader = Readings(readings)
    finder = load_municipalities(Path("nlu/lexicon/municipalities.yml"))
    lexicon = Lexicon("en", {"violence": ("violence at home",)}, {})
    return Understanding(CrisisDetector((lexicon,)), LanguageIdentifier(("en",)), finder, reader), reader


async def test_a_follow_up_is_read_with_the_question_before_it_and_not_in_parts() -> None:
    text = "and for her? how long?"
    found, reader = understanding({text: Reading((("greet", 0.3),), {}, LIMITS, follow_up=0.9)})
    assert (await found.understand(text, "en", "Tax card")).in_context is not None
    assert reader.asked == [text, f"Tax card {text}"]


async def test_without_a_question_before_it_a_follow_up_stands_alone() -> None:
    text = "and for her"
    found, reader = understanding({text: Reading((("greet", 0.3),), {}, LIMITS, follow_up=0.9)})
    understood = await found.understand(text, "en")
    assert (understood.is_follow_up, understood.in_context) == (True, None)
    assert reader.asked == [text]


async def test_of_a_text_that_names_a_municipality_the_rest_is_the_question_unless_there_is_none() -> None:
    both = Reading((("other_municipality", 0.6), ("day_care", 0.3)), {}, LIMITS)
    only = Reading((("other_municipality", 0.9), ("day_care", 0.05)), {}, LIMITS)
    found, _ = understanding({"kuhmo day care": both, "who helps in kuhmo": only})
    first = await found.understand("kuhmo day care", "en")
    assert first.municipality == "kuhmo"
    assert first.ranking == (("day_care", 0.3 / 0.4),)
    assert (await found.understand("who helps in kuhmo", "en")).ranking == only.ranking


@pytest.mark.parametrize(
    ("text", "chance", "shown", "offered"),
    [
        ("violence at home", 0.02, "violence", None),
        ("podcast on violence at home", 0.005, None, "violence"),  # the model is certain that it is none
        ("it would be better if i did not wake up", 0.5, "self_harm", None),
        ("i sleep badly", 0.2, None, "self_harm"),
        ("tax card", 0.05, None, None),
    ],
)
async def test_lexicon_or_model_is_enough_for_the_card_unless_the_other_is_certain_that_there_is_no_crisis(
    text: str, chance: float, shown: str | None, offered: str | None
) -> None:
    found, _ = understanding({text: Reading((("tax_card", 0.9),), {"self_harm": chance}, LIMITS)})
    understood = await found.understand(text, "en")
    assert (understood.crisis, understood.crisis_offered) == (shown, offered)


async def test_without_a_model_the_lexicon_alone_is_enough() -> None:
    found, reader = understanding({})
    reader.down = True
    assert (await found.understand("podcast on violence at home", "en")).crisis == "violence"
