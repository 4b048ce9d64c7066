"""The texts to measure on: questions by intent, and crises with harmless look-alikes; none that was trained on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from nlu.normalise import fold

FOLDER = Path(__file__).parent
TRAINING = FOLDER.parent / "data"


@dataclass(frozen=True)
class Question:
    language: str
    intent: str
    text: str


@dataclass(frozen=True)
class Alarm:
    """`kind` is None for a look-alike, which must not raise an alarm."""

    language: str
    kind: str | None
    text: str


Measured = TypeVar("Measured", Question, Alarm)


def trained_on(folder: Path = TRAINING) -> frozenset[str]:
    """Every training text, folded."""
    return frozenset(fold(text) for path in folder.glob("*.yml") for _, text in examples(path))


def unseen(texts: Iterable[Measured], trained: Collection[str]) -> list[Measured]:
    """Two hands write the same short text now and then ("thank you"): what was trained on measures nothing."""
    return [one for one in texts if fold(one.text) not in trained]


def questions(folder: Path = FOLDER / "heldout") -> list[Question]:
    """Rasa NLU YAML, one file a language."""
    return [
        Question(path.stem, intent, text) for path in sorted(folder.glob("*.yml")) for intent, text in examples(path)
    ]


def alarms(folder: Path = FOLDER / "crisis") -> list[Alarm]:
    found = []
    for path in sorted(folder.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [Alarm(path.stem, kind, text) for kind, texts in data["crisis"].items() for text in texts]
        found += [Alarm(path.stem, None, text) for text in data["lookalikes"]]
    return found


def examples(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of a Rasa NLU file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        (block["intent"], line[2:].strip())
        for block in data["nlu"]
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]
