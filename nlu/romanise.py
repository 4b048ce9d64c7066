"""One Latin channel for all scripts: so that "kak prodlit" and "как продлить" share letters. Standard library only."""

from __future__ import annotations

import re

_CYRILLIC = dict(zip("абвгдезиіїйклмнопрстуфхцыэґ", "abvgdeziiiiklmnoprstufhcieg", strict=True)) | {
    "є": "ie",
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ю": "iu",
    "я": "ia",
    "ъ": "",
    "ь": "",
}
# ع and a lone hamza have no letter that people agree on, and a or i may stand for any vowel: the skeleton drops them.
_ARABIC = dict(zip("ابتثجحدذرزسصضطظفقكلمنهويپگەۆێڕڵڤ", "abtsjhdzrzssdtzfqklmnhuipgeoerlv", strict=True)) | {
    "خ": "kh",
    "ش": "sh",
    "غ": "gh",
    "چ": "ch",
    "ژ": "zh",
    "ع": "",
    "ء": "",
}
_LETTERS = _CYRILLIC | _ARABIC
_SLAVIC = (  # one of each pair is typed, in an order in which longer ones come first
    *(("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ts", "c")),
    *(("x", "h"), ("g", "h"), ("y", "i"), ("j", "i"), ("w", "v"), ("io", "ie")),
)
_SOFT = re.compile("[ьъ](?=[еэ])")
_DIGRAPHS = (("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("gh", "g"), ("zh", "z"), ("ts", "c"), ("ck", "k"))
# In a skeleton the sounds of other scripts are letters already: two of theirs side by side make no digraph.
_SOUNDS = str.maketrans(_LETTERS | {"خ": "h", "غ": "g", "ژ": "z", "ж": "z"})
_TYPED = str.maketrans(_LETTERS)
_SAME_SOUND = str.maketrans("qwyj", "kviz")
_TYPED_H = re.compile(r"(?<=[a-z])7|7(?=[a-z])")  # how ح is typed
_SILENT = re.compile(r"[aeiou]+|(?<=[a-z])[2356]|[2356](?=[a-z])")  # vowels, and digits that stand for letters
_DOUBLE = re.compile(r"([a-z])\1+")


def is_latin(text: str) -> bool:
    """It has letters, and all of them are Latin."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and all(letter < "\u0250" or "\u1e00" <= letter <= "\u1eff" for letter in letters)


def romanised(folded: str) -> str:
    """Folded text in Latin letters, roughly as people type it without their keyboard."""
    return folded.translate(_TYPED)


def sounds(folded: str) -> str:
    """Slavic words spelt one way, whether they stand in Cyrillic or in one of the Latin spellings that people use."""
    letters = romanised(_SOFT.sub("и", folded))
    for written, sound in _SLAVIC:
        letters = letters.replace(written, sound)
    return _DOUBLE.sub(r"\1", letters)


def skeleton(folded: str) -> str:
    """Its consonants, spelt one way: the part on which two people who type the same word in Latin letters agree."""
    letters = folded
    for written, sound in _DIGRAPHS:
        letters = letters.replace(written, sound)
    letters = letters.translate(_SOUNDS).translate(_SAME_SOUND)
    return _DOUBLE.sub(r"\1", _SILENT.sub("", _TYPED_H.sub("h", letters)))
