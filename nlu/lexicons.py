"""Reads the crisis lexicons, one YAML file a language, from their folder."""

from __future__ import annotations

from pathlib import Path

import yaml

from nlu.crisis import Lexicon, parse_lexicon


def load_lexicons(folder: Path) -> tuple[Lexicon, ...]:
    """Every lexicon there. Raises BadLexicon (of the first bad file) with all its faults, or yaml.YAMLError."""
    return tuple(
        parse_lexicon(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.yml"))
    )
