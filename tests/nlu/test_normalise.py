"""The matching form: what is told apart and what is not."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.normalise import fold, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Päivää Åbo", "paivaa abo"),
        ("Ёлка, мой Їжак", "елка мои іжак"),
        ("зґвалтування", "згвалтування"),
        ("İstanbul'da ılık", "istanbulda ilik"),
        ("Straße Łódź Đà Nẵng Søren", "strasse lodz da nang soren"),
    ],
)
def test_latin_and_cyrillic_letters_lose_their_diacritics(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("أريد إلى آخر ٱلبيت", "اريد الي اخر البيت"),
        ("مدرسة", "مدرسه"),
        ("سؤال عائلة", "سوال عايله"),
        ("مُحَمَّدٌ", "محمد"),
        ("مـــرحبا", "مرحبا"),
        ("می‌خواهم کمک", "ميخواهم كمك"),
        ("خانۀ من", "خانه من"),
    ],
)
def test_spellings_of_one_arabic_or_persian_word_become_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("letter", "ەۆێڕڵڤپچژگ")
def test_letters_that_make_a_language_stay_distinct(letter: str) -> None:
    assert fold(letter) == letter


@pytest.mark.parametrize("typed", ["هێ", "हिन्दी", "ภาษาไทย", "မြန်မာ", "ትግርኛ"])
def test_vowel_signs_of_other_scripts_stay(typed: str) -> None:
    assert fold(typed) == unicodedata.normalize("NFC", unicodedata.normalize("NFKD", typed))


@pytest.mark.parametrize("typed", ["١٢٣", "۱۲۳", "１２３", "123", "१२३"])
def test_digits_of_every_script_are_ascii_digits(typed: str) -> None:
    assert fold(typed) == "123"


@pytest.mark.parametrize("apostrophe", "'’‘ʼ`´ʹ＇")
def test_an_apostrophe_does_not_part_a_word(apostrophe: str) -> None:
    assert fold(f"don{apostrophe}t") == "dont"


@pytest.mark.parametrize("punctuation", ["-", "–", "/", "_", "€", "؟", "،", "«", "…", "🙂", "\u200b", "\n", "\u00a0"])
def test_any_other_punctuation_parts_words(punctuation: str) -> None:
    assert words(f"te{punctuation}toimisto") == ["te", "toimisto"]


@pytest.mark.parametrize("mark", ["\u200c", "\u200d", "\u200f", "\u202b", "\u2067", "\ufeff", "\u00ad", "\u061c"])
def test_marks_that_nobody_sees_vanish(mark: str) -> None:
    assert fold(f"oles{mark}kelu") == "oleskelu"


def test_nothing_but_punctuation_has_no_words() -> None:
    assert words(" ?!… 🙂") == []


def test_folding_any_single_character_twice_changes_nothing() -> None:
    assert [c for c in map(chr, range(0x30000)) if fold(fold(c)) != fold(c)] == []


@settings(deadline=None)  # a busy machine is no fault
@given(st.text())
def test_folding_any_text_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text())
def test_words_are_parted_by_exactly_one_space(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
