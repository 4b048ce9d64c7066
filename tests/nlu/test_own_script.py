"""Latin-typed words, back in their own script."""

from __future__ import annotations

import pytest

from nlu.own_script import OwnScript


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("ru", "kak prodlit vnzh", "как продлит внж"),
        ("ru", "gde vzyat' spravku", "где взять справку"),
        ("uk", "de oformyty podatkovu kartku", "де оформити податкову картку"),
        ("uk", "shcho robyty", "що робити"),
        ("ar", "momken maw3ed", "ممكن موعد"),
        ("ar", "fel mostashfa", "فلمستشفي"),
        ("fa", "kart gom shode", "كارت گم شده"),
    ],
)
def test_a_typed_text_is_spelt_back(language: str, typed: str, written: str) -> None:
    known = {"ممكن": 9, "موعد": 9, "مستشفي": 3, "فلمستشفي": 1, "كارت": 5, "گم": 2, "شده": 4}
    assert OwnScript(language, known).respell(typed, ()) == written


def test_service_words_names_and_numbers_stay() -> None:
    assert OwnScript("uk", {}).respell("de migri 112 kela", {"migri", "kela"}) == "де migri 112 kela"


def test_of_words_with_the_same_consonants_the_likeliest_is_taken() -> None:
    words = OwnScript("ar", {"كتاب": 5, "كتب": 5})
    assert (words.respell("kitab", ()), words.respell("ktb", ())) == ("كتاب", "كتب")
