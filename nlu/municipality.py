"""Which municipality of Kainuu a text names, in any script and case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nlu.normalise import fold

SEAT = "kajaani"
_PARTICLE = "(?:[بولفك]|ال|بال|لل|وال)?"


class MunicipalityFinder:
    """`stems`: the beginnings of words that name each municipality; nlu.lexicons reads them."""

    def __init__(self, stems: Mapping[str, Iterable[str]]) -> None:
        self._names = {
            municipality: re.compile(rf"(?<!\S){_PARTICLE}(?:{'|'.join(map(fold, beginnings))})")
            for municipality, beginnings in stems.items()
        }

    def find(self, text: str) -> str | None:
        """The one that is named; None when there is none, or several: "I move from Kuhmo to Sotkamo" is no home.

        Kajaani beside another one is where the desk is: "I live in Kuhmo, do I have to come to Kajaani?"
        """
        folded = fold(text)
        named = {municipality for municipality, stem in self._names.items() if stem.search(folded)}
        elsewhere = named - {SEAT}
        return next(iter(elsewhere or named)) if len(elsewhere or named) == 1 else None
