"""The training data keeps its promises: every question in every language, each text in one place, its language said."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from content.load import load
from nlu.evaluation.sets import TRAINING, examples
from nlu.normalise import fold

FIRST, SECOND = ("fi", "en", "ru", "uk", "ar"), ("sv", "fa", "so", "ckb", "et")
LEAST = {**dict.fromkeys(FIRST, 25), **dict.fromkeys(SECOND, 18)}
CATALOGUE = load(Path("content")).catalogue
QUESTIONS = frozenset(CATALOGUE.intents)
LABELS = QUESTIONS | set(CATALOGUE.conversation) | {f"crisis_{kind}" for kind in CATALOGUE.crises} | {"follow_up"}


@cache
def texts(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(examples(TRAINING / f"{language}.yml"))


@pytest.mark.parametrize("language", LEAST)
def test_every_question_has_enough_utterances(language: str) -> None:
    counts = Counter(intent for intent, _ in texts(language))
    assert set(counts) == LABELS
    assert {intent: counts[intent] for intent in QUESTIONS if counts[intent] < LEAST[language]} == {}


@pytest.mark.parametrize("language", LEAST)
def test_no_text_stands_twice(language: str) -> None:
    counts = Counter(fold(text) for _, text in texts(language))
    assert [text for text, count in counts.items() if count > 1] == []


def test_enough_of_it_is_out_of_scope() -> None:
    assert sum(intent == "out_of_scope" for language in LEAST for intent, _ in texts(language)) >= 500


@pytest.mark.parametrize("path", sorted(TRAINING.rglob("*.yml")), ids=lambda path: str(path.relative_to(TRAINING)))
def test_the_metadata_say_the_language_and_what_is_kept_back(path: Path) -> None:
    expected = {"language": path.stem} | ({"kept_back": True} if path.parent.name == "kept_back" else {})
    blocks = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]
    assert [block["intent"] for block in blocks if block.get("metadata") != expected] == []


def test_nothing_that_is_kept_back_is_learnt_from_or_measured_on() -> None:
    kept = {fold(text) for path in (TRAINING / "kept_back").glob("*.yml") for _, text in examples(path)}
    learnt = {fold(text) for language in LEAST for _, text in texts(language)}
    assert kept & learnt == set()
