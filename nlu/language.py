"""The language a text is written in, or None when it would be a guess that a person had better make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from nlu.normalise import fold
from nlu.vocabulary import GREETINGS, LATIN_WORDS, NEUTRAL, WORDS

CERTAIN = 0.8
"""The confidence below which no language is named to a conversation that has none."""


@dataclass(frozen=True)
class Guess:
    """A language code, such as "fi" or "ckb"; None means ask. confidence: 0 to 1."""

    language: str | None
    confidence: float


class LanguageIdentifier:
    """Knows the given languages only: a text in any other may be taken for one of them.

    Dari (prs) is a person's own choice and never guessed; its texts are identified as Persian (fa).
    Loading the detector's models takes seconds and about 30 MB for each language.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = frozenset(languages)
        self._detector = _detector(languages)

    def identify(self, text: str, conversation: str | None = None) -> Guess:
        """The language of `text`; `conversation` is the language spoken so far, which short messages stay in."""
        tokens = [token for token in _tokens(text) if token.folded not in NEUTRAL]
        script = _script(tokens)
        scores = self._scores([token for token in tokens if token.script == script], script)
        if not scores:
            return Guess(conversation, 0.0)
        ...
