"""Every fault in the content is told at once, with its file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.load import ContentError, load
from tests.content.trees import Tree, small_tree

ANSWER = "answers/en/permit_extend.md"
CARDS = "crisis/en.md"
PHRASES = "phrases/fi.po"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return small_tree(tmp_path)


def test_sound_content_has_no_errors(tree: Tree) -> None:
    assert [each for each in tree.faults() if each.severity == "error"] == []


def test_loading_faulty_content_names_every_error_with_file_and_line(tree: Tree) -> None:
    tree.change(ANSWER, "status: draft", "status: ready")
    tree.change("hours.yml", "eves: [12-24, midsummer]", "eves: [christmas]")
    with pytest.raises(ContentError) as raised:
        tree.load()
    assert f"{tree.root / ANSWER}:3: error: unknown status" in str(raised.value)
    assert f'{tree.root / "hours.yml"}:3: error: "christmas" is not an eve' in str(raised.value)
    assert len(raised.value.faults) == 2


def test_warnings_do_not_keep_content_from_loading(tree: Tree) -> None:
    assert any(each.severity == "warning" for each in tree.faults())
    assert tree.load().answer("permit_extend", "fi")


def test_an_empty_folder_is_faults_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"catalogue\.yml:1: error: the file is missing"):
        load(tmp_path)


# One spoiled place, one fault: the file, what stands there, what is written instead, the line, a part of the message.
SPOILED = [
    ("catalogue.yml", "topics: [permits, health]", "topics: [permits, health", 6, "YAML:"),
    ("catalogue.yml", "acute: true", "urgent: true", 8, 'unknown key "urgent"'),
    ("catalogue.yml", "acute: true", "acute: perhaps", 8, "expected true or false"),
    ("catalogue.yml", "see_doctor: {topic: health", "see_doctor: {topic: medicine", 9, 'unknown topic "medicine"'),
    ("catalogue.yml", "see_doctor: {topic: health,", "see_doctor: {", 9, 'the key "topic" is missing'),
    ("catalogue.yml", "health, sources: [migri_extend]", "health, sources: [other]", 9, 'unknown source "other"'),
    ("catalogue.yml", "health, sources: [migri_extend]", "health, sources: []", 9, "needs an official source"),
    ("catalogue.yml", "  see_doctor:", "  permit_extend:", 9, 'the key "permit_extend" is written twice'),
    ("catalogue.yml", "conversation: [greet]", "conversation: [see_doctor]", 10, "an intent with an answer already"),
    ("catalogue.yml", "organisation: migri", "organisation: migro", 14, 'unknown organisation "migro"'),
    ("catalogue.yml", ", en: Migri in English", "", 15, "missing in en"),
    ("catalogue.yml", "en: Migri in English", "en: Migri in English, sv: Migri", 15, 'unknown language "sv"'),
    ("catalogue.yml", '"https://migri.fi/en"', '"http://migri.fi/en"', 16, "not an https:// address"),
    ("catalogue.yml", "right_to_left: [ar]", "right_to_left: [fa]", 4, '"fa" is in neither list'),
    ("catalogue.yml", "first: [fi, en, ar]", "first: [fi, en, ar]\n  second: [sv]", 4, 'the language "sv" has no name'),
    ("organisations.yml", '  phone: "112"\n', '  phone: "112"\n  fax: 1\n', 4, 'unknown key "fax"'),
    ("organisations.yml", "  source: https://112.fi\n", "", 1, "the page where the phone number stands"),
    ("organisations.yml", 'fi: "09 2525 0111", ', "", 8, 'a number for "fi" is missing'),
    ("organisations.yml", "name: {fi: Neuvonta, ", "name: {", 15, "missing in fi"),
    ("organisations.yml", "desk_hours: desk", "desk_hours: door", 18, 'unknown schedule "door"'),
    (
        "organisations.yml",
        '{en: "https://mieli.fi"}',
        '{ar: "https://mieli.fi"}',
        9,
        "an address for en or fi is missing",
    ),
    ("hours.yml", "timezone: Europe/Helsinki", "timezone: Europe/Oslo", 1, "only Europe/Helsinki is supported"),
    ("hours.yml", 'tue: ["09:00-12:00"]', 'tue: ["9-12"]', 6, '"9" is not a time'),
    ("hours.yml", 'tue: ["09:00-12:00"]', 'tisdag: ["09:00-12:00"]', 6, 'unknown key "tisdag"'),
    ("hours.yml", "confirmed: false", "confirmed: true", 7, "confirmed by whom"),
    ("hours.yml", "date: 2027-01-04", "date: 4.1.2027", 9, '"4.1.2027" is not a date'),
    ("hours.yml", "schedules: [desk]", "schedules: [door]", 9, 'unknown schedule "door"'),
    ("hours.yml", "{en: training, fi: koulutus}", "{ru: учёба}", 9, "the reason is missing in en or fi"),
    ("forbidden.yml", "ar: {phrases: [ستحصل على]}\n", "", 1, "no forbidden phrases in ar"),
    (ANSWER, "label: Renew a permit\n", "", 2, 'the key "label" is missing'),
    (ANSWER, "label: Renew a permit", "label:", 2, "a text is missing here"),
    (ANSWER, "label: Renew a permit", "label: " + "x" * 41, 2, "the label has 41 characters, at most 40"),
    (ANSWER, "label: Renew a permit", "label: Renew {migri.name}", 2, "a label cannot hold a {reference}"),
    (ANSWER, "label: Renew a permit", "label: [Renew]", 2, "expected a single text"),
    (ANSWER, "label: Renew a permit", 'label: "Renew', 2, "YAML:"),
    (ANSWER, "status: draft", "status: approved", 3, "approved, but checked_on is empty; approve by: kaspa content"),
    (ANSWER, "checked_on:", "checked_on: yesterday", 4, '"yesterday" is not a date'),
    (ANSWER, "review_by: 2027-02-24", "review_by: 2027-02-30", 5, '"2027-02-30" is not a date'),
    (ANSWER, "[negative_decision, see_doctor]", "[permit_first]", 7, 'unknown intent "permit_first"'),
    (ANSWER, "[negative_decision, see_doctor]", "[permit_extend]", 7, "cannot be related to itself"),
    (ANSWER, "[negative_decision, see_doctor]", "negative_decision", 7, "expected a list"),
    (ANSWER, "---\nlabel", "label", 1, "front matter is missing"),
    (ANSWER, "{migri.name} decides", "{migro.name} decides", 9, 'no organisation "migro"'),
    (ANSWER, "{migri.name} decides", "{migri.fax} decides", 9, 'unknown reference "{migri.fax}"'),
    (ANSWER, "{migri.name} decides", "{migri.phone} decides", 9, "migri has no phone"),
    (ANSWER, "{migri.name} decides", "{migri} decides", 9, 'unknown reference "{migri}"'),
    (ANSWER, "{migri.name} decides", "{migri.name decides", 9, "unknown reference"),
    (ANSWER, "Fill in the form.", "You  will\n   get a permit.", 11, "promises what only an authority decides"),
    (ANSWER, "Fill in the form.", "It costs 350 €.", 11, "write no amounts of money"),
    (ANSWER, "Fill in the form.", "It costs 350 euros.", 11, "write no amounts of money"),
    (ANSWER, "Fill in the form.", "Call 09 2525 0113.", 11, "write {mieli.phone}"),
    (ANSWER, "Fill in the form.", "Call 112.", 11, "write {emergency.phone}"),
    (ANSWER, "Fill in the form.", "Call 044 123 4567.", 11, "looks like a phone number"),
    (ANSWER, "Fill in the form.", "Call ٠٤٤١٢٣٤٥٦٧.", 11, "looks like a phone number"),
    (ANSWER, "Fill in the form.", "See www.migri.fi.", 11, "a link in the text"),
    (ANSWER, "Fill in the form.", "See [the form](form).", 11, "a link in the text"),
    (ANSWER, "Fill in the form.", "Fill in <b>the form</b>.", 11, "HTML in the text"),
    (ANSWER, "Apply in time.", "# Apply\nin time.", 9, "a heading in the text"),
    (ANSWER, "Apply in time.", "Apply in time. " * 60, 9, "characters, at most 900"),
    (CARDS, "## self_harm\n**{mieli.phone}** – crisis line\n", "", 1, 'the card "self_harm" is missing'),
    (CARDS, "## self_harm", "## emergency", 7, 'the card "emergency" is written twice'),
    (CARDS, "## self_harm", "## sadness", 7, 'unknown kind "sadness"'),
    (CARDS, "**{mieli.phone}** – crisis line", "Crisis line", 8, "names no {organisation.phone}"),
    (CARDS, "**{mieli.phone}** – crisis line", "", 8, "the text is missing"),
    (CARDS, "## emergency", "Hello.\n\n## emergency", 4, "belongs to no card"),
    (CARDS, "crisis line", "crisis line " * 40, 8, "characters, at most 450"),
    (PHRASES, 'msgid "topic_health"\nmsgstr "Terveys"\n', "", 1, 'the phrase "topic_health" is missing'),
    (PHRASES, 'msgstr "Terveys"', 'msgstr ""', 1, 'the phrase "topic_health" is missing'),
    (PHRASES, 'msgid "topic_health"', 'msgid "topic_home"', 12, 'the phrase "topic_home" is not in en.po'),
    (PHRASES, "Terveisin {desk}.", "Terveisin {name}.", 6, "has the placeholders {name}, expected {desk}"),
    (PHRASES, "Terveisin {desk}.", "Terveisin.", 6, "has the placeholders none, expected {desk}"),
    (PHRASES, "Terveisin {desk}.", "Terveisin {desk}. }", 6, "a { or } stands alone"),
    (PHRASES, "Terveisin {desk}.", "Soita 09 2525 0111, {desk}.", 6, "write {mieli.phone}"),
    (PHRASES, 'msgid "topic_health"', 'msgid "topic_permits"', 12, 'the key "topic_permits" is written twice'),
    (PHRASES, 'msgstr "Luvat"', "msgstr Luvat", 10, "gettext:"),
    ("phrases/en.po", 'msgid "topic_health"\nmsgstr "Health"\n', "", 1, 'the topic "health" has no phrase'),
]


@pytest.mark.parametrize(("path", "old", "new", "line", "message"), SPOILED)
def test_a_spoiled_place_is_an_error_on_its_line(
    tree: Tree, path: str, old: str, new: str, line: int, message: str
) -> None:
    tree.change(path, old, new)
    errors = [(number, text) for number, severity, text in tree.told(path) if severity == "error"]
    assert any(number == line and message in text for number, text in errors), errors


@pytest.mark.parametrize(
    "path",
    ["catalogue.yml", "organisations.yml", "hours.yml", "forbidden.yml", CARDS, PHRASES, "answers/ar/permit_extend.md"],
)
def test_a_missing_file_is_an_error(tree: Tree, path: str) -> None:
    tree.remove(path)
    assert [severity for _, severity, message in tree.told(path) if "missing" in message] == ["error"]


@pytest.mark.parametrize("path", ["catalogue.yml", "organisations.yml", "hours.yml", "forbidden.yml", ANSWER, PHRASES])
def test_a_file_of_another_encoding_is_an_error(tree: Tree, path: str) -> None:
    (tree.root / path).write_bytes(b"---\n# \xe4iti\n---\n")
    assert any("not UTF-8" in message for _, _, message in tree.told(path))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("answers/en/permit_first.md", "unknown intent"),
        ("answers/sv/permit_extend.md", "unknown language"),
        ("answers/en/permit_extend.txt", "only .md files"),
        ("crisis/sv.md", "unknown language"),
        ("phrases/sv.po", "unknown language"),
    ],
)
def test_a_file_that_belongs_to_nothing_is_an_error(tree: Tree, path: str, message: str) -> None:
    tree.write(path, tree.read(PHRASES if path.endswith(".po") else ANSWER))
    assert [(severity, message in text) for _, severity, text in tree.told(path)] == [("error", True)]


def test_an_intent_without_any_answer_is_only_a_warning(tree: Tree) -> None:
    assert tree.told("answers/fi/see_doctor.md") == [(1, "warning", "no answer yet in any language")]


def test_a_broken_file_does_not_hide_the_faults_of_the_others(tree: Tree) -> None:
    tree.change("hours.yml", "eves: [", "eves: [[")
    tree.change(ANSWER, "Fill in the form.", "Call 112.")
    assert tree.told("hours.yml")
    assert tree.told(ANSWER)


def test_a_condition_is_no_verdict(tree: Tree) -> None:
    tree.change(ANSWER, "Fill in the form.", "Think about what to do if you will get a home.")
    assert tree.told(ANSWER) == []


def test_a_condition_of_another_clause_excuses_nothing(tree: Tree) -> None:
    tree.change(ANSWER, "Fill in the form.", "If you apply, you will get a permit.")
    assert len(tree.told(ANSWER)) == 1


def test_a_forbidden_phrase_with_a_star_matches_any_ending(tree: Tree) -> None:
    tree.change("answers/fi/permit_extend.md", "Täytä hakemus.", "Olet oikeutettukin lupaan.")
    assert len(tree.told("answers/fi/permit_extend.md")) == 1


@pytest.mark.parametrize(
    "words", ["Open 2026–2027.", "By 2027-02-24.", "Use the app 112 Suomi.", "See 112.fi.", "87100 Kajaani.", "Europe."]
)
def test_years_dates_postcodes_and_names_are_no_phone_numbers(tree: Tree, words: str) -> None:
    tree.change(ANSWER, "Fill in the form.", words)
    assert tree.told(ANSWER) == []


def test_a_long_sentence_is_a_warning_on_the_line_where_its_paragraph_begins(tree: Tree) -> None:
    tree.change(ANSWER, "Fill in the form.", "Short one. " + "word " * 13 + "\n" + "word " * 13 + "end.")
    assert [(line, severity) for line, severity, _ in tree.told(ANSWER)] == [(11, "warning")]


def test_a_sentence_of_25_words_is_short_enough(tree: Tree) -> None:
    tree.change(ANSWER, "Fill in the form.", "word " * 24 + "end. – " + "word " * 25)
    assert tree.told(ANSWER) == []


def test_a_review_is_overdue_only_when_today_is_given(tree: Tree) -> None:
    def overdue(today: date | None) -> list[tuple[Path, int, str]]:
        return [
            (each.path, each.line, each.severity) for each in tree.faults(today) if "review was due" in each.message
        ]

    tree.change(ANSWER, "review_by: 2027-02-24", "review_by: 2026-12-01")
    assert overdue(None) == overdue(date(2026, 12, 1)) == []
    assert overdue(date(2026, 12, 2)) == [(tree.root / ANSWER, 5, "outdated")]


def test_an_empty_source_hash_is_a_warning_in_translations_only(tree: Tree) -> None:
    empty = {each.path.parent.name for each in tree.faults() if "source_hash is empty" in each.message}
    assert empty == {"en", "ar", "crisis"}


def test_a_source_hash_of_another_text_is_outdated(tree: Tree) -> None:
    tree.change(ANSWER, "source_hash:", "source_hash: 123456789abc")
    assert [(line, severity, "has changed" in text) for line, severity, text in tree.told(ANSWER)] == [
        (6, "outdated", True)
    ]


def test_a_second_language_may_lack_answers_but_neither_cards_nor_phrases(tree: Tree) -> None:
    tree.change("catalogue.yml", "first: [fi, en, ar]", "first: [fi, en]\n  second: [ar]")
    tree.remove("answers/ar/permit_extend.md")
    assert [each for each in tree.faults() if each.severity == "error"] == []
    tree.remove("crisis/ar.md")
    tree.change("phrases/ar.po", 'msgid "topic_health"\nmsgstr "الصحة"\n', "")
    assert [each.path.name for each in tree.faults() if each.severity == "error"] == ["ar.md", "ar.po"]


def test_a_language_that_reads_the_texts_of_another_needs_none_of_its_own(tree: Tree) -> None:
    tree.change("catalogue.yml", "first: [fi, en, ar]", "first: [fi, en, ar]\n  second: [ary]\n  shares: {ary: ar}")
    tree.change("catalogue.yml", "ar: العربية}", "ar: العربية, ary: الدارجة}")
    assert [each for each in tree.faults() if each.severity == "error"] == []
    content = tree.load()
    answer, card = content.answer("permit_extend", "ary"), content.crisis_card("emergency", "ary")
    assert answer
    assert (answer.language, answer.label) == ("ary", "تجديد التصريح")
    assert (card.language, content.phrase("topic_health", "ary")) == ("ary", "الصحة")


def test_a_language_that_is_only_understood_has_the_one_phrase_that_says_so(tree: Tree) -> None:
    tree.change("catalogue.yml", "first: [fi, en, ar]", "first: [fi, en, ar]\n  understood: [es]")
    tree.write(
        "phrases/es.po", tree.read("phrases/en.po").partition("\n\n")[0] + '\n\nmsgid "topic_health"\nmsgstr "Salud"\n'
    )
    assert [each for each in tree.faults() if each.severity == "error"] == []
    assert tree.load().phrase("topic_permits", "es") == "Permits"
