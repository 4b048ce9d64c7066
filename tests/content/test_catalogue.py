"""What the hall may ask of the content, and what it hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content.catalogue import Content, Text, fingerprint
from tests.content.trees import Tree, small_tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return small_tree(tmp_path)


@pytest.fixture
def content(tree: Tree) -> Content:
    return tree.load()


def answered(content: Content, intent: str, language: str) -> Text:
    text = content.answer(intent, language)
    assert text is not None
    return text


def test_an_answer_comes_in_the_readers_language_with_its_references_filled_in(content: Content) -> None:
    assert answered(content, "permit_extend", "fi").text == (
        "Hae jatkolupaa ajoissa. Luvan myöntää Maahanmuuttovirasto.\n\n"
        "1. Täytä hakemus.\n2. Käy neuvonnassa: Pohjolankatu 13, Kajaani, ma–ti 9–12."
    )


def test_a_reader_whose_language_is_not_written_gets_english_and_is_told_so(content: Content) -> None:
    text = answered(content, "permit_extend", "sv")
    assert (text.language, text.label) == ("en", "Renew a permit")
    assert "Immigration Service" in text.text
    assert "Mon–Tue 9–12" in text.text


def test_without_english_finnish_stands_in(content: Content) -> None:
    finnish_only = replace(content, answers={key: each for key, each in content.answers.items() if key[1] == "fi"})
    assert answered(finnish_only, "permit_extend", "ar").language == "fi"


def test_an_intent_that_nobody_has_answered_has_no_answer(content: Content) -> None:
    assert content.answer("see_doctor", "fi") is None
    assert content.answer("nlu_fallback", "fi") is None


def test_sources_are_in_the_readers_language_and_else_in_english(content: Content) -> None:
    assert answered(content, "permit_extend", "fi").sources == (("Migri suomeksi", "https://migri.fi/fi"),)
    assert answered(content, "permit_extend", "ar").sources == (("دائرة الهجرة", "https://migri.fi/en"),)


def test_related_questions_without_an_answer_are_not_offered(tree: Tree) -> None:
    for language in ("fi", "en", "ar"):
        tree.write(f"answers/{language}/see_doctor.md", tree.read(f"answers/{language}/permit_extend.md"))
        tree.change(f"answers/{language}/see_doctor.md", "related: [negative_decision", "related: [permit_extend")
        tree.write(
            f"answers/{language}/see_doctor.md",
            tree.read(f"answers/{language}/see_doctor.md").replace(", see_doctor]", "]"),
        )
    assert answered(tree.load(), "permit_extend", "en").related == ("see_doctor",)


def approve(tree: Tree, language: str, source_hash: str) -> None:
    path = f"answers/{language}/permit_extend.md"
    tree.change(path, "status: draft", "status: approved")
    tree.change(path, "checked_on:", "checked_on: 2026-11-20")
    tree.change(path, "source_hash:", f"source_hash: {source_hash}")


def test_a_text_is_a_draft_until_it_is_approved(tree: Tree) -> None:
    assert answered(tree.load(), "permit_extend", "en").draft
    approve(tree, "en", fingerprint(tree.read("answers/fi/permit_extend.md").split("---\n")[2]))
    text = answered(tree.load(), "permit_extend", "en")
    assert (text.draft, text.checked_on) == (False, date(2026, 11, 20))


def test_an_approved_translation_is_a_draft_again_when_its_original_has_changed(tree: Tree) -> None:
    approve(tree, "en", fingerprint(tree.read("answers/fi/permit_extend.md").split("---\n")[2]))
    tree.change("answers/fi/permit_extend.md", "ajoissa", "netissä")
    assert answered(tree.load(), "permit_extend", "en").draft


def test_a_phone_number_follows_the_reader_even_in_a_text_of_another_language(content: Content) -> None:
    card = content.crisis_card("self_harm", "sv")
    assert card.text.count("09 2525 0112") == 2


def test_a_reader_without_a_number_of_her_own_gets_that_of_the_text(content: Content) -> None:
    assert content.crisis_card("self_harm", "so").text == (
        "**09 2525 0113** – crisis line\n\n**09 2525 0111** – kriisipuhelin"
    )


def test_latin_text_inside_arabic_is_isolated(content: Content) -> None:
    assert "**\u206609 2525 0113\u2069**" in content.crisis_card("self_harm", "ar").text
    assert "\u2066Pohjolankatu 13, Kajaani\u2069" in answered(content, "permit_extend", "ar").text


def test_text_that_reads_left_to_right_has_no_isolates(content: Content) -> None:
    assert "\u2066" not in content.crisis_card("self_harm", "en").text


def test_a_crisis_card_comes_in_the_readers_language_alone(content: Content) -> None:
    card = content.crisis_card("emergency", "fi")
    assert (card.text, card.language, card.draft) == ("**112** – hätänumero", "fi", True)


def test_a_missing_crisis_card_is_english_and_finnish_together(content: Content) -> None:
    card = content.crisis_card("emergency", "ru")
    assert (card.text, card.language) == ("**112** – emergency number\n\n**112** – hätänumero", "en")


def test_without_any_card_the_emergency_number_is_left(content: Content) -> None:
    assert "112" in replace(content, cards={}).crisis_card("emergency", "ru").text
    assert "112" in content.crisis_card("a kind that does not exist", "ru").text


def test_a_label_falls_back_to_english_and_then_to_the_topic(content: Content) -> None:
    labels = [
        content.label("permit_extend", "fi"),
        content.label("permit_extend", "ru"),
        content.label("see_doctor", "fi"),
    ]
    assert labels == ["Jatkolupa", "Renew a permit", "Terveys"]


def test_the_label_of_no_intent_is_a_programming_error(content: Content) -> None:
    with pytest.raises(KeyError):
        content.label("greet", "en")


def test_a_topic_shows_only_the_intents_that_have_answers(content: Content) -> None:
    assert content.topic_intents("permits") == ("permit_extend",)
    assert content.topic_intents("health") == ()


def test_a_phrase_is_filled_and_falls_back_to_english(content: Content) -> None:
    desk = content.organisation_name("desk", "fi")
    assert content.phrase("greeting", "fi", desk=desk) == "Terveisin Neuvonta."
    assert content.phrase("greeting", "sv", desk="X") == "Hello from X."


def test_a_value_with_braces_is_left_as_it_is(content: Content) -> None:
    assert content.phrase("greeting", "en", desk="{desk}") == "Hello from {desk}."


@pytest.mark.parametrize("key", ["no_such_phrase", "greeting"])
def test_an_unknown_phrase_or_a_forgotten_value_is_a_programming_error(content: Content, key: str) -> None:
    with pytest.raises(KeyError):
        content.phrase(key, "fi")


def test_public_numbers_are_those_of_all_organisations_in_all_languages(content: Content) -> None:
    assert content.public_numbers() == {"112", "09 2525 0111", "09 2525 0112", "09 2525 0113"}


def test_only_intents_with_a_topic_are_counted(content: Content) -> None:
    topics = [content.catalogue.topic_of(each) for each in ("see_doctor", "greet", "emergency", "nlu_fallback")]
    assert topics == ["health", None, None, None]


def test_languages_stand_in_the_pickers_order_with_their_direction(content: Content) -> None:
    assert [(each.code, each.right_to_left) for each in content.catalogue.languages] == [
        ("fi", False),
        ("en", False),
        ("ar", True),
    ]


def test_an_acute_intent_is_known(content: Content) -> None:
    assert [key for key, each in content.catalogue.intents.items() if each.acute] == ["negative_decision"]


def test_a_fingerprint_does_not_see_blank_space_at_the_ends() -> None:
    assert fingerprint("\nHae lupaa.\n") == fingerprint("Hae lupaa.") == "39d3a827c62a"
