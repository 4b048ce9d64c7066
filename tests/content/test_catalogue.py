"""What the hall may ask of the content, and what it hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content.catalogue import Content, Text, fingerprint
from content.coverage import coverage_of
from content.marking import NotApproved, approve, stamp
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


def approve_in(tree: Tree, language: str, text: str = "permit_extend") -> None:
    stamp(tree.root)
    approve(tree.root, text, language, "Aino", date(2026, 11, 20))


def test_a_text_is_a_draft_until_it_is_approved(tree: Tree) -> None:
    assert answered(tree.load(), "permit_extend", "en").draft
    approve_in(tree, "en")
    text = answered(tree.load(), "permit_extend", "en")
    assert (text.draft, text.checked_on) == (False, date(2026, 11, 20))


def test_an_approved_translation_is_a_draft_again_when_its_original_has_changed(tree: Tree) -> None:
    approve_in(tree, "en")
    tree.change("answers/fi/permit_extend.md", "ajoissa", "netissä")
    assert answered(tree.load(), "permit_extend", "en").draft


@pytest.mark.parametrize(("old", "new"), [("Apply in time", "Apply late"), ("label: Renew", "label: Keep")])
def test_whoever_changes_an_approved_text_undoes_the_approval(tree: Tree, old: str, new: str) -> None:
    approve_in(tree, "en")
    tree.change("answers/en/permit_extend.md", old, new)
    assert answered(tree.load(), "permit_extend", "en").draft
    assert [each.severity for each in tree.faults() if "changed since it was approved" in each.message] == ["outdated"]


def test_without_drafts_only_what_is_approved_is_given(tree: Tree) -> None:
    strict = replace(tree.load(), serve_drafts=False)
    assert strict.answer("permit_extend", "en") is None
    assert strict.sources("permit_extend", "en") == (("Migri in English", "https://migri.fi/en"),)
    approve_in(tree, "en")
    strict = replace(tree.load(), serve_drafts=False)
    assert answered(strict, "permit_extend", "ar").language == "en"


def test_without_drafts_an_unapproved_card_gives_way_to_the_english_and_the_finnish_one(tree: Tree) -> None:
    assert replace(tree.load(), serve_drafts=False).crisis_card("self_harm", "ar").language == "en"
    assert tree.load().unapproved_cards() == ("fi", "en")
    for language in ("fi", "en", "ar"):
        approve_in(tree, language, "crisis")
    assert replace(tree.load(), serve_drafts=False).crisis_card("self_harm", "ar").language == "ar"
    assert tree.load().unapproved_cards() == ()


def test_a_text_with_a_fault_or_of_another_original_is_not_approved(tree: Tree) -> None:
    stamp(tree.root)
    tree.change("answers/en/permit_extend.md", "Apply in time", "You will get it")
    tree.change("answers/fi/permit_extend.md", "ajoissa", "netissä")
    before = tree.read("answers/en/permit_extend.md"), tree.read("answers/ar/permit_extend.md")
    for language in ("en", "ar", "sv"):
        with pytest.raises(NotApproved):
            approve(tree.root, "permit_extend", language, "Aino", date(2026, 11, 20))
    assert (tree.read("answers/en/permit_extend.md"), tree.read("answers/ar/permit_extend.md")) == before


def test_the_coverage_grid_tells_what_is_where(tree: Tree) -> None:
    approve_in(tree, "en")
    tree.change("answers/en/permit_extend.md", "Apply in time", "Apply late")
    coverage = coverage_of(tree.load())
    assert coverage.rows["permit_extend"] == ("draft", "outdated", "draft")
    assert coverage.rows["see_doctor"] == ("missing", "missing", "missing")
    assert (coverage.languages, coverage.count("missing")) == (("fi", "en", "ar"), 6)


def test_what_a_person_has_to_read_comes_in_the_order_of_need(tree: Tree) -> None:
    approve_in(tree, "en")
    tree.change("answers/en/permit_extend.md", "Apply in time", "Apply late")
    assert coverage_of(tree.load()).unapproved("en") == (
        ("permit_extend", "outdated"),
        ("crisis", "draft"),
        ("negative_decision", "missing"),
        ("see_doctor", "missing"),
    )
    assert coverage_of(tree.load()).unapproved("fi")[:2] == (("crisis", "draft"), ("permit_extend", "draft"))


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


def test_public_contacts_are_those_of_all_organisations_in_all_languages(content: Content) -> None:
    numbers = {"112", "09 2525 0111", "09 2525 0112", "09 2525 0113"}
    assert content.public_contacts() == numbers | {"Pohjolankatu 13, Kajaani"}


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
