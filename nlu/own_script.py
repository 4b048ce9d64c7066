"""Puts text typed in Latin letters back into its language's own script: the encoder has read hardly any other spelling.

Russian and Ukrainian are spelt back letter by letter. Arabic and Persian leave out what Latin letters write and the
other way round, so a word is first looked for among the known ones that have the same consonants. Sorani is not here:
the encoder does not know its script any better than its Latin letters. Standard library only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from math import log

from nlu.normalise import fold
from nlu.romanise import skeleton

_CYRILLIC = dict(zip("abvwgdezijklmnoprstufhcqx4'", "абввгдезийклмнопрстуфхцкхчь", strict=True)) | {
    **{"shch": "щ", "sch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц"},
    **{"ya": "я", "ja": "я", "yu": "ю", "ju": "ю", "ay": "ай", "ey": "ей", "oy": "ой", "uy": "уй"},
}
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "ru": _CYRILLIC
    | {"y": "ы", "iy": "ий", "ij": "ий", "yy": "ый", "ye": "е", "je": "е", "yo": "ё", "jo": "ё", "ia": "ия"}
    | {"aya": "ая", "oye": "ое", "oyu": "ою", "eyu": "ею", "uyu": "ую", "iya": "ия", "iyu": "ию"},
    "uk": _CYRILLIC
    | {"y": "и", "i": "і", "h": "г", "ye": "є", "je": "є", "ie": "є", "yi": "ий", "ji": "ї", "ii": "ії"}
    | {"yy": "ий", "yj": "ий", "ia": "я", "iu": "ю", "ai": "ай", "ei": "ей", "oi": "ой"},
    "ar": dict(zip("2356789abtjghdrzsfqklmnwuoiyevpc'", "اعخطحققابتججهدرزسفقكلمنوووييـفبكـ", strict=True))
    | {"sh": "ش", "kh": "خ", "th": "ث", "dh": "ذ", "gh": "غ", "ch": "تش", "3'": "غ", "x": "كس"}
    | {"aa": "ا", "oo": "و", "ou": "و", "ee": "ي", "ei": "ي", "ai": "ي"},
    "fa": dict(zip("abptjhdrzsfqkglmnvwuiyxceo'", "ابپتجهدرزسفقکگلمنوووییخکـــ", strict=True))
    | {"sh": "ش", "kh": "خ", "ch": "چ", "zh": "ژ", "gh": "ق", "aa": "ا", "oo": "و"}
    | {"ee": "ی", "ei": "ی", "ey": "ی"},
}
_UNWRITTEN = "ـ"
_ENDINGS = {"ar": (re.compile("(?<=[a-z0-9]{3})ah?$"), "ة"), "fa": (re.compile("(?<=[a-z])eh?$"), "ه")}
_ARTICLE = re.compile(r"\b([bflw]?[aei]?l) (?=[a-z0-9])")  # written as a word of its own, as in "bel maktab"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_COMMON = 0.08  # how much a word that is e times as frequent may be less like what was typed

LANGUAGES = tuple(_LETTERS)


class OwnScript:
    """One of LANGUAGES; `counts` says how often each folded word occurs in texts that are in its own script."""

    def __init__(self, language: str, counts: Mapping[str, int]) -> None:
        letters = _LETTERS[language]
        self._letters = letters
        self._longest_first = re.compile("|".join(map(re.escape, sorted(letters, key=len, reverse=True))))
        self._ending = _ENDINGS.get(language)
        self._article = _ARTICLE if language == "ar" else None
        self._known: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for word, count in counts.items() if self._ending else ():
            self._known[_consonants(word)].append((word, count))

    def respell(self, text: str, kept: Collection[str]) -> str:
        """`text` in the own script; the words in `kept` (Finnish service words, names) stay as they are."""
        lowered = text.lower().replace("’", "'")
        if self._article:
            lowered = self._article.sub(r"\1", lowered)
        return _WORD.sub(lambda found: found[0] if found[0] in kept else self._word(found[0]), lowered)

    def _word(self, typed: str) -> str:
        if typed.isdigit() or not typed.isascii():
            return typed
        letters = self._by_letters(typed)
        known = self._known.get(_consonants(fold(typed)), ())
        alike = {word: SequenceMatcher(None, word, letters).ratio() + _COMMON * log(count) for word, count in known}
        return max(alike, key=lambda word: alike[word], default=letters)

    def _by_letters(self, typed: str) -> str:
        if self._ending:
            ending, letter = self._ending
            typed = ending.sub(letter, typed)
        spelt = self._longest_first.sub(lambda found: self._letters[found[0]], typed)
        return spelt.replace(_UNWRITTEN, "")


def _consonants(folded: str) -> str:
    """A skeleton without w, which is also a vowel, and without a last h, which is often silent."""
    return skeleton(folded).replace("v", "").removesuffix("h")
