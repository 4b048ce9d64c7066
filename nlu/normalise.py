"""The one form in which texts of any script are compared. Standard library only: Rasa's Python imports it too."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def fold(text: str) -> str:
    """The matching form of `text`: lower case, no diacritics or harakat, ASCII digits, words parted by one space.

    Folding twice changes nothing. Letters that only Sorani has (ە ۆ ێ ڕ ڵ ڤ) and the vowel signs of other scripts stay.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_BEFORE)).lower()
    letters = "".join(map(_letter, unicodedata.normalize("NFD", decomposed)))
    return " ".join(unicodedata.normalize("NFC", letters).split())


def words(text: str) -> list[str]:
    """The words of `text`, each folded."""
    return fold(text).split()


# Taken out before decomposition: it would make a space of ´, and of ۀ the Sorani letter ە.
_APOSTROPHES = "'`´‘’‚‛′ʹʻʼʽˈ՚＇"
_BEFORE = str.maketrans({**dict.fromkeys(_APOSTROPHES, ""), "ۀ": "ه"})

# Letters that decomposition leaves alone, though people type them either way.
_SAME = {
    **dict.fromkeys(_APOSTROPHES, ""),
    **dict(zip("ٱىیةکھہ", "اييهكهه", strict=True)),
    **dict(zip("øłđðħıґς", "olddhiгσ", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}

# Marks that are diacritics, not vowels a word cannot be read without: Latin, Greek and Cyrillic, Hebrew points,
# harakat and Quranic signs, marks for symbols, variation selectors.
_DIACRITICS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
_TATWEEL = "ـ"
_ZERO_WIDTH_SPACE = "\u200b"


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    if _is_left_out(character):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return character if unicodedata.category(character)[0] in "LMN" else " "


def _is_left_out(character: str) -> bool:
    """Bidi marks, joiners (all of category Cf but the zero-width space, which parts words), tatweel and diacritics."""
    if character == _TATWEEL or unicodedata.category(character) == "Cf":
        return character != _ZERO_WIDTH_SPACE
    is_mark = unicodedata.category(character)[0] == "M"
    return is_mark and any(first <= ord(character) <= last for first, last in _DIACRITICS)
