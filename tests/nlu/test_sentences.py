"""The parts of a message that may each be a question of their own."""

from __future__ import annotations

import pytest

from nlu.sentences import clauses, questions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How do I get a tax card? Where is a dentist?", ("How do I get a tax card?", "Where is a dentist?")),
        ("I came in May. I work. How do I get a tax card?", ()),  # a story with one question
        ("أين الطبيب؟ كم يكلف المترجم؟", ("أين الطبيب؟", "كم يكلف المترجم؟")),
        ("tax card where\ndentist where", ("tax card where", "dentist where")),
        ("how do i get a tax card", ()),
        ("open at 9.30 or 10.00?", ()),
        ("", ()),
    ],
)
def test_sentences(text: str, found: tuple[str, ...]) -> None:
    assert questions(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("where is the doctor and how do i get a tax card", ("where is the doctor", "how do i get a tax card")),
        ("missä on lääkäri ja miten saan verokortin", ("missä on lääkäri", "miten saan verokortin")),
        ("где найти врача и как получить налоговую карту", ("где найти врача", "как получить налоговую карту")),
        ("وين القى دكتور وكيف اطلع بطاقة ضريبية", ("وين القى دكتور", "كيف اطلع بطاقة ضريبية")),
        ("i live in kuhmo, where is day care", ("i live in kuhmo", "where is day care")),
        ("my wife and i need a tax card", ()),
        ("bread and butter", ()),
    ],
)
def test_clauses(text: str, found: tuple[str, ...]) -> None:
    assert clauses(text) == found
