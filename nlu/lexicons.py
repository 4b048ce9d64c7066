"""Reads what people wrote of words: the crisis lexicons, one YAML file a language, and the municipalities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nlu.crisis import Lexicon, parse_lexicon
from nlu.municipality import MunicipalityFinder

CRISIS_LEXICONS = Path(__file__).parent / "lexicon" / "crisis"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it is, is faster


def load_lexicons(folder: Path) -> tuple[Lexicon, ...]:
    """Every lexicon there. Raises BadLexicon (of the first bad file) with all its faults, or yaml.YAMLError."""
    return tuple(parse_lexicon(path.stem, read_yaml(path)) for path in sorted(folder.glob("*.yml")))


def load_municipalities(path: Path) -> MunicipalityFinder:
    """The beginnings of words that name each municipality. Raises yaml.YAMLError."""
    return MunicipalityFinder(read_yaml(path))


def read_yaml(path: Path) -> Any:
    """Raises yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 -- either of the two is safe
