"""The texts to measure on: questions by intent, and crises with harmless look-alikes; none that was trained on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from nlu.lexicons import read_yaml
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


@dataclass(frozen=True)
class Private:
    """A message with personal data in it: the text, and each piece as it stands there. No pieces: it may not change."""

    language: str
    text: str
    pieces: tuple[str, ...]


Measured = TypeVar("Measured", Question, Alarm)


def trained_on(folder: Path = TRAINING) -> frozenset[str]:
    """Every training text, and every one that thresholds were set on, folded."""
    return frozenset(fold(text) for path in folder.rglob("*.yml") for _, text in examples(path))


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
        data = read_yaml(path)
        found += [Alarm(path.stem, kind, text) for kind, texts in data["crisis"].items() for text in texts]
        found += [Alarm(path.stem, None, text) for text in data["lookalikes"]]
    return found


def follow_ups(path: Path = FOLDER / "follow_ups.yml") -> list[tuple[str, str]]:
    """(language, text)."""
    data = read_yaml(path)
    return [(language, text) for language, texts in data.items() for text in texts]


def private(folder: Path = FOLDER / "redaction") -> list[Private]:
    """Personal data stands in double brackets in the files."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        data = read_yaml(path)
        for marked in (*data["private"], *data["public"]):
            pieces = tuple(_MARKED.findall(marked))
            found.append(Private(path.stem, _MARKED.sub(r"\1", marked), pieces))
    return found


_MARKED = re.compile(r"\[\[(.+?)\]\]")


def thinned(text: str, keeps: Callable[[int], bool]) -> str:
    """Training data with those examples of each intent whose place, from 0, `keeps` keeps."""
    kept, place = [], 0
    for line in text.splitlines(keepends=True):
        is_example = line.startswith("    - ")
        if not is_example or keeps(place):
            kept.append(line)
        place = place + 1 if is_example else 0
    return "".join(kept)


def examples(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of a Rasa NLU file."""
    data = read_yaml(path)
    return [
        (block["intent"], line[2:].strip())
        for block in data["nlu"]
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]
