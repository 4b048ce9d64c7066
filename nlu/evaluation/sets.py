"""The texts kept out of training: questions by intent, and crises with harmless look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent


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
