"""Rasa's own judge, `rasa test nlu`: on the held-out texts, and by cross-validation on the training data."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml

from bot.commands.evaluation_report import Rival
from bot.nlu_server import ROOT, Model, rasa
from nlu.evaluation.sets import TRAINING, Question, trained_languages


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
    """Trained and judged on parts of the training data. Raises bot.nlu_server.NoRasa."""
    with tempfile.TemporaryDirectory(prefix="kaspa-test-") as folder:
        parts = ("--cross-validation", "--folds", str(folds))
        await rasa(
            *("test", "nlu", "--nlu", str(TRAINING.relative_to(ROOT)), "--config", "config.yml", *parts),
            *_output(folder),
        )
        return Rival(f"{folds}-fold cross-validation", _by_language(Path(folder), trained_languages()))


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
