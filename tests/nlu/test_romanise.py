"""One Latin channel: what people type with and without their keyboard shares letters."""

from __future__ import annotations

import pytest

from nlu.normalise import fold
from nlu.romanise import romanised, skeleton


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("как продлить внж", "kak prodlit vnzh"),
        ("де отримати гету", "de otrimati getu"),
        ("سلام", "slam"),
        ("Täällä on päiväkoti", "taalla on paivakoti"),
    ],
)
def test_a_text_is_written_in_latin_letters(native: str, latin: str) -> None:
    assert romanised(fold(native)) == latin


@pytest.mark.parametrize(
    ("native", "typed"),
    [
        ("как продлить внж", "kak prodlit' vnj"),
        ("скажите пожалуйста", "skazhite pozhaluysta"),
        ("مترجم", "motarjem"),
        ("اقامه", "eqamah"),
        ("حضانة", "7adanah"),
    ],
)
def test_a_text_and_how_it_is_typed_have_the_same_consonants(native: str, typed: str) -> None:
    assert skeleton(fold(native)) == skeleton(fold(typed))


@pytest.mark.parametrize("number", ["112", "116117", "2026", "7"])
def test_a_number_stays_as_it_is(number: str) -> None:
    assert (romanised(number), skeleton(number)) == (number, number)
