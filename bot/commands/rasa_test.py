"""Rasa's own judge, `rasa test nlu`: on the held-out texts, and by cross-validation on the training data."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml

from bot.commands.evaluation_report import Rival
from bot.nlu_server import Model, rasa
from nlu.evaluation.sets import TRAINING, Question, questions, thinned

FOLLOW_UP = "follow_up"  # a label of the training data that is no intent, and in no ranking


async def held_out(model: Model, asked: Iterable[Question]) -> Rival:
    """The same model and questions as ours. Raises bot.nlu_server.NoRasa."""
    asked = tuple(asked)
    with tempfile.TemporaryDirectory(prefix="kaspa-test-") as folder:
        file = Path(folder) / "questions.yml"
        file.write_text(_as_nlu(asked), encoding="utf-8")
        await rasa("test", "nlu", "--nlu", str(file), "--model", str(model.path), *_output(folder))
        languages = {question.text: question.language for question in asked}
        return Rival("rasa test nlu", _by_language(Path(folder), languages))


async def cross_validated(folds: int) -> Rival:
    """Trained and judged on parts of the training data. Raises bot.nlu_server.NoRasa.

    Rasa's own cross-validation forgets the language of what it trains on: it writes one block an intent.
    """
    judged = [(await _fold(number, folds)).right for number in range(folds)]
    means = {language: sum(right[language] for right in judged) / folds for language in judged[0]}
    return Rival(f"{folds}-fold cross-validation", means)


async def _fold(number: int, folds: int) -> Rival:
    with tempfile.TemporaryDirectory(prefix="kaspa-fold-") as folder:
        learnt, asked = Path(folder) / "learnt", Path(folder) / "asked"
        shutil.copytree(TRAINING / "kept_back", learnt / "kept_back")
        asked.mkdir()
        for path in TRAINING.glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            rest = thinned(text, lambda place: place % folds != number)
            (learnt / path.name).write_text(rest, encoding="utf-8")
            (asked / path.name).write_text(thinned(text, lambda place: place % folds == number), encoding="utf-8")
        output = ("--out", folder, "--fixed-model-name", "fold")
        await rasa("train", "nlu", "--config", "config.yml", "--nlu", str(learnt), *output)
        in_ranking = (one for one in questions(asked) if one.intent != FOLLOW_UP)
        return await held_out(Model(Path(folder) / "fold.tar.gz"), in_ranking)


def _output(folder: str) -> tuple[str, ...]:
    return ("--successes", "--no-plot", "--out", folder)


def _by_language(folder: Path, languages: dict[str, str]) -> dict[str, float]:
    """Share of right intents by language, from Rasa's lists of what it got right and wrong."""
    right, wrong = (_texts(folder / f"intent_{name}.json") for name in ("successes", "errors"))
    found = {}
    for language in sorted(set(languages.values())):
        good = sum(languages.get(text) == language for text in right)
        bad = sum(languages.get(text) == language for text in wrong)
        if good + bad:
            found[language] = good / (good + bad)
    return found


def _texts(path: Path) -> list[str]:
    return [one["text"] for one in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def _as_nlu(asked: Iterable[Question]) -> str:
    by_intent: dict[str, list[str]] = {}
    for question in asked:
        by_intent.setdefault(question.intent, []).append(question.text)
    blocks = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)
